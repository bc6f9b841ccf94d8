/// All checks of a table before models are trained on it.
public enum DataChecks {
  /// Runs every check, in the order of `DataCheckKind` and of the features.
  ///
  /// Missing cells, identifiers, duplicates and outliers are looked for in all rows; constants,
  /// leakage and rare levels in the training rows, which are all rows where there is no split.
  /// Names without a column are passed over. O(rows · log rows) a feature. Equal data give equal
  /// results.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - features: The names of the models' inputs.
  ///   - identifiers: The names of the columns that name rows.
  ///   - labels: 1 (bad) or 0 (good) for every row; NaN or nil where unknown.
  ///   - split: The training and test rows, where there is a split.
  ///   - limits: From where on to report.
  /// - Returns: The findings; empty where all is well.
  public static func run(
    table: Table, features: [String], identifiers: [String] = [], labels: [Double]? = nil,
    split: Split? = nil, limits: DataCheckLimits = DataCheckLimits()
  ) -> [DataCheckResult] {
    let rows = 0..<table.rowCount
    let known = split.map { split in
      Split(
        train: split.train.filter { rows.contains($0) },
        test: split.test.filter { rows.contains($0) })
    }
    let subject = DataCheckSubject(
      rowCount: table.rowCount, features: features.compactMap { table.column($0) },
      identifiers: identifiers.compactMap { table.column($0) },
      labels: labels?.count == table.rowCount ? labels : nil, split: known, limits: limits)
    return all.flatMap { $0.findings(in: subject) }
  }

  private static var all: [any DataCheck.Type] {
    [
      MissingCells.self, ConstantColumns.self, IdentifierLikeColumns.self,
      RepeatedIdentifiers.self, DuplicateRows.self, SuspectedLeakage.self, RareLevels.self,
      Outliers.self, UnseenLevels.self,
    ]
  }
}

/// One check; a new one is a file with a conformer and its line in `DataChecks.all`.
protocol DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult]
}

/// What the checks look at.
struct DataCheckSubject {
  let rowCount: Int
  let features: [Column]
  let identifiers: [Column]
  let labels: [Double]?
  let split: Split?
  let limits: DataCheckLimits

  /// The rows that models learn from.
  var trainingRows: [Int] { split?.train ?? Array(0..<rowCount) }
}
