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
  private static let refusals = 500
  /// The budget of a decision: two looks at the draws.
  private static let mostPairs = 800
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
      labels: BinaryTarget.labels(
        in: rows.testTable, target: request.work.shape("s").target,
        bad: request.work.shape("s").bad), threads: request.threads)
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
    /// The outcomes of the test part.
    let labels: [Double]
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
      let times = try (0..<all.count).map { row in
        let one = all.selecting(rows: [row])
        return try timed {
          _ = try work.explain(
            one, quantity: ExplainedQuantity(scale: .margin, calibrator: .identity),
            threads: threads)
        }.seconds
      }.dropFirst(TreeShapleyRow.warmUp)
      var quality: [String: Measurement.Value] = [
        "p50_ms": .number(1e3 * quantile(Array(times), 0.5)),
        "p99_ms": .number(1e3 * quantile(Array(times), 0.99)),
        "memory_mb": .number(Double(work.memoryBytes) / 1e6),
      ]
      try quality.merge(reasons(calibration: "isotonic", name: "reasons")) { $1 }
      try quality.merge(reasons(calibration: "platt", name: "platt_reasons")) { $1 }
      return Measurement(
        seconds: quantile(Array(times), 0.5),
        settings: "score and 200 reference rows, raw score, \(threads) threads", quality: quality)
    }

    /// Refusals with reasons on the log-odds of the calibrated PD, against the approvals nearest to
    /// the cut-off.
    func reasons(calibration: String, name: String) throws -> [String: Measurement.Value] {
      let score = try ExplainedModel(
        scorer: model,
        calibrator: CalibratorFitting.fit(
          kind: calibration, margins: model.margins(of: rows.test), labels: labels,
          scale: model.marginScale), featureMap: rows.encoder.featureMap)
      let values = try score.values(of: rows.test)
      let byValue = values.indices.sorted { values[$0] < values[$1] }
      // One applicant in five is refused, as the bad rate would have it.
      let cutOff = byValue.count * 4 / 5
      let refusedFrom = values[byValue[cutOff]]
      let approved = byValue[..<cutOff].filter { values[$0] < refusedFrom }
      let prepared = try PreparedShapley(
        score, players: players,
        background: Background(
          name: "near the cut-off, approved",
          rows: rows.test.selecting(rows: approved.suffix(200))), threads: threads)
      let subjects = players.names.enumerated().map {
        ReasonSubject(name: $1, members: players.members[$0], priority: $0)
      }
      let refused = Array(
        values.indices.filter { values[$0] >= refusedFrom }.prefix(
          TreeShapleyRow.refusals + TreeShapleyRow.warmUp))
      var times: [Double] = []
      var ordered = 0.0
      for (number, row) in refused.enumerated() {
        let applicant = Array(rows.test.selecting(rows: [row]).matrix.row(0))
        let (found, seconds) = try timed {
          try ReasonDerivation.derive(
            by: prepared, applicant: applicant, subjects: subjects, refusedFrom: refusedFrom,
            sampling: SampledShapleyOptions(
              pairs: 256, mostPairs: TreeShapleyRow.mostPairs, certainOrder: .init()),
            seeds: SeedTree(seed: 1), threads: threads)
        }
        guard number >= TreeShapleyRow.warmUp else { continue }
        times.append(seconds)
        if case .sampled(let evidence) = found.explanation.fidelity.evidence {
          ordered += evidence.orderIsCertain == true ? 1 : 0
        } else {
          ordered += 1
        }
      }
      return [
        "\(name)_p50_ms": .number(1e3 * quantile(times, 0.5)),
        "\(name)_p99_ms": .number(1e3 * quantile(times, 0.99)),
        "\(name)_order_certain": .number(ordered / Double(times.count)),
      ]
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
