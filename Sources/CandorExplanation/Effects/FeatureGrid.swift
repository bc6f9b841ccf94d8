import CandorData
public import CandorNumerics

/// The values at which one feature's effect is asked for, in its own unit, with what the model sees.
public struct FeatureGrid: Sendable, Equatable {
  /// One value.
  public struct Point: Sendable, Equatable, Codable {
    /// The value as a person would write it.
    public let label: String
    /// The number, for numbers and dates (days since 1970-01-01); nil for levels and missing cells.
    public let number: Double?
    /// Whether this is the missing cell.
    public let isMissing: Bool
    /// The share of the sample's weight whose own value is nearest to this one (for levels: equal to
    /// it). The shares of a grid sum to one.
    public let share: Double

    /// Joins a value to its share.
    public init(label: String, number: Double?, isMissing: Bool = false, share: Double) {
      self.label = label
      self.number = number
      self.isMissing = isMissing
      self.share = share
    }
  }

  /// What kind of values these are.
  public enum Kind: String, Sendable, Codable {
    /// Numbers or dates, rising; the missing cell last.
    case numbers
    /// Levels with an order, lowest first; the missing cell last.
    case orderedLevels
    /// Levels without one; the missing cell last.
    case levels
  }

  /// The source feature.
  public let feature: String
  /// The kind of values.
  public let kind: Kind
  /// The encoded columns that the feature fills.
  public let columns: [Int]
  /// The points, the missing one last where there is one.
  public let points: [Point]
  /// The encoded columns at each point: points × `columns`.
  public let encoded: Matrix
  /// For each row of the sample the point that stands for its own value; -1 where none does.
  public let owners: [Int]

  /// Joins the parts.
  ///
  /// - Throws: `ExplanationError` where shapes differ or there is no point.
  public init(
    feature: String, kind: Kind, columns: [Int], points: [Point], encoded: Matrix, owners: [Int]
  ) throws(ExplanationError) {
    guard !points.isEmpty, encoded.rows == points.count, encoded.columns == columns.count,
      owners.allSatisfy({ $0 >= -1 && $0 < points.count })
    else {
      throw ExplanationError(
        .badShape,
        "The grid of \"\(feature)\" has \(points.count) points and encoded values of "
          + "\(encoded.rows) × \(encoded.columns) for \(columns.count) columns.")
    }
    self.feature = feature
    self.kind = kind
    self.columns = columns
    self.points = points
    self.encoded = encoded
    self.owners = owners
  }

  /// How many points are no missing cell; they come first.
  public var presentCount: Int { points.count { !$0.isMissing } }

  /// Lays a grid over a feature of a sample.
  ///
  /// Numbers: at most `options.points` values, all that occur where these are few, else quantiles
  /// (the inverse of the weighted distribution function) or equal widths; the smallest and the
  /// largest value are always there. Levels: every level that training had, those that the encoder
  /// cannot tell apart as one. The missing cell is a point where training or sample have one.
  /// O(rows · log rows).
  ///
  /// - Parameters:
  ///   - feature: The source feature.
  ///   - sample: The applicants.
  ///   - options: The number of points and their spacing.
  /// - Throws: `ExplanationError` where there is no such feature, or it has no value at all.
  public init(
    feature: String, sample: EffectSample, options: EffectOptions = .init()
  ) throws(ExplanationError) {
    let column = try sample.column(of: feature)
    let weights =
      sample.background.weights ?? [Double](repeating: 1, count: sample.count)
    let grid =
      switch column.storage {
      case .numbers(let numbers):
        GridCells(
          numbers: numbers, type: column.type,
          values: GridCells.values(of: numbers, weights: weights, options: options))
      case .codes(let codes, let levels):
        GridCells(
          codes: codes, levels: levels, type: column.type, encoder: sample.encoder,
          feature: feature)
      }
    try self.init(feature: feature, cells: grid, weights: weights, sample: sample)
  }

  /// Lays a grid at given numbers of a feature.
  ///
  /// - Parameters:
  ///   - feature: The source feature, numeric or a date.
  ///   - numbers: The values in the feature's own unit; they are sorted, and equal ones merged.
  ///   - sample: The applicants.
  /// - Throws: `ExplanationError` where there is no such feature, it is no number, or `numbers` is
  ///   empty or not finite.
  public init(
    feature: String, at numbers: [Double], sample: EffectSample
  ) throws(ExplanationError) {
    let column = try sample.column(of: feature)
    guard let own = column.numbers else {
      throw ExplanationError(
        .badOption, "The feature \"\(feature)\" has levels; a grid of numbers needs a number.")
    }
    guard !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else {
      throw ExplanationError(
        .badOption, "The grid of \"\(feature)\" needs finite numbers, one at least.")
    }
    let weights =
      sample.background.weights ?? [Double](repeating: 1, count: sample.count)
    let cells = GridCells(
      numbers: own, type: column.type, values: Array(Set(numbers)).sorted())
    try self.init(feature: feature, cells: cells, weights: weights, sample: sample)
  }

  private init(
    feature: String, cells: GridCells, weights: [Double], sample: EffectSample
  ) throws(ExplanationError) {
    var cells = cells
    let trainingMissing: Bool
    var encoded: Matrix
    do throws(DataError) {
      trainingMissing = try sample.encoder.requiredStep(of: feature).training.missing > 0
      let hasMissing = trainingMissing || cells.owners.contains(-1)
      if hasMissing { cells.appendMissing() }
      encoded = try sample.encoder.encode(feature: feature, cells: cells.column)
    } catch {
      throw ExplanationError(data: error)
    }
    guard !cells.labels.isEmpty else {
      throw ExplanationError(
        .badShape, "The feature \"\(feature)\" has no value in \"\(sample.background.name)\".")
    }
    if cells.kind != .numbers { encoded = cells.mergeEqual(encoded) }
    var shares = [Double](repeating: 0, count: cells.labels.count)
    for (owner, weight) in zip(cells.owners, weights) where owner >= 0 { shares[owner] += weight }
    let total = OrderedReduction.sum(weights)
    try self.init(
      feature: feature, kind: cells.kind, columns: Array(sample.columns(of: feature)),
      points: cells.labels.indices.map {
        Point(
          label: cells.labels[$0], number: cells.numbers[$0],
          isMissing: $0 == cells.missingPlace, share: shares[$0] / total)
      }, encoded: encoded, owners: cells.owners)
  }
}
