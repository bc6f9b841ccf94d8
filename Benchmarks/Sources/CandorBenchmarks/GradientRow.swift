import Candor

/// Gradients of the net of `net-s`: ten thousand applicants, explained on the margin.
enum GradientRow {
  /// The applicants explained.
  static let applicants = 10_000
  /// Epochs of training, which is not timed.
  static let epochs = 10

  /// Integrated gradients from the mean of the training rows.
  static func integrated(_ request: Request) throws -> Measurement {
    try run(request) { model, rows, players, background, baseline in
      try MethodSelection.integratedGradients(
        for: model, rows: rows, players: players, background: background, baseline: baseline,
        threads: request.threads)
    }
  }

  /// The gradient at each applicant.
  static func saliency(_ request: Request) throws -> Measurement {
    try run(request) { model, rows, players, _, baseline in
      try MethodSelection.saliency(
        for: model, rows: rows, players: players, baseline: baseline, form: .gradient,
        threads: request.threads)
    }
  }

  private static func run(
    _ request: Request,
    _ explain: (ExplainedModel, EncodedRows, Players, Background, GradientBaseline) throws
      -> [Explanation]
  ) throws -> Measurement {
    let training = try request.work.training("s")
    let net = try NetworkRow.fit(training, epochs: epochs, request: request).fit.model
    let test = try request.work.encoded("s", test: true)
    let rows = test.selecting(rows: (0..<applicants).map { $0 % test.count })
    let model = try ExplainedModel(
      scorer: net, calibrator: .identity, featureMap: training.featureMap, scale: .margin)
    let players = try Players(featureMap: training.featureMap)
    let background = try Background(
      name: "training", rows: training.rows.selecting(rows: Array(0..<1000)))
    let baseline = try GradientBaseline(meanOf: background)
    var explanations: [Explanation] = []
    // One warm run, then the middle of three.
    _ = try explain(model, rows.selecting(rows: Array(0..<256)), players, background, baseline)
    let times = try (0..<3).map { _ in
      try timed { explanations = try explain(model, rows, players, background, baseline) }.seconds
    }
    let spread = Moments.standardDeviation(try net.margins(of: background.rows))
    var residual = 0.0
    var pieces = 0
    for explanation in explanations {
      if case .completeness(let missing, _, let nodes) = explanation.fidelity.evidence {
        residual = max(residual, abs(missing) / spread)
        pieces += nodes
      }
    }
    return Measurement(
      seconds: quantile(times, 0.5),
      settings: (pieces == 0
        ? "Double" : "exact, Double, \(pieces / max(explanations.count, 1)) linear pieces a row")
        + ", \(request.threads) threads",
      quality: ["residual": .number(residual)], output: nil)
  }
}
