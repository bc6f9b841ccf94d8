import Candor

/// Permutation importance of a forest of 200 trees of depth 12 on S: all test rows, five repeats a
/// feature, AUC. Fitting is not timed.
enum PermutationRow {
  static func run(_ request: Request) throws -> Measurement {
    let rows = try LoanRows(request, size: "s", family: "forest", preparation: LoanRows.ordinal)
    let options = ForestOptions(trees: 200, minimumLeaf: 5, maximumDepth: 12, outOfBag: false)
    let forest = try ForestLearner(options: options)
      .fit(rows.training, context: request.context).model
    let map = rows.training.featureMap
    let model = try ExplainedModel(
      scorer: forest, calibrator: .clamp(floor: 1e-6), featureMap: map)
    let sample = PermutationImportance.Sample(
      name: "test", rows: rows.test, targets: try request.work.labels("s/labels-test.u8"))
    let players = try Players(featureMap: map)
    var first: PermutationImportance.Player?
    let times = try (0..<3).map { _ in
      try timed {
        first = try PermutationImportance.measure(
          model, on: sample, players: players, repeats: 5, seeds: request.seeds,
          threads: request.threads
        ).players.first
      }.seconds
    }
    return Measurement(
      seconds: quantile(times, 0.5),
      settings: "\(players.count) features × 5 repeats, intervals included, "
        + "\(request.threads) threads; most important: \(first?.source ?? "none")",
      quality: ["largest": .number(first?.importance ?? 0)],
      output: try forest.margins(of: rows.test, threads: request.threads))
  }
}
