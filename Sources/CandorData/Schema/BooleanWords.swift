/// Pairs of words that mean no and yes.
enum BooleanWords {
  private static let pairs: [(no: String, yes: String)] = [
    ("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("否", "是"),
  ]

  /// Two levels with the one that means no first, nil where they are no such pair; letters are
  /// compared without case.
  static func ordered(_ levels: [String]) -> [String]? {
    guard levels.count == 2 else { return nil }
    let lower = levels.map { $0.lowercased() }
    for pair in pairs {
      if lower == [pair.no, pair.yes] { return levels }
      if lower == [pair.yes, pair.no] { return [levels[1], levels[0]] }
    }
    return nil
  }

  /// The same for a column declared boolean, where 0 and 1 count too, and one level alone is enough.
  static func orderedAsDeclared(_ levels: [String]) -> [String]? {
    if let pair = ordered(levels) { return pair }
    if levels == ["0", "1"] || levels == ["1", "0"] { return ["0", "1"] }
    guard levels.count == 1, let level = levels.first else { return nil }
    let words = pairs.flatMap { [$0.no, $0.yes] } + ["0", "1"]
    return words.contains(level.lowercased()) ? levels : nil
  }
}
