/// A named, typed column of a table.
public struct Column: Sendable, Equatable {
  /// The cells: numbers, or codes into a dictionary of levels.
  public enum Storage: Sendable, Equatable {
    /// One number a row, NaN where missing (types `numeric` and `date`).
    case numbers([Double])
    /// One code a row, -1 where missing (types `categorical`, `boolean` and `ordinal`).
    case codes([Int32], CategoryDictionary)
  }

  /// The name, as in the file's header.
  public let name: String
  /// How the cells are understood.
  public let type: ColumnType
  /// The cells.
  public let storage: Storage

  /// A column of numbers (or dates as days since 1970-01-01), NaN where missing.
  public init(name: String, numbers: [Double], type: ColumnType = .numeric) {
    self.name = name
    self.type = type
    storage = .numbers(numbers)
  }

  /// A column of codes into `levels`, -1 where missing.
  public init(
    name: String, codes: [Int32], levels: CategoryDictionary, type: ColumnType = .categorical
  ) {
    self.name = name
    self.type = type
    storage = .codes(codes, levels)
  }

  /// A categorical column from texts, nil where missing; levels in order of first appearance.
  public init(name: String, texts: [String?], type: ColumnType = .categorical) {
    var levels: [String] = []
    var known: [String: Int32] = [:]
    let codes: [Int32] = texts.map { text in
      guard let text else { return -1 }
      if let code = known[text] { return code }
      let code = Int32(levels.count)
      known[text] = code
      levels.append(text)
      return code
    }
    self.init(name: name, codes: codes, levels: CategoryDictionary(levels: levels), type: type)
  }

  /// The number of cells.
  public var count: Int {
    switch storage {
    case .numbers(let numbers): numbers.count
    case .codes(let codes, _): codes.count
    }
  }

  /// The numbers, where this is a column of numbers.
  public var numbers: [Double]? {
    if case .numbers(let numbers) = storage { numbers } else { nil }
  }

  /// The codes and their levels, where this is a column of codes.
  public var codes: (codes: [Int32], levels: CategoryDictionary)? {
    if case .codes(let codes, let levels) = storage { (codes, levels) } else { nil }
  }

  /// Whether the cell of this row is missing.
  public func isMissing(_ row: Int) -> Bool {
    switch storage {
    case .numbers(let numbers): numbers[row].isNaN
    case .codes(let codes, _): codes[row] < 0
    }
  }

  /// The cell as a person would write it; nil where missing. Whole numbers have no decimals,
  /// dates are ISO 8601.
  public func text(_ row: Int) -> String? {
    guard !isMissing(row) else { return nil }
    switch storage {
    case .numbers(let numbers):
      // A column made elsewhere than from a file may hold days that no calendar has.
      return type == .date && abs(numbers[row]) < CivilDate.farthestDay
        ? CivilDate(daysSinceEpoch: Int(numbers[row])).description : plainText(numbers[row])
    case .codes(let codes, let levels):
      return levels.levels[Int(codes[row])]
    }
  }

  /// The cells of these rows, in this order; levels keep their codes.
  public func selecting(rows: [Int]) -> Column {
    switch storage {
    case .numbers(let numbers):
      Column(name: name, numbers: rows.map { numbers[$0] }, type: type)
    case .codes(let codes, let levels):
      Column(name: name, codes: rows.map { codes[$0] }, levels: levels, type: type)
    }
  }
}

/// A text that reads back to an equal number: whole numbers below 10¹⁵ in size as digits alone (-0
/// as `0`), others as Swift describes them, with the fewest digits that tell the number from its
/// neighbours; `inf`, `-inf` and `nan` where it is not finite.
public func plainText(_ number: Double) -> String {
  if number.rounded() == number, abs(number) < 1e15 { return String(Int64(number)) }
  return String(number)
}
