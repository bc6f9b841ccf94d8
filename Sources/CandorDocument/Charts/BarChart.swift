/// Bars from zero, one row each, in groups of series; or to both sides of zero in two colours.
public struct BarChart: Sendable, Hashable, Codable {
  /// A row: a label and one value a series.
  public struct Row: Sendable, Hashable, Codable {
    /// The label.
    public let label: Message
    /// One value a series.
    public let values: [Double]

    /// Makes a row.
    public init(label: Message, values: [Double]) {
      self.label = label
      self.values = values
    }
  }

  /// The title.
  public let title: Message
  /// What the chart shows, for readers who cannot see it.
  public let description: Message
  /// The axis of the values.
  public let axis: Axis
  /// The names of the series. In a diverging chart: the name of what is above zero, then of what
  /// is below.
  public let series: [Message]
  /// The rows, first at the top.
  public let rows: [Row]
  /// Whether the colour tells the side of zero rather than the series.
  public let isDiverging: Bool
  /// How the value at the end of each bar is printed.
  public let format: NumberFormat

  /// Makes a chart.
  public init(
    title: Message, description: Message, axis: Axis, series: [Message], rows: [Row],
    isDiverging: Bool = false, format: NumberFormat
  ) {
    self.title = title
    self.description = description
    self.axis = axis
    self.series = series
    self.rows = rows
    self.isDiverging = isDiverging
    self.format = format
  }

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    let values = rows.flatMap(\.values).filter(\.isFinite)
    guard !values.isEmpty else { throw DocumentError(.invalidChart, "A bar chart has no bar.") }
    let axisLabel = try localizer.string(axis.label)
    var labels: [String] = []
    for row in rows { labels.append(try localizer.string(row.label)) }
    let lanes = Double(max(1, rows.map(\.values.count).max() ?? 1))
    let printed = ChartFrame.widest(values.map { localizer.style.string($0, format) })
    var range = axis.domain(of: values + [0])
    // Room for the printed value beyond the longest bar on each side.
    let room = (range.high - range.low) * (printed + 10) / (380 - 2 * (printed + 10))
    if range.low < 0 { range.low -= room }
    let largest = values.max() ?? 0
    if axis.maximum == nil, largest > 0 || range.low >= 0 { range.high += room }
    let barHeight = lanes > 1 ? 13.0 : 16.0
    var row = RowFrame(
      title: try localizer.string(title), description: try localizer.string(description),
      labels: labels, axis: axis, axisLabel: axisLabel, range: range,
      rowHeight: barHeight * lanes + 8, right: axis.maximum == nil ? 24 : 24 + printed,
      style: localizer.style)
    let bottom = row.drawAxes(axis, label: axisLabel, style: localizer.style)
    for (index, values) in rows.enumerated() {
      for (lane, value) in values.values.enumerated() where value.isFinite {
        let middle = row.middles[index] + (Double(lane) - (lanes - 1) / 2) * barHeight
        draw(value, lane, middle, barHeight - 2, &row.frame, localizer.style)
      }
    }
    row.drawReference(at: 0)
    var legend: [(ChartFrame.Swatch, String)] = []
    if series.count > 1 {
      for (index, name) in series.enumerated() {
        let color =
          isDiverging
          ? (index == 0 ? Palette.adverse : Palette.favourable) : Palette.color(index)
        legend.append((.box(fill: color, opacity: 1), try localizer.string(name)))
      }
    }
    row.frame.finish(legend: legend, below: bottom)
    return row.frame.drawing
  }

  private func draw(
    _ value: Double, _ lane: Int, _ middle: Double, _ height: Double, _ frame: inout ChartFrame,
    _ style: NumberStyle
  ) {
    let color =
      isDiverging ? (value >= 0 ? Palette.adverse : Palette.favourable) : Palette.color(lane)
    let zero = frame.px(frame.inside(0, frame.x))
    let end = frame.px(frame.inside(value, frame.x))
    frame.drawing.rectangle(
      x: min(zero, end), y: middle - height / 2, width: abs(end - zero), height: height,
      fill: color)
    frame.drawing.text(
      style.string(value, format), value >= 0 ? end + 5 : end - 5, middle + 4, size: 11,
      anchor: value >= 0 ? .start : .end)
  }
}
