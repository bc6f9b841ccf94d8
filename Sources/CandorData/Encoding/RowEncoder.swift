/// A cell of one applicant, as a program has it at hand.
public enum Cell: Sendable, Equatable {
  /// A number, or a date as days since 1970-01-01; NaN is a missing cell.
  case number(Double)
  /// A level (of a categorical, ordinal or boolean feature), as it stands in training data.
  case text(String)
  /// No value.
  case missing
}

/// Encodes one applicant at a time, to the bit as `Encoder` encodes tables.
///
/// Everything that does not depend on the applicant is made ready once: a feature costs one lookup
/// of a text, or a few operations on a number.
public struct RowEncoder: Sendable {
  /// The source features, in the order of the cells.
  public let features: [String]
  /// The number of encoded columns.
  public let width: Int
  private let parts: [Part]

  /// Makes an encoder ready for applicants, O(levels).
  public init(_ encoder: Encoder) {
    features = encoder.features
    width = encoder.featureMap.width
    parts = zip(encoder.plans, encoder.featureMap.sources).map { Part($0, columns: $1.columns) }
  }

  /// Encodes one applicant.
  ///
  /// - Parameter cells: One cell a feature, in the order of `features`.
  /// - Returns: The encoded row.
  /// - Throws: `DataError` where their number is another, a cell is of the wrong kind, or a number
  ///   is infinite.
  public func encode(_ cells: [Cell]) throws(DataError) -> [Double] {
    guard cells.count == parts.count else {
      throw DataError(
        .shapeMismatch,
        "an applicant has \(cells.count) cells where the model takes \(parts.count) features")
    }
    var row = [Double](repeating: 0, count: width)
    for i in cells.indices { try parts[i].encode(cells[i], into: &row) }
    return row
  }

  /// Writes the block of one feature into a row that was encoded before.
  ///
  /// - Parameters:
  ///   - cell: The feature's new cell.
  ///   - feature: The feature's place in `features`.
  ///   - row: The encoded row, changed in that feature's columns only.
  /// - Throws: `DataError` as `encode(_:)` does.
  package func encode(
    _ cell: Cell, of feature: Int, into row: inout [Double]
  ) throws(DataError) {
    for column in parts[feature].columns { row[column] = 0 }
    try parts[feature].encode(cell, into: &row)
  }

  /// One feature.
  private struct Part: Sendable {
    let plan: StepPlan
    let columns: Range<Int>
    /// What known levels become.
    let known: [String: LevelRule.Outcome]
    let ofMissing: LevelRule.Outcome
    let isDropped: Bool

    init(_ plan: StepPlan, columns: Range<Int>) {
      self.plan = plan
      self.columns = columns
      isDropped = plan.step.isDropped
      ofMissing = plan.rule.outcome(of: nil)
      known = Dictionary(
        plan.step.training.levels.map { ($0, plan.rule.outcome(of: $0)) },
        uniquingKeysWith: { first, _ in first })
    }

    func encode(_ cell: Cell, into row: inout [Double]) throws(DataError) {
      switch cell {
      case .number(let number) where plan.step.isNumeric: try encode(number, into: &row)
      case .text(let level) where !plan.step.isNumeric:
        encode(known[level] ?? plan.rule.outcome(of: level), isMissing: false, into: &row)
      case .missing:
        if plan.step.isNumeric {
          try encode(.nan, into: &row)
        } else {
          encode(ofMissing, isMissing: true, into: &row)
        }
      case .number: throw plan.step.wrongType("numeric")
      case .text: throw plan.step.wrongType("text")
      }
    }

    private func encode(_ number: Double, into row: inout [Double]) throws(DataError) {
      if isDropped { return }
      guard !number.isInfinite else {
        throw DataError(
          .notFinite, EncodingStep.infiniteCell, column: plan.step.feature, value: String(number))
      }
      if plan.indicatesMissing, number.isNaN { row[columns.upperBound - 1] = 1 }
      guard plan.hasValues else { return }
      var value = number
      for transformation in plan.step.transformations { value = transformation.applied(to: value) }
      row[columns.lowerBound] = value
    }

    private func encode(
      _ outcome: LevelRule.Outcome, isMissing: Bool, into row: inout [Double]
    ) {
      if isDropped { return }
      if plan.indicatesMissing, isMissing { row[columns.upperBound - 1] = 1 }
      guard plan.hasValues else { return }
      if let places = plan.oneHotPlaces {
        if let place = outcome.level.flatMap({ places[$0] }) {
          row[columns.lowerBound + Int(place)] = 1
        }
      } else {
        row[columns.lowerBound] = outcome.value
      }
    }
  }
}
