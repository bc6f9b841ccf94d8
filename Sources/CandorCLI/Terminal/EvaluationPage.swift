import CandorEvaluation

/// An evaluation as a terminal shows it.
enum EvaluationPage {
  static func lines(_ evaluation: Evaluation) -> [String] {
    let confusion = evaluation.confusion
    var rows: [[String]] = [
      ["AUC", Numbers.interval(evaluation.auc, 3), evaluation.auc.method],
      ["Gini", Numbers.interval(evaluation.gini, 3), evaluation.gini.method],
      ["KS", Numbers.interval(evaluation.ks, 3), evaluation.ks.method],
      [
        "average precision", Numbers.interval(evaluation.averagePrecision, 3),
        evaluation.averagePrecision.method,
      ],
      [
        "Brier score", Numbers.interval(evaluation.brier.score, 4), evaluation.brier.score.method,
      ],
      ["log-loss", Numbers.interval(evaluation.logLoss, 4), evaluation.logLoss.method],
    ]
    func add(_ name: String, _ estimate: Estimate?, _ places: Int = 3) {
      guard let estimate else { return }
      rows.append([name, Numbers.interval(estimate, places), estimate.method])
    }
    add("observed / expected", evaluation.calibration.observedOverExpected)
    add("calibration slope", evaluation.calibration.slope)
    add("accuracy", confusion.accuracy)
    add("precision", confusion.precision)
    add("recall", confusion.recall)
    if let f1 = confusion.f1 { rows.append(["F1", Numbers.decimal(f1, 3), ""]) }
    add("approval rate", confusion.approvalRate)
    add("bad rate among approved", confusion.badRateAmongApproved)
    let table = TextTable(
      header: ["measure", "value (95% interval)", "method"], rows: rows, numeric: [])
    return [
      "\(evaluation.rows) rows, \(evaluation.badRows) bad; decisions at a PD of "
        + Numbers.percent(confusion.cutOff)
    ] + table.lines + [
      "refused: \(Numbers.decimal(confusion.refusedBads, 0)) bad, "
        + "\(Numbers.decimal(confusion.refusedGoods, 0)) good; approved: "
        + "\(Numbers.decimal(confusion.approvedBads, 0)) bad, "
        + "\(Numbers.decimal(confusion.approvedGoods, 0)) good"
    ]
  }
}
