/// A chart of any kind, as a value that can be stored beside the numbers that it shows.
public enum Chart: Sendable, Hashable, Codable {
  /// Curves and points over two measured axes.
  case line(LineChart)
  /// Values with intervals, one a row.
  case interval(IntervalChart)
  /// Bars, in groups or to both sides of zero.
  case bar(BarChart)
  /// Steps that lead from a start to an end.
  case waterfall(WaterfallChart)
  /// Counts of two or more groups over the same bins.
  case histogram(HistogramChart)
  /// One dot a case, in rows, coloured by a second number.
  case beeswarm(BeeswarmChart)

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    switch self {
    case .line(let chart): try chart.drawing(localizer)
    case .interval(let chart): try chart.drawing(localizer)
    case .bar(let chart): try chart.drawing(localizer)
    case .waterfall(let chart): try chart.drawing(localizer)
    case .histogram(let chart): try chart.drawing(localizer)
    case .beeswarm(let chart): try chart.drawing(localizer)
    }
  }
}
