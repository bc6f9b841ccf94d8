import ArgumentParser

/// Row numbers as a person writes them: `7`, `3-9`, or several with commas between.
struct RowRanges {
  /// The ranges, in the order given; they count from 1.
  let ranges: [ClosedRange<Int>]

  /// Reads row numbers, or says what is wrong with them.
  init(text: String) throws {
    var ranges: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else {
        throw ValidationError(
          "\"\(part)\" is no row; write a number such as 7, a range such as 3-9, or several with "
            + "commas between.")
      }
      guard first <= last else {
        throw ValidationError("The range \(part) is empty; write \(last)-\(first).")
      }
      ranges.append(first...last)
    }
    self.ranges = ranges
  }
}
