import CandorData
public import CandorNumerics

/// What two numbers do together beyond what each does alone: the second-order accumulated local
/// effect.
///
/// Apley and Zhu 2020, doi:10.1111/rssb.12377, equations 16 to 20: the mean second difference in each
/// cell of a grid, accumulated in both directions, less the accumulated main effects of the surface,
/// less its mean. A cell without applicants takes the difference of the nearest cell that has some.
public struct SecondOrderEffects: Sendable, Equatable, Codable {
  /// The feature along the first axis.
  public let first: String
  /// The feature along the second axis.
  public let second: String
  /// The unit of the effects.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The number of applicants with a value of both.
  public let rowCount: Int
  /// The resamples behind the standard errors; 0 where there are none.
  public let resampleCount: Int
  /// The values along the first axis.
  public let firstPoints: [FeatureGrid.Point]
  /// The values along the second axis.
  public let secondPoints: [FeatureGrid.Point]
  /// The effect at each pair of values: `effects[i][j]` at the first axis's i-th value and the second
  /// axis's j-th.
  public let effects: [[Double]]
  /// The standard error of each effect over resampled applicants; empty where there are no resamples.
  public let standardErrors: [[Double]]
  /// The applicants in each cell between the values: one row and one column fewer.
  public let counts: [[Int]]
  /// The square root of the mean squared effect over the applicants: the size of the interaction in
  /// the unit of the effects.
  public let size: EffectEstimate
  /// What a reader must be told; empty where there is nothing.
  public let warnings: [FidelityWarning]

  /// Measures a pair: four scored rows a row.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - first: The feature along the first axis, a number or a date.
  ///   - second: The feature along the second axis, another number or date.
  ///   - sample: The applicants.
  ///   - options: Intervals an axis (`points`, at most 30 are used) and resamples.
  ///   - seeds: The randomness of the standard errors.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The surface.
  /// - Throws: `ExplanationError` where a feature is unknown, has levels or fewer than two values, an
  ///   option is out of range, the sample does not fit the model, or the scorer refuses.
  public static func measure(
    _ model: ExplainedModel, first: String, second: String, sample: EffectSample,
    options: EffectOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> SecondOrderEffects {
    var options = try options.validated()
    options.points = min(options.points, mostPoints)
    guard model.featureMap == sample.encoder.featureMap, first != second else {
      throw ExplanationError(
        .badShape,
        "A pair needs two different features and a sample that the model's encoder encoded.")
    }
    let axes = try [first, second].map { name throws(ExplanationError) in
      try Axis(feature: name, sample: sample, options: options)
    }
    let rows = (0..<sample.count).filter { axes[0].bins[$0] >= 0 && axes[1].bins[$0] >= 0 }
    guard !rows.isEmpty else {
      throw ExplanationError(
        .badShape, "No applicant has a value of both \"\(first)\" and \"\(second)\".")
    }
    let blocks = Parallel.blocks(of: rows.count, size: 2048)
    let parts = try Parallel.map(count: blocks.count, threads: threads) {
      index throws(ExplanationError) -> [Double] in
      try differences(of: model, rows: Array(rows[blocks[index]]), axes: axes, sample: sample)
    }
    let surface = Surface(
      rows: rows, bins: rows.map { (axes[0].bins[$0], axes[1].bins[$0]) },
      differences: parts.flatMap { $0 },
      shape: (axes[0].points.count - 1, axes[1].points.count - 1))
    let weights = sample.background.weights ?? [Double](repeating: 1, count: sample.count)
    let drawn: [Surface.Effects]
    if options.resamples > 0 {
      let resamples = RowResamples(
        options.resamples, of: sample.background, seeds: seeds.child("effect bands"),
        threads: threads)
      drawn = Parallel.map(count: resamples.count, threads: threads) {
        surface.effects(weights: Array(resamples.weights.row($0)))
      }
    } else {
      drawn = []
    }
    return SecondOrderEffects(
      axes: axes, surface: surface, whole: surface.effects(weights: weights), drawn: drawn,
      scale: model.scale, background: sample.background)
  }

  /// The most values an axis.
  public static let mostPoints = 30

  private init(
    axes: [Axis], surface: Surface, whole: Surface.Effects, drawn: [Surface.Effects],
    scale: ExplainedScale, background: Background
  ) {
    first = axes[0].feature
    second = axes[1].feature
    self.scale = scale
    sampleName = background.name
    sampleHash = background.hash
    rowCount = surface.rows.count
    resampleCount = drawn.count
    firstPoints = axes[0].points
    secondPoints = axes[1].points
    let matrix = whole.values
    effects = (0..<matrix.rows).map { Array(matrix.row($0)) }
    standardErrors =
      drawn.count < 2
      ? []
      : (0..<matrix.rows).map { i in
        (0..<matrix.columns).map { j in
          Moments.standardDeviation(drawn.map { $0.values[i, j] })
        }
      }
    var counts = (0..<surface.shape.0).map { _ in [Int](repeating: 0, count: surface.shape.1) }
    for bin in surface.bins { counts[bin.0][bin.1] += 1 }
    self.counts = counts
    size = EffectEstimate(whole.size, resamples: drawn.map(\.size))
    let empty = counts.reduce(0) { $0 + $1.count { $0 == 0 } }
    let cells = surface.shape.0 * surface.shape.1
    warnings =
      2 * empty <= cells
      ? []
      : [
        FidelityWarning(
          code: .thinSupport,
          sentence:
            "\(empty) of \(cells) cells of \"\(axes[0].feature)\" and \"\(axes[1].feature)\" hold "
            + "no applicant; the surface there is that of the nearest cell that does.")
      ]
  }

  /// The second difference of each row over its own cell.
  private static func differences(
    of model: ExplainedModel, rows: [Int], axes: [Axis], sample: EffectSample
  ) throws(ExplanationError) -> [Double] {
    let matrix = sample.background.rows.matrix
    var batch = Matrix(rows: 4 * rows.count, columns: matrix.columns)
    for (position, row) in rows.enumerated() {
      for corner in 0..<4 {
        let place = 4 * position + corner
        batch.setRow(place, to: matrix.row(row))
        for (axis, upper) in zip(axes, [corner & 1, corner >> 1]) {
          let point = axis.bins[row] + upper
          for (index, column) in axis.columns.enumerated() {
            batch[place, column] = axis.encoded[point, index]
          }
        }
      }
    }
    let values = try model.values(of: EncodedRows(batch))
    return rows.indices.map {
      values[4 * $0 + 3] - values[4 * $0 + 1] - values[4 * $0 + 2] + values[4 * $0]
    }
  }
}

/// One axis: values and, for every row of the sample, the interval that it stands in.
private struct Axis: Sendable {
  let feature: String
  let columns: [Int]
  let points: [FeatureGrid.Point]
  let encoded: Matrix
  let bins: [Int]

  init(
    feature: String, sample: EffectSample, options: EffectOptions
  ) throws(ExplanationError) {
    let grid = try FeatureGrid(feature: feature, sample: sample, options: options)
    guard grid.kind == .numbers, let numbers = try sample.column(of: feature).numbers else {
      throw ExplanationError(
        .unsupported,
        "The feature \"\(feature)\" has levels; second-order effects are those of two numbers.")
    }
    let weights = sample.background.weights ?? [Double](repeating: 1, count: sample.count)
    let steps = LocalSteps(numbers: numbers, weights: weights, grid: grid)
    guard steps.count > 0 else {
      throw ExplanationError(
        .badShape, "The feature \"\(feature)\" has fewer than two values in the sample.")
    }
    self.feature = feature
    columns = grid.columns
    points = steps.points.map { grid.points[$0] }
    encoded = grid.encoded.selecting(rows: steps.points)
    var bins = [Int](repeating: -1, count: sample.count)
    for (row, step) in zip(steps.rows, steps.steps) { bins[row] = step }
    self.bins = bins
  }
}
