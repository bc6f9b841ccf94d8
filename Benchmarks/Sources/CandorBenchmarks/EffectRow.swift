import Candor

/// Partial dependence with all single curves, on the forest of S cut at depth 12.
enum EffectRow {
  static let forest = ForestOptions(
    trees: 200, minimumLeaf: 5, maximumDepth: 12, outOfBag: false)
  /// As the peer is asked: features, grid points, rows.
  static let features = 20
  static let points = 50
  static let most = 10_000

  static func run(_ request: Request) throws -> Measurement {
    let rows = try LoanRows(
      request, size: "s", family: "forest", preparation: LoanRows.ordinal)
    let model = try ForestLearner(options: forest).fit(rows.training, context: request.context)
      .model
    let count = min(rows.testTable.rowCount, most)
    let sample = try EffectSample(
      name: "test", table: rows.testTable.selecting(rows: Array(0..<count)),
      encoder: rows.encoder)
    let explained = try ExplainedModel(
      scorer: model, calibrator: .clamp(floor: 1e-6), featureMap: rows.encoder.featureMap,
      scale: .margin)
    var options = EffectOptions()
    options.points = points
    options.resamples = 0
    options.curves = count
    let names = Array(rows.encoder.features.prefix(features))
    let (found, seconds) = try timed {
      try PartialDependence.measure(
        explained, features: names, sample: sample, options: options, seeds: request.seeds,
        threads: request.threads)
    }
    return Measurement(
      seconds: seconds,
      settings:
        "\(names.count) features, \(count) rows, grids of at most \(points) points, means and "
        + "all single curves, no bands, \(request.threads) threads",
      quality: ["points": .number(Double(found.reduce(0) { $0 + $1.points.count }))],
      output: try model.margins(of: rows.test, threads: request.threads))
  }
}
