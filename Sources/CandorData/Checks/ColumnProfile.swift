import CandorNumerics

/// What a column holds, for the table of data quality.
public struct ColumnProfile: Sendable, Equatable, Codable {
  /// Figures of the numbers present.
  public struct Numbers: Sendable, Equatable, Codable {
    /// The smallest.
    public let minimum: Double
    /// The 1 % quantile (type 7 of Hyndman and Fan).
    public let firstPercentile: Double
    /// The median.
    public let median: Double
    /// The 99 % quantile.
    public let ninetyNinthPercentile: Double
    /// The largest.
    public let maximum: Double
    /// The mean.
    public let mean: Double
  }

  /// A level and its rows.
  public struct Level: Sendable, Equatable, Codable {
    /// The level.
    public let name: String
    /// Its rows.
    public let count: Int
    /// The share of bad among its labelled rows; nil where none is labelled.
    public let badRate: Double?
  }

  /// The column's name.
  public let name: String
  /// How its cells are understood.
  public let type: ColumnType
  /// The number of rows looked at.
  public let rows: Int
  /// The missing cells.
  public let missing: Int
  /// The different values, missing left out.
  public let distinct: Int
  /// The most frequent value as text; nil where all cells are missing.
  public let mode: String?
  /// The most frequent value's share of the cells present; nil where all are missing.
  public let modeShare: Double?
  /// Figures of numbers and dates (as days since 1970-01-01); nil for levels or without cells.
  public let numbers: Numbers?
  /// The most frequent levels, ten at most; empty for numbers.
  public let topLevels: [Level]
  /// The share of bad among labelled rows where the cell is missing; nil without such rows.
  public let badRateWhereMissing: Double?
  /// The share of bad among labelled rows where the cell is present; nil without such rows.
  public let badRateWherePresent: Double?

  /// The share of missing cells.
  public var missingShare: Double { rows == 0 ? 0 : Double(missing) / Double(rows) }

  /// Profiles rows of a column; O(rows) after a sort.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - rows: The positions of the rows to look at; nil means all. Positions outside the column
  ///     are passed over.
  ///   - labels: 1 (bad) or 0 (good) for every row of the column, NaN where unknown; nil gives no
  ///     bad rates.
  /// - Returns: The profile.
  public static func make(
    _ column: Column, rows: [Int]? = nil, labels: [Double]? = nil
  ) -> ColumnProfile {
    let positions = (rows ?? Array(0..<column.count)).filter { (0..<column.count).contains($0) }
    let labels = labels.flatMap { $0.count == column.count ? $0 : nil }
    let counts = CellCounts(column, rows: positions)
    func badRate(where isMember: (Int) -> Bool) -> Double? {
      guard let labels else { return nil }
      var count = 0
      var bad = 0.0
      for row in positions where !labels[row].isNaN && isMember(row) {
        count += 1
        bad += labels[row]
      }
      return count > 0 ? bad / Double(count) : nil
    }
    var figures: Numbers?
    if let first = counts.sorted.first, let last = counts.sorted.last {
      figures = Numbers(
        minimum: first, firstPercentile: Quantiles.sorted(counts.sorted, at: 0.01),
        median: Quantiles.sorted(counts.sorted, at: 0.5),
        ninetyNinthPercentile: Quantiles.sorted(counts.sorted, at: 0.99), maximum: last,
        mean: Moments.mean(counts.sorted))
    }
    let top = counts.topLevels(column).prefix(10).map { level in
      let code = column.codes.flatMap { $0.levels.code(of: level.name) }
      return Level(
        name: level.name, count: level.count,
        badRate: badRate { column.codes?.codes[$0] == code })
    }
    return ColumnProfile(
      name: column.name, type: column.type, rows: positions.count, missing: counts.missing,
      distinct: counts.distinct, mode: counts.mode,
      modeShare: counts.present > 0 ? Double(counts.modeCount) / Double(counts.present) : nil,
      numbers: figures, topLevels: Array(top),
      badRateWhereMissing: badRate { column.isMissing($0) },
      badRateWherePresent: badRate { !column.isMissing($0) })
  }
}
