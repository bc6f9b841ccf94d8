import Candor

/// Random forests on rows encoded as Candor does it: levels as they are, missing cells as such.
enum ForestRow {
  static let small = ForestOptions(trees: 200, minimumLeaf: 5, outOfBag: false)
  static let large = ForestOptions(
    trees: 100, minimumLeaf: 5, maximumDepth: 12, outOfBag: false)

  static func run(
    _ request: Request, size: String, options: ForestOptions
  ) throws -> Measurement {
    let rows = try LoanRows(request, size: size, family: "forest")
    let learner = ForestLearner(options: options)
    let (fit, seconds) = try timed { try learner.fit(rows.training, context: request.context) }
    return Measurement(
      seconds: seconds, settings: learner.settings.map { "\($0) \($1)" }.joined(separator: ", "),
      quality: ["nodes": .number(Double(fit.model.nodeCount))],
      output: try fit.model.margins(of: rows.test, threads: request.threads))
  }

  /// A million rows through the forest of the small set.
  static func score(_ request: Request) throws -> Measurement {
    let rows = try LoanRows(
      request, size: "s", family: "forest", preparation: LoanRows.ordinal)
    let shape = try request.work.shape("s")
    let model = try ForestLearner(options: small).fit(rows.training, context: request.context).model
    let many = rows.test.selecting(rows: (0..<shape.score_rows).map { $0 % shape.test_rows })
    _ = try model.margins(of: rows.test, threads: request.threads)
    var scores: [Double] = []
    let times = try (0..<3).map { _ in
      try timed { scores = try model.margins(of: many, threads: request.threads) }.seconds
    }
    let seconds = quantile(times, 0.5)
    return Measurement(
      seconds: seconds,
      settings: "\(model.treeCount) trees, levels as ordinal codes, \(request.threads) threads",
      quality: ["rows_per_second": .number(Double(many.count) / seconds)],
      output: Array(scores.prefix(shape.test_rows)))
  }
}
