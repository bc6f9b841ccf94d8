/// What an `Encoder` does with cells that its training rows did not have, in one place.
///
/// - A number outside the training range is taken as it is, or moved to the clipping limits where
///   numbers are winsorised.
/// - A missing number, date or ordinal code is imputed, whether or not training had missing cells.
///   The indicator column exists only where training had some.
/// - A missing level is imputed by the most frequent level, or is the level `(missing)` where
///   training had missing cells, or else is treated as an unseen level.
/// - An unseen level becomes `(rare)` where rare levels were grouped. Otherwise all its 0/1 columns
///   are 0 (with a dropped reference it is thereby treated as the most frequent level), its weight
///   of evidence is 0, which is neutral, and its code is that of the most frequent level.
/// - An unseen level of an ordinal feature keeps its place where it was declared, and is imputed
///   where it was not.
/// - Under `NumericImputation.keepMissing` nothing is imputed: what is missing stays NaN. A level
///   without a code (`CategoricalEncoding.levelCodes`) is NaN too, or `(rare)` where rare levels were
///   grouped.
/// - A boolean cell that is neither of the two training levels counts as the level that is 0.
/// - An absent column or one of the wrong kind is an error.
///
/// `Encoder.notices(for:)` counts and names these cells.
public enum NewDataPolicy {
  /// At most so many examples in a notice.
  public static let exampleLimit = 5
}

/// Cells of new data that the training rows did not have.
public struct NewDataNotice: Sendable, Equatable, Codable {
  /// The kind of surprise.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The table has no such column, so that encoding it will fail.
    case missingColumn
    /// The column is of another kind than in training, so that encoding it will fail.
    case wrongType
    /// Levels that training did not have.
    case unseenLevel
    /// Numbers below the training minimum or above the training maximum.
    case outsideTrainingRange
    /// Missing cells where training had none.
    case unexpectedlyMissing
  }

  /// The source feature.
  public let feature: String
  /// The kind of surprise.
  public let kind: Kind
  /// The number of cells.
  public let count: Int
  /// The first different cells as texts, `NewDataPolicy.exampleLimit` at most.
  public let examples: [String]
  /// The training minimum and maximum as texts, for `outsideTrainingRange`.
  public let trainingRange: [String]
}

extension Encoder {
  /// What in a table the training rows did not have, by feature in their order, then by kind.
  ///
  /// O(rows · features).
  public func notices(for table: Table) -> [NewDataNotice] {
    steps.flatMap { $0.notices(for: table.column($0.feature)) }
  }
}

extension EncodingStep {
  fileprivate func notices(for column: Column?) -> [NewDataNotice] {
    guard let column else { return [notice(.missingColumn, 0, [])] }
    let missing = (0..<column.count).reduce(0) { $0 + (column.isMissing($1) ? 1 : 0) }
    var notices: [NewDataNotice] = []
    if !matches(column) {
      if missing < column.count { return [notice(.wrongType, column.count - missing, [])] }
    } else {
      notices += isNumeric ? rangeNotices(column) : levelNotices(column)
    }
    if missing > 0, training.missing == 0 {
      notices.append(notice(.unexpectedlyMissing, missing, []))
    }
    return notices
  }

  private func levelNotices(_ column: Column) -> [NewDataNotice] {
    guard case .codes(let codes, let levels) = column.storage else { return [] }
    let known = Set(training.levels)
    let isUnseen = levels.levels.map { !known.contains($0) }
    guard isUnseen.contains(true) else { return [] }
    var count = 0
    var examples: [String] = []
    for code in codes where code >= 0 && isUnseen[Int(code)] {
      count += 1
      let name = levels.levels[Int(code)]
      if examples.count < NewDataPolicy.exampleLimit, !examples.contains(name) {
        examples.append(name)
      }
    }
    return count > 0 ? [notice(.unseenLevel, count, examples)] : []
  }

  private func rangeNotices(_ column: Column) -> [NewDataNotice] {
    guard case .numbers(let numbers) = column.storage, let minimum = training.minimum,
      let maximum = training.maximum
    else { return [] }
    var count = 0
    var examples: [String] = []
    for (row, number) in numbers.enumerated() where number < minimum || number > maximum {
      count += 1
      if examples.count < NewDataPolicy.exampleLimit, let text = column.text(row),
        !examples.contains(text)
      {
        examples.append(text)
      }
    }
    guard count > 0 else { return [] }
    let limits = Column(name: feature, numbers: [minimum, maximum], type: type)
    return [
      NewDataNotice(
        feature: feature, kind: .outsideTrainingRange, count: count, examples: examples,
        trainingRange: [limits.text(0), limits.text(1)].compactMap { $0 })
    ]
  }

  private func notice(_ kind: NewDataNotice.Kind, _ count: Int, _ examples: [String])
    -> NewDataNotice
  {
    NewDataNotice(
      feature: feature, kind: kind, count: count, examples: examples, trainingRange: [])
  }
}
