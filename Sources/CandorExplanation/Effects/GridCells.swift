import CandorData
import CandorNumerics

/// A grid while it is laid: cells of one feature as a column, with the rows that each stands for.
struct GridCells {
  /// The kind of values.
  let kind: FeatureGrid.Kind
  /// The cells, in the grid's order.
  private(set) var column: Column
  /// Each cell's text.
  private(set) var labels: [String]
  /// Each cell's number.
  private(set) var numbers: [Double?]
  /// For each row of the sample the cell that stands for its own; -1 where it is missing.
  private(set) var owners: [Int]
  /// The place of the missing cell.
  private(set) var missingPlace: Int?

  /// The points of a grid of numbers: all values where they are few, else spread as asked.
  static func values(
    of numbers: [Double], weights: [Double], options: EffectOptions
  ) -> [Double] {
    let order = Ranks.order(numbers).filter { !numbers[$0].isNaN && weights[$0] > 0 }
    var distinct: [Double] = []
    for row in order where distinct.last != numbers[row] { distinct.append(numbers[row]) }
    guard distinct.count > options.points, let low = distinct.first, let high = distinct.last
    else { return distinct }
    let last = options.points - 1
    if options.spacing == .equalWidths {
      // Both ends exactly.
      return (0...last).map { $0 == last ? high : low + (high - low) * Double($0) / Double(last) }
    }
    var cumulative: [Double] = []
    cumulative.reserveCapacity(order.count)
    var sum = 0.0
    for row in order {
      sum += weights[row]
      cumulative.append(sum)
    }
    var values = [low]
    var place = 0
    for k in 1...last {
      // Rounding must not push a quantile that ends on a row to the next one.
      let target = sum * Double(k) / Double(last) * (1 - 1e-12)
      while place < order.count - 1, cumulative[place] < target { place += 1 }
      let value = k == last ? high : numbers[order[place]]
      if values.last != value { values.append(value) }
    }
    return values
  }

  /// Cells of numbers, each standing for the rows nearest to it (the lower one of two equally near).
  init(numbers own: [Double], type: ColumnType, values: [Double]) {
    kind = .numbers
    column = Column(name: "", numbers: values, type: type)
    labels = values.indices.map { [column] in column.text($0) ?? "" }
    numbers = values
    owners = own.map { number in
      guard !number.isNaN, !values.isEmpty else { return -1 }
      let above = Self.firstIndex(in: values, notBelow: number)
      if above == 0 { return 0 }
      if above == values.count { return above - 1 }
      return number - values[above - 1] <= values[above] - number ? above - 1 : above
    }
  }

  /// Cells of all levels that training had, in the encoder's order; levels that only the sample has
  /// come after them.
  init(
    codes: [Int32], levels: CategoryDictionary, type: ColumnType, encoder: Encoder, feature: String
  ) {
    var names = encoder.steps.first { $0.feature == feature }?.training.levels ?? []
    var places = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    owners = codes.map { code in
      guard code >= 0 else { return -1 }
      let level = levels.levels[Int(code)]
      if let place = places[level] { return place }
      places[level] = names.count
      names.append(level)
      return names.count - 1
    }
    kind = type == .categorical ? .levels : .orderedLevels
    labels = names
    numbers = names.map { _ in nil }
    column = Column(
      name: "", codes: names.indices.map { Int32($0) }, levels: CategoryDictionary(levels: names),
      type: type)
  }

  /// Adds the missing cell at the end, and gives it the rows without a value.
  mutating func appendMissing() {
    let place = labels.count
    missingPlace = place
    labels.append(EncodingStep.missingLevel)
    numbers.append(nil)
    switch column.storage {
    case .numbers(let cells):
      column = Column(name: "", numbers: cells + [.nan], type: column.type)
    case .codes(let codes, let levels):
      column = Column(name: "", codes: codes + [-1], levels: levels, type: column.type)
    }
    for row in owners.indices where owners[row] < 0 { owners[row] = place }
  }

  /// Makes one cell of the levels that the encoder cannot tell apart, and gives their encoded rows.
  mutating func mergeEqual(_ encoded: Matrix) -> Matrix {
    var placeOf: [[UInt64]: Int] = [:]
    var kept: [Int] = []
    var names: [[String]] = []
    var targets: [Int] = []
    for cell in labels.indices {
      let key = encoded.row(cell).map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
      // The missing cell stays a point of its own, whatever stands for it.
      if cell != missingPlace, let place = placeOf[key] {
        targets.append(place)
        names[place].append(labels[cell])
      } else {
        if cell != missingPlace { placeOf[key] = kept.count }
        targets.append(kept.count)
        kept.append(cell)
        names.append([labels[cell]])
      }
    }
    owners = owners.map { $0 < 0 ? -1 : targets[$0] }
    missingPlace = missingPlace.map { targets[$0] }
    labels = names.map { Self.label(of: $0) }
    numbers = kept.map { numbers[$0] }
    return encoded.selecting(rows: kept)
  }

  /// The text of levels that are one cell; long lists are cut.
  private static func label(of names: [String]) -> String {
    names.count <= 3
      ? names.joined(separator: ", ")
      : names.prefix(2).joined(separator: ", ") + " and \(names.count - 2) more"
  }

  /// The first place of a rising list that is not below a number.
  static func firstIndex(in values: [Double], notBelow number: Double) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
