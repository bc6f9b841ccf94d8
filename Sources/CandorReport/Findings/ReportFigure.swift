public import CandorDocument

/// A figure: its chart, and the name of its file.
public struct ReportFigure: Sendable, Equatable, Codable {
  /// The name of the file without its ending; unique in a report.
  public let name: String
  /// The line under it.
  public let caption: Message
  /// The chart.
  public let chart: Chart

  /// Makes a figure.
  public init(name: String, caption: Message, chart: Chart) {
    self.name = name
    self.caption = caption
    self.chart = chart
  }
}
