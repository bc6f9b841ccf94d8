import Candor

/// Exact Shapley values of a forest, in process, model and background prepared.
enum TreeShapleyRow {
  /// The forest that the peers' table is about, and a shallower one for the million.
  private static func forest(depth: Int) -> ForestOptions {
    ForestOptions(trees: 200, minimumLeaf: 5, maximumDepth: depth, outOfBag: false)
  }

  private static let portfolio = 1_000
  private static let singles = 200
  private static let decisions = 2_000
  private static let warmUp = 100
  private static let million = 1_000_000
  /// The rows of a portion of the million: what is in memory at a time.
  private static let portion = 8_192

  static func run(_ request: Request, row: String) throws -> Measurement {
    let depth = row == "treeshap-million" ? 8 : 12
    let rows = try LoanRows(
      request, size: "s", family: "forest", preparation: LoanRows.ordinal)
    let model = try ForestLearner(options: forest(depth: depth)).fit(
      rows.training, context: request.context
    ).model
    let work = try Work(
      model: model, players: Players(featureMap: rows.encoder.featureMap), rows: rows,
      threads: request.threads)
    switch row {
    case "treeshap-path": return try work.path()
    case "treeshap-path-one": return try work.pathOne()
    case "treeshap-interventional": return try work.interventional()
    case "decision-reasons": return try work.decision()
    default: return try work.million()
    }
  }

  private struct Work {
    let model: RandomForest
    let players: Players
    let rows: LoanRows
    let threads: Int

    /// Rows of the end of the test part, which no row explained is among.
    func background(_ count: Int) throws -> Background {
      let first = rows.test.count - count
      return try Background(
        name: "test rows", rows: rows.test.selecting(rows: (0..<count).map { first + $0 }))
    }

    func first(_ count: Int) -> EncodedRows {
      rows.test.selecting(rows: (0..<count).map { $0 % (rows.test.count / 2) })
    }

    func path() throws -> Measurement {
      let work = try PathDependentTreeShapley(model, players: players)
      let portfolio = first(TreeShapleyRow.portfolio)
      let (values, seconds) = try timed {
        try work.marginValues(of: portfolio, threads: threads)
      }
      return Measurement(
        seconds: seconds, settings: "\(model.nodeCount) nodes, \(threads) threads",
        quality: ["rows_per_second": .number(Double(portfolio.count) / seconds)],
        output: values.values)
    }

    func pathOne() throws -> Measurement {
      let work = try PathDependentTreeShapley(model, players: players)
      let all = first(TreeShapleyRow.singles)
      let times = try (0..<all.count).map { row in
        let one = all.selecting(rows: [row])
        return try timed { try work.marginValues(of: one, threads: threads) }.seconds
      }
      return Measurement(
        seconds: quantile(times, 0.5), settings: "\(model.nodeCount) nodes, \(threads) threads",
        quality: [
          "p50_ms": .number(1e3 * quantile(times, 0.5)),
          "p99_ms": .number(1e3 * quantile(times, 0.99)),
        ])
    }

    func interventional() throws -> Measurement {
      let background = try background(100)
      let (work, preparation) = try timed {
        try InterventionalTreeShapley(
          model, players: players, background: background, threads: threads)
      }
      let portfolio = first(TreeShapleyRow.portfolio)
      let (values, seconds) = try timed {
        try work.portfolioMarginValues(of: portfolio, threads: threads)
      }
      return Measurement(
        seconds: preparation + seconds,
        settings: "100 background rows, preparation included, \(threads) threads",
        quality: [
          "preparation_seconds": .number(preparation),
          "memory_mb": .number(Double(work.memoryBytes) / 1e6),
        ], output: values.values)
    }

    func decision() throws -> Measurement {
      let work = try InterventionalTreeShapley(
        model, players: players, background: background(200), threads: threads)
      let all = first(TreeShapleyRow.decisions + TreeShapleyRow.warmUp)
      var times: [Double] = []
      for row in 0..<all.count {
        let one = all.selecting(rows: [row])
        let seconds = try timed {
          _ = try work.explain(
            one, quantity: ExplainedQuantity(scale: .margin, calibrator: .identity),
            threads: threads)
        }.seconds
        if row >= TreeShapleyRow.warmUp { times.append(seconds) }
      }
      return Measurement(
        seconds: quantile(times, 0.5),
        settings: "score and 200 reference rows, raw score, \(threads) threads",
        quality: [
          "p50_ms": .number(1e3 * quantile(times, 0.5)),
          "p99_ms": .number(1e3 * quantile(times, 0.99)),
          "memory_mb": .number(Double(work.memoryBytes) / 1e6),
        ])
    }

    func million() throws -> Measurement {
      let work = try InterventionalTreeShapley(
        model, players: players, background: background(200), threads: threads)
      var checksum = 0.0
      let seconds = try timed {
        var done = 0
        while done < TreeShapleyRow.million {
          let count = min(TreeShapleyRow.portion, TreeShapleyRow.million - done)
          let portion = rows.test.selecting(
            rows: (done..<done + count).map { $0 % rows.test.count })
          checksum += try work.portfolioMarginValues(of: portion, threads: threads)[0, 0]
          done += count
        }
      }.seconds
      return Measurement(
        seconds: seconds,
        settings: "200 reference rows, portions of \(TreeShapleyRow.portion), \(threads) threads",
        quality: [
          "rows_per_second": .number(Double(TreeShapleyRow.million) / seconds),
          "checksum": .number(checksum),
        ])
    }
  }
}
