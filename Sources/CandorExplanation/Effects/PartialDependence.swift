import CandorData
public import CandorNumerics

/// How the mean value of the applicants moves when one feature is set to each value of a grid.
///
/// Friedman 2001, doi:10.1214/aos/1013203451: `PD(x) = Σ w · f(x, rest of row) / Σ w`. The curves of
/// the single applicants (individual conditional expectation, Goldstein et al. 2015,
/// doi:10.1080/10618600.2014.907095) stand behind the mean. Rows are asked at values that they may
/// never have together with their other features; `AccumulatedLocalEffects` are the answer to that.
public struct PartialDependence: Sendable, Equatable, Codable {
  /// The mean at one value of the feature.
  public struct Point: Sendable, Equatable, Codable {
    /// The value, and the share of the applicants near it.
    public let at: FeatureGrid.Point
    /// The mean over the applicants, with its band over resampled applicants.
    public let effect: EffectEstimate
    /// The same less the mean of the curve over the applicants' own values: the band of the shape,
    /// without that of the level.
    public let centred: EffectEstimate
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
  /// The means, in the grid's order.
  public let points: [Point]
  /// The share of the movement of single curves that the mean curve does not show: 0 where all curves
  /// are parallel, near 1 where they move against each other.
  public let heterogeneity: Double
  /// Some of the applicants' own curves; nil where none was asked for.
  public let curves: IndividualCurves?

  /// The difference between the highest and the lowest mean.
  public var range: Double {
    let values = points.map(\.effect.value)
    return (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// Measures several features at once: for trees one walk a row and tree serves all of them.
  ///
  /// Trees: O(rows · trees · depth²) whatever the number of features and points; additive models
  /// O(rows · points); others rows × points scored rows. The bands cost a matrix product.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - features: The source features; nil means all.
  ///   - sample: The applicants.
  ///   - options: Grid, resamples and curves.
  ///   - seeds: The randomness of the bands.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One result a feature, in the order asked for.
  /// - Throws: `ExplanationError` where a feature is unknown, an option is out of range, the sample
  ///   does not fit the model, or the scorer refuses.
  public static func measure(
    _ model: ExplainedModel, features: [String]? = nil, sample: EffectSample,
    options: EffectOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> [PartialDependence] {
    let options = try options.validated()
    let names = features ?? sample.encoder.features
    let grids = try Parallel.map(count: names.count, threads: threads) {
      index throws(ExplanationError) in
      try FeatureGrid(feature: names[index], sample: sample, options: options)
    }
    return try measure(
      model, on: grids, sample: sample, options: options, seeds: seeds, threads: threads)
  }

  /// Measures features on grids of the caller's own.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - grids: One grid a feature, laid over this sample.
  ///   - sample: The applicants.
  ///   - options: Resamples and curves.
  ///   - seeds: The randomness of the bands.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One result a grid, in their order.
  /// - Throws: `ExplanationError` as above.
  public static func measure(
    _ model: ExplainedModel, on grids: [FeatureGrid], sample: EffectSample,
    options: EffectOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> [PartialDependence] {
    let options = try options.validated()
    let curves = try EffectCurves(
      of: model, sample: sample, grids: grids, source: MethodSelection.curveSource(for: model),
      threads: threads)
    return try read(from: curves, options: options, seeds: seeds, threads: threads)
  }

  /// Reads means, bands and single curves from curves that are there already.
  static func read(
    from curves: EffectCurves, options: EffectOptions, seeds: SeedTree, threads: Int
  ) throws(ExplanationError) -> [PartialDependence] {
    let means = curves.means()
    var resampled: Matrix?
    if options.resamples > 0 {
      let resamples = RowResamples(
        options.resamples, of: curves.background, seeds: seeds.child("effect bands"),
        threads: threads)
      resampled = try resamples.means(of: curves.values, threads: threads)
    }
    let (effects, drawn) = (means, resampled)
    return Parallel.map(count: curves.grids.count, threads: threads) { index in
      PartialDependence(
        curves: curves, grid: index, means: effects, resampled: drawn, options: options)
    }
  }

  private init(
    curves: EffectCurves, grid index: Int, means: [Double], resampled: Matrix?,
    options: EffectOptions
  ) {
    let grid = curves.grids[index]
    let places = curves.points(of: index)
    let effects = Array(means[places])
    let shares = grid.points.map(\.share)
    feature = grid.feature
    kind = grid.kind
    scale = curves.scale
    sampleName = curves.background.name
    sampleHash = curves.background.hash
    rowCount = curves.background.count
    resampleCount = resampled?.rows ?? 0
    func level(_ values: some Sequence<Double>) -> Double {
      zip(values, shares).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let centre = level(effects)
    let centres = resampled.map { matrix in
      (0..<matrix.rows).map { row in level(places.map { matrix[row, $0] }) }
    }
    points = grid.points.enumerated().map { place, point in
      let column = resampled?.column(places.lowerBound + place) ?? []
      return Point(
        at: point, effect: EffectEstimate(effects[place], resamples: column),
        centred: EffectEstimate(
          effects[place] - centre, resamples: zip(column, centres ?? []).map { $0 - $1 }))
    }
    heterogeneity = curves.heterogeneity(of: index, means: effects)
    self.curves =
      options.curves > 0 ? IndividualCurves(curves, grid: index, most: options.curves) : nil
  }
}
