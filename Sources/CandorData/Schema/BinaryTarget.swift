/// Turns a column of outcomes into labels: 1 for bad, 0 for good.
///
/// Which value is bad is always said, never guessed. Values are compared as whole texts, numbers by
/// value, so that "1" is the same as 1.0.
public struct BinaryTarget: Sendable, Equatable, Codable {
  /// The value that means bad.
  public let bad: String
  /// The value that means good; nil where it is the only other one.
  public let good: String?

  /// A target with its values.
  public init(bad: String, good: String? = nil) {
    self.bad = bad
    self.good = good
  }

  private static let valuesShown = 10

  /// The labels of the column of this name.
  ///
  /// - Parameters:
  ///   - table: The data; its lines go into errors.
  ///   - target: The name of the column.
  ///   - bad: The value that means bad.
  ///   - good: The value that means good; nil where it is the only other one.
  ///   - file: The file's name, for errors.
  /// - Returns: One label a row, 1 for bad and 0 for good.
  /// - Throws: `DataError` where there is no such column, and as `labels(of:bad:good:lines:file:)`.
  public static func labels(
    in table: Table, target: String, bad: String, good: String? = nil, file: String? = nil
  ) throws(DataError) -> [Double] {
    guard let column = table.column(target) else {
      throw DataError.missingColumn(target, among: table.names, file: file)
    }
    return try labels(of: column, bad: bad, good: good, lines: table.lines, file: file)
  }

  /// The labels of a column.
  ///
  /// - Parameters:
  ///   - column: The outcomes.
  ///   - bad: The value that means bad.
  ///   - good: The value that means good; nil where it is the only other one.
  ///   - lines: The line of each row, for errors; may be empty.
  ///   - file: The file's name, for errors.
  /// - Returns: One label a row, 1 for bad and 0 for good.
  /// - Throws: `DataError` where a cell is missing or has another value, the bad value does not
  ///   occur, or there is only one class.
  public static func labels(
    of column: Column, bad: String, good: String? = nil, lines: [Int] = [], file: String? = nil
  ) throws(DataError) -> [Double] {
    if let good, isSame(good, bad) {
      throw DataError(
        .badOption, "the values for bad and good are the same; name two", column: column.name,
        value: bad)
    }
    let outcomes = Outcomes(column)
    let values = outcomes.values
    guard values.contains(where: { isSame($0, bad) }) else {
      guard !values.isEmpty else {
        throw DataError(
          .missingTarget, "every cell of the target is missing; choose another column", file: file,
          column: column.name)
      }
      let nearest = nearestName(to: bad, among: values).map { "; did you mean \"\($0)\"?" } ?? ""
      throw DataError(
        .unknownTargetValue,
        "this value is declared bad but does not occur; the values are "
          + listed(values) + nearest, file: file, column: column.name, value: bad)
    }
    let other = good ?? values.first { !isSame($0, bad) }
    var labels: [Double] = []
    labels.reserveCapacity(column.count)
    let classes = values.map { value -> Double in
      isSame(value, bad) ? 1 : other.map { isSame(value, $0) } == true ? 0 : .nan
    }
    for row in 0..<column.count {
      let line = row < lines.count ? lines[row] : nil
      guard let position = outcomes.position(row) else {
        let count = (row..<column.count).count { column.isMissing($0) }
        throw DataError(
          .missingTarget,
          (line == nil ? "row \(row + 1) has no target" : "the row has no target")
            + (count > 1 ? ", and so have \(count - 1) others" : "")
            + "; complete the cells or remove the rows", file: file, line: line,
          column: column.name)
      }
      let label = classes[position]
      guard !label.isNaN else {
        let known =
          good.map { "neither the bad value \"\(bad)\" nor the good value \"\($0)\"" }
          ?? ("a third value where \"\(bad)\" is bad; the values are " + listed(values)
            + ", so say which one is good")
        throw DataError(
          .unknownTargetValue,
          "unknown target value: this is \(known)"
            + (good == nil ? "" : "; correct it or remove the row"), file: file, line: line,
          column: column.name, value: values[position])
      }
      labels.append(label)
    }
    guard labels.contains(0) else {
      throw DataError(
        .oneClassOnly,
        "every row is bad; a model needs rows of both classes", file: file, column: column.name,
        value: bad)
    }
    return labels
  }

  /// Whether two texts are the same value.
  static func isSame(_ a: String, _ b: String) -> Bool {
    if a == b { return true }
    guard let left = number(a), let right = number(b) else { return false }
    return left == right
  }

  private static func number(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    if case .number(let value) = NumberKernel.read(bytes.span, format: .plain) { return value }
    return nil
  }

  private static func listed(_ values: [String]) -> String {
    values.prefix(valuesShown).map { "\"\($0)\"" }.joined(separator: ", ")
      + (values.count > valuesShown ? " and \(values.count - valuesShown) others" : "")
  }
}

/// The distinct values of a column in order of first appearance, and which one each row has.
private struct Outcomes {
  private(set) var values: [String] = []
  private var positions: [Int] = []

  init(_ column: Column) {
    positions.reserveCapacity(column.count)
    switch column.storage {
    case .codes(let codes, let levels):
      var known = [Int](repeating: -1, count: levels.count)
      for code in codes {
        guard code >= 0 else {
          positions.append(-1)
          continue
        }
        if known[Int(code)] < 0 {
          known[Int(code)] = values.count
          values.append(levels.levels[Int(code)])
        }
        positions.append(known[Int(code)])
      }
    case .numbers(let numbers):
      var known: [Double: Int] = [:]
      for row in 0..<numbers.count {
        guard !numbers[row].isNaN else {
          positions.append(-1)
          continue
        }
        if let position = known[numbers[row]] {
          positions.append(position)
        } else {
          known[numbers[row]] = values.count
          positions.append(values.count)
          values.append(column.text(row) ?? "")
        }
      }
    }
  }

  func position(_ row: Int) -> Int? { positions[row] < 0 ? nil : positions[row] }
}
