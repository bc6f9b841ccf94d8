import Candor

/// Local linear surrogates of a thousand applicants, 5,000 samples each.
enum SurrogateRow {
  private static let applicants = 1_000

  /// As lime's defaults: quartiles, ridge 1, its kernel, the ten features that matter most.
  private static let options = PortfolioSurrogateOptions(
    rows: 5_000, fit: .forward(players: 10))

  static func forest(_ request: Request) throws -> Measurement {
    let rows = try LoanRows(
      request, size: "s", family: "forest", preparation: LoanRows.ordinal)
    var options = ForestRow.small
    options.maximumDepth = 12
    let model = try ForestLearner(options: options).fit(rows.training, context: request.context)
      .model
    return try measure(request, model, rows: rows, what: "forest of depth 12")
  }

  static func network(_ request: Request) throws -> Measurement {
    let rows = try LoanRows(request, size: "s", family: "network")
    let fit = try NetworkRow.fit(rows.training, epochs: 10, request: request).fit
    return try measure(request, fit.model, rows: rows, what: "net 128-64-1")
  }

  private static func measure(
    _ request: Request, _ scorer: some Scorer, rows: LoanRows, what: String
  ) throws -> Measurement {
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: rows.encoder.featureMap,
      scale: scorer.marginScale == .logOdds ? .probability : .margin)
    let players = try Players(featureMap: rows.encoder.featureMap)
    let background = try Background(name: "training", rows: rows.training.rows)
    let chosen = rows.test.selecting(rows: Array(0..<applicants))
    let (found, seconds) = try timed {
      try PortfolioSurrogate.explain(
        chosen, of: model, players: players, background: background, options: options,
        seeds: request.seeds, threads: request.threads)
    }
    let fits = found.compactMap { explanation -> Double? in
      guard case .surrogate(let evidence) = explanation.fidelity.evidence else { return nil }
      return evidence.fittedRSquared
    }
    return Measurement(
      seconds: seconds, settings: "\(what), pool of 5,000 rows for all, \(request.threads) threads",
      quality: ["r_squared": .number(fits.reduce(0, +) / Double(max(fits.count, 1)))])
  }
}
