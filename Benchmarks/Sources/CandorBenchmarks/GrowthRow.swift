import Candor

/// How the cost grows with the number of rows.
enum GrowthRow {
  static func run(_ request: Request, part: String, rows: Int) throws -> Measurement {
    let file = "growth/\(rows).csv"
    if part == "load" {
      _ = try request.work.table("warm.csv")
      let (_, seconds) = try timed { try request.work.table(file) }
      return Measurement(seconds: seconds, settings: "\(rows) rows")
    }
    let shape = try request.work.shape("m")
    let table = try request.work.table(file)
    let few = try request.work.table("warm.csv")
    switch part {
    case "forest":
      let loans = try LoanRows(
        table: table, test: few, target: shape.target, bad: shape.bad, family: "forest")
      let learner = ForestLearner(
        options: ForestOptions(trees: 20, minimumLeaf: 5, maximumDepth: 12, outOfBag: false))
      let (_, seconds) = try timed { try learner.fit(loans.training, context: request.context) }
      return Measurement(seconds: seconds, settings: "20 trees, depth 12, \(rows) rows")
    case "svm":
      let loans = try LoanRows(
        table: table, test: few, target: shape.target, bad: shape.bad, family: "svm")
      let learner = LinearSVMLearner(options: LinearSVMOptions(c: 1, bias: 1, tolerance: 1e-4))
      let (_, seconds) = try timed { try learner.fit(loans.training, context: request.context) }
      return Measurement(seconds: seconds, settings: "relative gap 1e-4, \(rows) rows")
    case "network":
      let loans = try LoanRows(
        table: table, test: few, target: shape.target, bad: shape.bad, family: "network")
      let (_, seconds) = try NetworkRow.fit(loans.training, epochs: 1, request: request)
      return Measurement(seconds: seconds.reduce(0, +), settings: "one epoch, \(rows) rows")
    default: throw WorkDirectory.Mismatch(description: "There is no part \(part).")
    }
  }
}
