import Candor

/// Model-agnostic Shapley values of one applicant: the model is asked for scores and nothing else.
///
/// Every tool draws at random, so that time alone says nothing. Each is run for ten seeds; `seconds` is
/// the median time, brought to a standard error of 1% of the sum of absolute values by the square of
/// the error that the ten runs show (their largest standard deviation over the features).
enum ShapleyRow {
  private static let backgroundRows = 100
  private static let seeds = 10
  private static let target = 0.01

  static func run(_ request: Request, family: String) throws -> Measurement {
    let rows = try LoanRows(
      request, size: "s", family: family,
      preparation: family == "forest" ? LoanRows.ordinal : EncodingOptions())
    let scorer: any Scorer
    if family == "forest" {
      var options = ForestRow.small
      options.maximumDepth = 12
      scorer =
        try ForestLearner(options: options).fit(rows.training, context: request.context).model
    } else {
      scorer =
        try NetworkLearner(
          options: NetworkOptions(
            hidden: [128, 64], optimiser: .adam(rate: 1e-3), batchSize: 256, epochs: 10,
            patience: nil, l2: 0)
        ).fit(rows.training, context: request.context).model
    }
    return try measure(scorer, rows: rows, request: request)
  }

  private static func measure(
    _ scorer: some Scorer, rows: LoanRows, request: Request
  ) throws -> Measurement {
    let background = try Background(
      name: "training rows",
      rows: rows.training.rows.selecting(rows: Array(0..<backgroundRows)))
    let applicant = rows.test.selecting(rows: [0])
    let players = try Players(featureMap: rows.encoder.featureMap)
    let quantity = ExplainedQuantity(scale: .margin, calibrator: .identity)
    var times: [Double] = []
    var found: [Explanation] = []
    for seed in 0...seeds {
      let (explanations, seconds) = try timed {
        try SampledShapley.explain(
          applicant, of: scorer, quantity: quantity, players: players, background: background,
          options: SampledShapleyOptions(targetRelativeError: target),
          seeds: SeedTree(seed: UInt64(seed)), threads: request.threads)
      }
      // The first run warms up.
      if seed > 0 {
        times.append(seconds)
        found += explanations
      }
    }
    let values = found.map { $0.attributions.map(\.value) }
    let means = players.names.indices.map { p in
      values.reduce(0) { $0 + $1[p] } / Double(values.count)
    }
    let errors = players.names.indices.map { p in
      (values.reduce(0) { $0 + ($1[p] - means[p]) * ($1[p] - means[p]) } / Double(seeds - 1))
        .squareRoot()
    }
    let total = means.reduce(0) { $0 + abs($1) }
    let error = (errors.max() ?? 0) / total
    let plain = quantile(times, 0.5)
    let evaluations = found.compactMap { explanation -> Double? in
      guard case .sampled(let evidence) = explanation.fidelity.evidence else { return nil }
      return Double(evidence.evaluations)
    }
    return Measurement(
      seconds: plain * (error / target) * (error / target),
      settings:
        "SampledShapley to a relative standard error of \(target), \(request.threads) threads",
      quality: [
        "plain_seconds": .number(plain), "relative_error": .number(error),
        "evaluations": .number(quantile(evaluations, 0.5)),
      ],
      output: means)
  }
}
