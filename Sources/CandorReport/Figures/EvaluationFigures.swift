import CandorDocument
import CandorEvaluation

/// Charts of evaluations.
enum EvaluationFigures {
  /// ROC curves of the families.
  static func roc(_ families: [FamilyEvaluation]) -> ReportFigure {
    let series = families.map { family in
      LineChart.Series(
        name: key(
          "series.familyAUC",
          [
            "family": FamilyName.value(family.family),
            "auc": .number(family.test.auc.value, format: .fixed(3)),
          ]),
        points: thinned(family.test.roc.points).map {
          LineChart.Point(x: $0.falsePositiveRate, y: $0.truePositiveRate)
        })
    }
    return ReportFigure(
      name: "roc", caption: key("figure.roc"),
      chart: .line(
        LineChart(
          title: key("figure.roc"), description: key("figure.rocDescription"),
          x: Axis(label: key("axis.falsePositives"), minimum: 0, maximum: 1),
          y: Axis(label: key("axis.truePositives"), minimum: 0, maximum: 1), series: series,
          diagonal: key("series.noSkill"))))
  }

  /// Keeps points that differ enough to be seen: the first, the last, and those at least a
  /// two-hundredth of the unit square away from the last one kept.
  static func thinned(_ points: [ROCCurve.Point]) -> [ROCCurve.Point] {
    guard points.count > 250, let first = points.first, let last = points.last else {
      return points
    }
    var kept = [first]
    var current = first
    for point in points.dropFirst().dropLast() {
      let step =
        abs(point.falsePositiveRate - current.falsePositiveRate)
        + abs(point.truePositiveRate - current.truePositiveRate)
      if step >= 0.005 {
        kept.append(point)
        current = point
      }
    }
    return kept + [last]
  }

  /// Cumulative share of bads against cumulative share of rows, worst first.
  static func gains(_ families: [FamilyEvaluation]) -> ReportFigure {
    let series = families.map { family in
      LineChart.Series(
        name: FamilyName.message(family.family),
        points: [LineChart.Point(x: 0, y: 0)]
          + family.test.gains.bands.map {
            LineChart.Point(x: $0.cumulativeShare, y: $0.cumulativeCapture)
          }, mark: .lineAndPoints)
    }
    return ReportFigure(
      name: "gains", caption: key("figure.gains"),
      chart: .line(
        LineChart(
          title: key("figure.gains"), description: key("figure.gains"),
          x: Axis(label: key("axis.cumulativeShare"), minimum: 0, maximum: 1, isPercent: true),
          y: Axis(label: key("axis.capture"), minimum: 0, maximum: 1, isPercent: true),
          series: series, diagonal: key("series.noSkill"))))
  }

  /// How goods and bads are spread over the PD.
  static func scores(_ evaluation: Evaluation, family: String) -> ReportFigure {
    func shares(_ weights: [Double]) -> [Double] {
      let total = weights.reduce(0, +)
      return weights.map { total > 0 ? $0 / total : 0 }
    }
    let title = key("figure.scores", ["family": FamilyName.value(family)])
    return ReportFigure(
      name: "scores", caption: title,
      chart: .histogram(
        HistogramChart(
          title: title, description: title,
          x: Axis(label: key("axis.pd"), minimum: 0, maximum: 1, isPercent: true),
          y: Axis(label: key("axis.shareOfGroup"), minimum: 0, isPercent: true),
          edges: evaluation.histogram.edges,
          series: [
            HistogramChart.Series(
              name: key("series.goods"), shares: shares(evaluation.histogram.goods)),
            HistogramChart.Series(
              name: key("series.bads"), shares: shares(evaluation.histogram.bads)),
          ])))
  }

  /// Observed bad rate with interval against mean PD, by decile of PD.
  static func reliability(_ evaluation: Evaluation, family: String) -> ReportFigure {
    let bins = evaluation.reliability.bins
    let title = key("figure.reliability", ["family": FamilyName.value(family)])
    return ReportFigure(
      name: "calibration", caption: title,
      chart: .line(
        LineChart(
          title: title, description: key("figure.reliabilityDescription"),
          x: Axis(label: key("axis.meanPD"), minimum: 0, isPercent: true),
          y: Axis(label: key("axis.observedRate"), minimum: 0, isPercent: true),
          series: [
            LineChart.Series(
              name: key("series.deciles"),
              points: bins.map {
                LineChart.Point(
                  x: $0.meanProbability, y: $0.observed.value, lower: $0.observed.lower,
                  upper: $0.observed.upper)
              }, mark: .points)
          ], diagonal: key("series.perfect"))))
  }
}
