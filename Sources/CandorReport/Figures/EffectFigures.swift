import CandorDocument
import CandorExplanation

/// Figures of how the champion's score moves with its strongest features.
enum EffectFigures {
  static func items(for input: BehaviourInput) -> [ReportItem] {
    guard let first = input.effects.first else { return [] }
    var items: [ReportItem] = [
      .subheading(key("behaviour.effects")),
      .paragraph(
        key(
          "behaviour.effectsIntro",
          [
            "n": .count(first.rowCount), "sample": .code(first.sampleName),
            "resamples": .count(first.resampleCount),
          ])),
    ]
    for (position, effect) in input.effects.enumerated() where !effect.points.isEmpty {
      let dependence = input.dependence.first { $0.feature == effect.feature }
      let title = key("figure.effect", ["feature": .text(effect.feature)])
      items.append(
        .figure(
          ReportFigure(
            name: "effect-\(position + 1)", caption: title,
            chart: effect.kind == .numbers
              ? .line(curve(effect, dependence, title: title))
              : .interval(levels(effect, dependence, title: title)))))
    }
    return items
  }

  /// The accumulated effect in its band, partial dependence about its own mean, and where the
  /// applicants' values lie.
  private static func curve(
    _ effect: AccumulatedLocalEffects, _ dependence: PartialDependence?, title: Message
  ) -> LineChart {
    func points(_ values: [(FeatureGrid.Point, EffectEstimate)]) -> [LineChart.Point] {
      values.compactMap { at, effect in
        at.number.map {
          LineChart.Point(x: $0, y: effect.value, lower: effect.lower, upper: effect.upper)
        }
      }
    }
    var series = [
      LineChart.Series(
        name: key("series.accumulated"), points: points(effect.points.map { ($0.at, $0.effect) }),
        mark: .band)
    ]
    if let dependence {
      let own = points(dependence.points.map { ($0.at, $0.centred) }).map {
        LineChart.Point(x: $0.x, y: $0.y)
      }
      if !own.isEmpty {
        series.append(LineChart.Series(name: key("series.dependence"), points: own))
      }
    }
    return LineChart(
      title: title, description: title, x: Axis(label: .text(effect.feature)),
      y: Axis(label: key("axis.logOdds")), series: series,
      rug: effect.points.compactMap(\.at.number))
  }

  private static func levels(
    _ effect: AccumulatedLocalEffects, _ dependence: PartialDependence?, title: Message
  ) -> IntervalChart {
    IntervalChart(
      title: title, description: title, axis: Axis(label: key("axis.logOdds")),
      series: [key("series.accumulated")] + (dependence == nil ? [] : [key("series.dependence")]),
      rows: effect.points.prefix(20).map { point in
        var estimates: [IntervalChart.Estimate?] = [
          IntervalChart.Estimate(
            value: point.effect.value, lower: point.effect.lower, upper: point.effect.upper)
        ]
        if let dependence {
          estimates.append(
            dependence.points.first { $0.at.label == point.at.label }.map {
              IntervalChart.Estimate(
                value: $0.centred.value, lower: $0.centred.lower, upper: $0.centred.upper)
            })
        }
        return IntervalChart.Row(
          label: key(
            "label.levelShare",
            [
              "level": .text(point.at.label),
              "share": .number(point.at.share, format: .percent(0)),
            ]), estimates: estimates)
      })
  }
}
