import CandorDocument
import CandorScoring

/// The losses of a training over its epochs.
enum LossFigure {
  /// Training and validation loss by epoch; nil where the family has none, or one epoch alone.
  static func curves(_ log: TrainingLog, family: String) -> ReportFigure? {
    let known = [
      "training loss": "series.trainingLoss", "validation loss": "series.validationLoss",
    ]
    let series = log.curves.compactMap { curve -> LineChart.Series? in
      guard let name = known[curve.name], curve.values.count > 1,
        curve.values.allSatisfy(\.isFinite)
      else { return nil }
      return LineChart.Series(
        name: key(name),
        points: curve.values.enumerated().map {
          LineChart.Point(x: Double($0.offset + 1), y: $0.element)
        })
    }
    guard !series.isEmpty else { return nil }
    let title = key("figure.loss", ["family": FamilyName.value(family)])
    return ReportFigure(
      name: "loss-\(family)", caption: title,
      chart: .line(
        LineChart(
          title: title, description: key("figure.lossDescription"),
          x: Axis(label: key("axis.epoch"), isWhole: true), y: Axis(label: key("axis.loss")),
          series: series,
          diagonal: nil)))
  }
}
