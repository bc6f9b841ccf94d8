import Candor

/// Four different ways to be approved, for one refused applicant at a time.
enum CounterfactualsRow {
  /// Refused test rows that are tried.
  static let applicants = 20
  /// Ways wanted for each.
  static let wanted = 4
  /// The PD at and above which an applicant is refused: DiCE asks for the other class.
  static let cutOff = 0.5

  static func run(_ request: Request) throws -> Measurement {
    let rows = try LoanRows(request, size: "s", family: "forest", preparation: LoanRows.ordinal)
    let options = ForestOptions(trees: 200, minimumLeaf: 5, maximumDepth: 12, outOfBag: false)
    let forest = try ForestLearner(options: options).fit(rows.training, context: request.context)
      .model
    let model = try RecourseModel(
      encoder: rows.encoder, scorer: forest, calibrator: .clamp(floor: 0), cutOff: cutOff)
    let finder = try RecourseFinder(
      model: model, rules: ChangeRules(), training: request.work.table("s/train.csv"),
      options: RecourseOptions(count: wanted), seeds: request.seeds, threads: request.threads)
    let refused = zip(0..., try forest.margins(of: rows.test)).filter { $1 >= cutOff }
      .prefix(applicants).map { $0.0 }
    _ = try refused.first.map { try finder.recourse(for: rows.testTable, row: $0) }
    var times: [Double] = []
    var found: [Counterfactual] = []
    var complete = 0
    for row in refused {
      let (answer, seconds) = try timed { try finder.recourse(for: rows.testTable, row: row) }
      times.append(seconds)
      found += answer.counterfactuals
      if answer.counterfactuals.count == wanted { complete += 1 }
    }
    let count = Double(max(found.count, 1))
    return Measurement(
      seconds: quantile(times, 0.5),
      settings: "\(wanted) ways, forest of 200 trees of depth 12, \(request.threads) threads",
      quality: [
        "applicants": .number(Double(refused.count)),
        "validity": .number(Double(found.count(where: \.isVerified)) / count),
        "complete": .number(Double(complete) / Double(max(refused.count, 1))),
        "cost": .number(found.reduce(0) { $0 + $1.cost } / count),
        "changes": .number(found.reduce(0) { $0 + Double($1.changeCount) } / count),
      ])
  }
}
