import Candor

/// One applicant at a time, from raw cells to the PD, warm and in process.
enum ApplicantRow {
  private static let calls = 2_000
  private static let warmUp = 200

  static func run(_ request: Request, family: String) throws -> Measurement {
    let rows = try LoanRows(
      request, size: "s", family: family,
      preparation: family == "forest" ? LoanRows.ordinal : EncodingOptions())
    let scorer: any Scorer
    if family == "forest" {
      scorer =
        try ForestLearner(options: ForestRow.small).fit(rows.training, context: request.context)
        .model
    } else {
      scorer =
        try LogisticLearner(options: LogisticOptions(ridge: 1)).fit(
          rows.training, context: request.context
        ).model
    }
    return try measure(scorer, rows: rows)
  }

  private static func measure(_ scorer: some Scorer, rows: LoanRows) throws -> Measurement {
    let encoder = RowEncoder(rows.encoder)
    let table = rows.testTable
    let columns = try encoder.features.map { try table.requiredColumn($0) }
    let applicants = (0..<calls + warmUp).map { call in
      columns.map { column -> Cell in
        let row = call % table.rowCount
        if column.isMissing(row) { return .missing }
        switch column.storage {
        case .numbers(let numbers): return .number(numbers[row])
        case .codes(let codes, let levels): return .text(levels.levels[Int(codes[row])])
        }
      }
    }
    var probabilities: [Double] = []
    var microseconds: [Double] = []
    for (call, cells) in applicants.enumerated() {
      let (margin, seconds) = try timed {
        let row = try encoder.encode(cells)
        return try scorer.margins(
          of: EncodedRows(Matrix(rows: 1, columns: row.count, values: row)))[0]
      }
      if call < calls {
        probabilities.append(scorer.marginScale == .logOdds ? sigmoid(margin) : margin)
      }
      if call >= warmUp { microseconds.append(seconds * 1e6) }
    }
    let median = quantile(microseconds, 0.5)
    return Measurement(
      seconds: median * 1e-6, settings: "encode and score, one thread",
      quality: [
        "p50_us": .number(median), "p99_us": .number(quantile(microseconds, 0.99)),
      ],
      output: Array(probabilities.prefix(table.rowCount)))
  }
}
