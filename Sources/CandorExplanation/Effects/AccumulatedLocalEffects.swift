public import CandorNumerics
import CandorData

/// How the value moves as one feature moves, from what single applicants' values do over the small
/// interval that they stand in: no applicant is asked far from where he is.
///
/// Apley and Zhu 2020, doi:10.1111/rssb.12377: `ALE(x) = Σ over intervals up to x of the mean
/// difference of the interval's rows between its ends`, less its mean over the applicants. Correlated
/// features do not mislead it as they do `PartialDependence`.
public struct AccumulatedLocalEffects: Sendable, Equatable, Codable {
  /// The effect at one value of the feature.
  public struct Point: Sendable, Equatable, Codable {
    /// The value, and the share of the applicants near it.
    public let at: FeatureGrid.Point
    /// The accumulated effect, zero on average, with its band over resampled applicants.
    public let effect: EffectEstimate
  }

  /// What happens between two neighbouring values.
  public struct Interval: Sendable, Equatable, Codable {
    /// The applicants who stand in it (of a level: at either end).
    public let rows: Int
    /// Their share of the weight of all applicants.
    public let share: Double
    /// The mean rise over the interval.
    public let rise: EffectEstimate
  }

  /// The source feature.
  public let feature: String
  /// The kind of its values.
  public let kind: FeatureGrid.Kind
  /// The unit of the effects.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The number of applicants.
  public let rowCount: Int
  /// The resamples behind the bands; 0 where there are none.
  public let resampleCount: Int
  /// The effects, in the order in which they accumulate; empty where no two values occur.
  public let points: [Point]
  /// What happens between the points: one fewer than these.
  public let intervals: [Interval]
  /// How levels were ordered; nil for numbers and for levels with an order of their own.
  public let levelOrder: LevelOrder?
  /// The share of the applicants who take part in no step: those without a number.
  public let leftOutShare: Double
  /// What a reader must be told; empty where there is nothing.
  public let warnings: [FidelityWarning]

  /// The difference between the highest and the lowest effect.
  public var range: Double {
    let values = points.map(\.effect.value)
    return (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// Fewer applicants in an interval than this give a warning.
  public static let fewRows = 5

  /// Measures several features.
  ///
  /// Trees and additive models: from the curves of `PartialDependence`, O(rows · trees · depth²) for
  /// all features together. Others: two scored rows a row and feature (four for levels).
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - features: The source features; nil means all.
  ///   - sample: The applicants.
  ///   - options: Intervals, resamples and the order of levels.
  ///   - seeds: The randomness of the bands.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One result a feature, in the order asked for.
  /// - Throws: `ExplanationError` where a feature is unknown, an option is out of range, the sample
  ///   does not fit the model, or the scorer refuses.
  public static func measure(
    _ model: ExplainedModel, features: [String]? = nil, sample: EffectSample,
    options: EffectOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> [AccumulatedLocalEffects] {
    let options = try options.validated()
    let names = features ?? sample.encoder.features
    let grids = try Parallel.map(count: names.count, threads: threads) {
      index throws(ExplanationError) in
      try FeatureGrid(feature: names[index], sample: sample, options: options)
    }
    return try measure(
      model, on: grids, sample: sample, options: options, seeds: seeds, threads: threads)
  }

  /// Measures features on grids of the caller's own: their points are the ends of the intervals.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - grids: One grid a feature, laid over this sample.
  ///   - sample: The applicants.
  ///   - options: Resamples and the order of levels.
  ///   - seeds: The randomness of the bands.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One result a grid, in their order.
  /// - Throws: `ExplanationError` as above.
  public static func measure(
    _ model: ExplainedModel, on grids: [FeatureGrid], sample: EffectSample,
    options: EffectOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> [AccumulatedLocalEffects] {
    let options = try options.validated()
    let source = MethodSelection.curveSource(for: model)
    if case .scoring = source.way {
      let resamples = Self.resamples(sample, options: options, seeds: seeds, threads: threads)
      return try Parallel.map(count: grids.count, threads: threads) {
        index throws(ExplanationError) -> AccumulatedLocalEffects in
        let steps = try localSteps(of: grids[index], sample: sample, options: options)
        let differences = try steps.differences(
          of: model, grid: grids[index], rows: sample.background.rows)
        return AccumulatedLocalEffects(
          grid: grids[index], steps: steps, differences: differences, sample: sample,
          scale: model.scale, options: options, resamples: resamples)
      }
    }
    let curves = try EffectCurves(
      of: model, sample: sample, grids: grids, source: source, threads: threads)
    return try read(
      from: curves, sample: sample, options: options, seeds: seeds, threads: threads)
  }

  /// Reads effects from curves that are there already.
  static func read(
    from curves: EffectCurves, sample: EffectSample, options: EffectOptions, seeds: SeedTree,
    threads: Int
  ) throws(ExplanationError) -> [AccumulatedLocalEffects] {
    let resamples = Self.resamples(sample, options: options, seeds: seeds, threads: threads)
    return try Parallel.map(count: curves.grids.count, threads: threads) {
      index throws(ExplanationError) -> AccumulatedLocalEffects in
      let grid = curves.grids[index]
      let steps = try localSteps(of: grid, sample: sample, options: options)
      let start = curves.starts[index]
      let differences = steps.rows.indices.map { i in
        let (row, step) = (steps.rows[i], steps.steps[i])
        return curves.values[row, start + steps.points[step + 1]]
          - curves.values[row, start + steps.points[step]]
      }
      return AccumulatedLocalEffects(
        grid: grid, steps: steps, differences: differences, sample: sample, scale: curves.scale,
        options: options, resamples: resamples)
    }
  }

  private static func resamples(
    _ sample: EffectSample, options: EffectOptions, seeds: SeedTree, threads: Int
  ) -> RowResamples? {
    options.resamples == 0
      ? nil
      : RowResamples(
        options.resamples, of: sample.background, seeds: seeds.child("effect bands"),
        threads: threads)
  }

  private static func localSteps(
    of grid: FeatureGrid, sample: EffectSample, options: EffectOptions
  ) throws(ExplanationError) -> LocalSteps {
    let weights = sample.background.weights ?? [Double](repeating: 1, count: sample.count)
    if grid.kind == .numbers {
      let numbers = try sample.column(of: grid.feature).numbers ?? []
      return LocalSteps(numbers: numbers, weights: weights, grid: grid)
    }
    let order =
      grid.kind == .levels && options.levelOrder == .similarity
      ? try LevelSimilarity.order(of: grid, sample: sample) : Array(grid.points.indices)
    return LocalSteps(order: order, weights: weights, grid: grid)
  }

  private init(
    grid: FeatureGrid, steps: LocalSteps, differences: [Double], sample: EffectSample,
    scale: ExplainedScale, options: EffectOptions, resamples: RowResamples?
  ) {
    let background = sample.background
    let weights = background.weights ?? [Double](repeating: 1, count: background.count)
    let whole = steps.accumulate(differences, weights: weights)
    let drawn = (0..<(resamples?.count ?? 0)).map { index in
      steps.accumulate(
        differences, weights: resamples?.weights.row(index) ?? [], fallback: whole.rises)
    }
    let total = OrderedReduction.sum(weights)
    var rowsOf = [Int](repeating: 0, count: steps.count)
    for step in steps.steps { rowsOf[step] += 1 }
    feature = grid.feature
    kind = grid.kind
    self.scale = scale
    sampleName = background.name
    sampleHash = background.hash
    rowCount = background.count
    resampleCount = drawn.count
    points = whole.effects.indices.map { place in
      Point(
        at: grid.points[steps.points[place]],
        effect: EffectEstimate(
          whole.effects[place], resamples: drawn.map { $0.effects[place] }))
    }
    intervals = whole.rises.indices.map { step in
      Interval(
        rows: rowsOf[step], share: whole.contents[step] / total,
        rise: EffectEstimate(whole.rises[step], resamples: drawn.map { $0.rises[step] }))
    }
    levelOrder = grid.kind == .levels ? options.levelOrder : nil
    var takesPart = [Bool](repeating: false, count: background.count)
    for row in steps.rows { takesPart[row] = true }
    let out = OrderedReduction.sum(weights.indices.map { takesPart[$0] ? 0 : weights[$0] })
    leftOutShare = out / total
    let thin = rowsOf.count { $0 < Self.fewRows }
    warnings =
      thin == 0
      ? []
      : [
        FidelityWarning(
          code: .thinSupport,
          sentence:
            "\(thin) of \(rowsOf.count) intervals of \"\(grid.feature)\" hold fewer than "
            + "\(Self.fewRows) applicants; the effect there is not to be read.")
      ]
  }
}

extension LocalSteps {
  /// What each step does to the row that takes it, by scoring both ends.
  func differences(
    of model: ExplainedModel, grid: FeatureGrid, rows background: EncodedRows
  ) throws(ExplanationError) -> [Double] {
    let matrix = background.matrix
    var result: [Double] = []
    result.reserveCapacity(rows.count)
    for block in Parallel.blocks(of: rows.count, size: 4096) {
      var batch = Matrix(rows: 2 * block.count, columns: matrix.columns)
      for i in block {
        let place = 2 * (i - block.lowerBound)
        for end in 0...1 {
          batch.setRow(place + end, to: matrix.row(rows[i]))
          for (position, column) in grid.columns.enumerated() {
            batch[place + end, column] = grid.encoded[points[steps[i] + end], position]
          }
        }
      }
      let values = try model.values(of: EncodedRows(batch))
      for i in 0..<block.count { result.append(values[2 * i + 1] - values[2 * i]) }
    }
    return result
  }
}
