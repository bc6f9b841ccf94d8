import CandorData
import CandorNumerics

/// Cells of source features: quantile intervals of numbers, levels, and missing, in which rows are
/// the same or not.
///
/// A number x lies in the cell that is counted by the cuts below it, so that a cell is open below
/// and closed above; cuts are quantiles of type 7 of the values present, equal ones taken once. With
/// quartiles these are the cells of Ribeiro, Singh and Guestrin 2016
/// (doi:10.1145/2939672.2939778) in the tabular form. A number with as many different values as cells
/// or fewer has a cell a value.
package struct InterpretableCells: Sendable {
  /// How one feature is cut.
  package enum Rule: Sendable, Equatable {
    /// Rising cuts between cells of numbers.
    case cuts([Double])
    /// The cell of each level, by name.
    case levels([String: UInt32], names: [String])
  }

  /// One rule a source feature.
  package let rules: [Rule]

  /// The cell of what is not in the sample.
  package static let unknown = UInt32.max

  /// Cuts every feature of a sample; O(rows log rows) a feature.
  package init(_ sample: SourceValues, bins: Int) {
    rules = sample.columns.map { column in
      switch column.storage {
      case .numbers(let numbers):
        return .cuts(Self.cuts(of: numbers, bins: bins))
      case .codes(let codes, let levels):
        var present = Set<Int32>()
        for code in codes where code >= 0 { present.insert(code) }
        let names = present.sorted().map { levels.levels[Int($0)] }
        var cells: [String: UInt32] = [:]
        for (place, name) in names.enumerated() { cells[name] = UInt32(place) }
        return .levels(cells, names: names)
      }
    }
  }

  /// Cuts by quantiles, each different one once.
  package static func cuts(of numbers: [Double], bins: Int) -> [Double] {
    let sorted = numbers.filter { !$0.isNaN }.sorted()
    guard let last = sorted.last, bins > 1 else { return [] }
    var different: [Double] = []
    for x in sorted where different.last != x {
      different.append(x)
      if different.count > bins { break }
    }
    if different.count <= bins { return different.dropLast() }
    var cuts: [Double] = []
    for k in 1..<bins {
      let cut = Quantiles.sorted(sorted, at: Double(k) / Double(bins))
      if cut < last, cuts.last != cut { cuts.append(cut) }
    }
    return cuts
  }

  /// The number of cells of a feature, that of missing values included as the last.
  package func count(feature: Int) -> Int {
    switch rules[feature] {
    case .cuts(let cuts): cuts.count + 2
    case .levels(_, let names): names.count + 1
    }
  }

  /// The cell of missing values.
  package func missing(feature: Int) -> UInt32 { UInt32(count(feature: feature) - 1) }

  /// The cell of each row, for one feature.
  package func codes(of values: SourceValues, feature: Int) -> [UInt32] {
    let missing = missing(feature: feature)
    switch (rules[feature], values.columns[feature].storage) {
    case (.cuts(let cuts), .numbers(let numbers)):
      return numbers.map { x in
        x.isNaN ? missing : UInt32(cuts.partitioningIndex { $0 >= x })
      }
    case (.levels(let cells, _), .codes(let codes, let levels)):
      let byCode = levels.levels.map { cells[$0] ?? Self.unknown }
      return codes.map { $0 < 0 ? missing : byCode[Int($0)] }
    case (.cuts, .codes), (.levels, .numbers):
      return Array(repeating: Self.unknown, count: values.count)
    }
  }

  /// What a cell holds, in a reader's words: `duration_months > 24 and ≤ 36`, `housing = rent`.
  package func text(name: String, feature: Int, cell: Int) -> String {
    if cell == Int(missing(feature: feature)) { return "\(name) is missing" }
    switch rules[feature] {
    case .levels(_, let names): return "\(name) = \(names[cell])"
    case .cuts(let cuts):
      let lower = cell > 0 ? shortText(cuts[cell - 1]) : nil
      let upper = cell < cuts.count ? shortText(cuts[cell]) : nil
      switch (lower, upper) {
      case (let lower?, let upper?): return "\(name) > \(lower) and ≤ \(upper)"
      case (let lower?, nil): return "\(name) > \(lower)"
      case (nil, let upper?): return "\(name) ≤ \(upper)"
      case (nil, nil): return "\(name) is present"
      }
    }
  }
}

/// A number to six significant digits, for a rule that a person reads.
package func shortText(_ number: Double) -> String {
  guard number.isFinite, number != 0 else { return plainText(number) }
  var scale = 1.0
  while abs(number) * scale < 100_000, scale < 1e15 { scale *= 10 }
  return plainText((number * scale).rounded() / scale)
}

extension Array {
  /// The first position whose element satisfies a predicate that holds for all later ones.
  func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// The cells of players: of one source feature its cells, of a group the combinations that its
/// members have in the background; of a player without encoded columns one for all rows.
package struct PlayerCells: Sendable {
  private let cells: InterpretableCells
  /// The source features of each player; none where it has no encoded columns.
  private let members: [[Int]]
  private let combinations: [[[UInt32]: UInt32]]
  /// The cells of the background, a row after another, one a player.
  package let background: [UInt32]

  package init(
    cells: InterpretableCells, players: Players, featureMap: [String], background: SourceValues
  ) {
    var place: [String: Int] = [:]
    for (position, name) in featureMap.enumerated() { place[name] = position }
    let members = players.members.enumerated().map { player, names in
      players.columns[player].isEmpty ? [] : names.compactMap { place[$0] }
    }
    self.cells = cells
    self.members = members
    let byFeature = cells.rules.indices.map { cells.codes(of: background, feature: $0) }
    var combinations: [[[UInt32]: UInt32]] = Array(repeating: [:], count: members.count)
    for (player, own) in members.enumerated() where own.count != 1 {
      for r in 0..<background.count {
        let key = own.map { byFeature[$0][r] }
        if combinations[player][key] == nil {
          combinations[player][key] = UInt32(combinations[player].count)
        }
      }
    }
    self.combinations = combinations
    self.background = Self.join(byFeature, members, combinations, rows: background.count)
  }

  /// The cells of rows, a row after another, one a player; `InterpretableCells.unknown` where the
  /// background has none such.
  package func codes(of values: SourceValues) -> [UInt32] {
    let byFeature = cells.rules.indices.map { cells.codes(of: values, feature: $0) }
    return Self.join(byFeature, members, combinations, rows: values.count)
  }

  private static func join(
    _ byFeature: [[UInt32]], _ members: [[Int]], _ combinations: [[[UInt32]: UInt32]], rows: Int
  ) -> [UInt32] {
    var joined = [UInt32](repeating: 0, count: rows * members.count)
    for (player, own) in members.enumerated() {
      for r in 0..<rows {
        joined[r * members.count + player] =
          own.count == 1
          ? byFeature[own[0]][r]
          : combinations[player][own.map { byFeature[$0][r] }] ?? InterpretableCells.unknown
      }
    }
    return joined
  }
}
