/// Values with their intervals, one row each: importance, differences, ratios.
public struct IntervalChart: Sendable, Hashable, Codable {
  /// A value of one series in a row.
  public struct Estimate: Sendable, Hashable, Codable {
    /// The value.
    public let value: Double
    /// The lower end of its interval.
    public let lower: Double?
    /// The upper end of its interval.
    public let upper: Double?

    /// Makes a value with its interval.
    public init(value: Double, lower: Double? = nil, upper: Double? = nil) {
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }

  /// A row: a label and one value a series, nil where there is none.
  public struct Row: Sendable, Hashable, Codable {
    /// The label.
    public let label: Message
    /// One value a series.
    public let estimates: [Estimate?]

    /// Makes a row.
    public init(label: Message, estimates: [Estimate?]) {
      self.label = label
      self.estimates = estimates
    }
  }

  /// The title.
  public let title: Message
  /// What the chart shows, for readers who cannot see it.
  public let description: Message
  /// The axis of the values.
  public let axis: Axis
  /// The names of the series; no legend is drawn for a single one.
  public let series: [Message]
  /// The rows, first at the top.
  public let rows: [Row]
  /// Where a line crosses all rows; nil for none.
  public let reference: Double?

  /// Makes a chart.
  public init(
    title: Message, description: Message, axis: Axis, series: [Message], rows: [Row],
    reference: Double? = 0
  ) {
    self.title = title
    self.description = description
    self.axis = axis
    self.series = series
    self.rows = rows
    self.reference = reference
  }

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    let estimates = rows.flatMap { $0.estimates.compactMap { $0 } }
    guard !estimates.isEmpty else {
      throw DocumentError(.invalidChart, "An interval chart has no value.")
    }
    var values = estimates.flatMap { [$0.value, $0.lower ?? $0.value, $0.upper ?? $0.value] }
    if let reference { values.append(reference) }
    let axisLabel = try localizer.string(axis.label)
    var labels: [String] = []
    for row in rows { labels.append(try localizer.string(row.label)) }
    let lanes = Double(max(series.count, 1))
    var row = RowFrame(
      title: try localizer.string(title), description: try localizer.string(description),
      labels: labels, axis: axis, axisLabel: axisLabel, range: axis.domain(of: values),
      rowHeight: max(22, 12 * lanes + 8), right: 30, style: localizer.style)
    let bottom = row.drawAxes(axis, label: axisLabel, style: localizer.style)
    if let reference { row.drawReference(at: reference) }
    for (index, values) in rows.enumerated() {
      for (lane, estimate) in values.estimates.enumerated() {
        guard let estimate else { continue }
        let y = row.middles[index] + (Double(lane) - (lanes - 1) / 2) * 12
        let color = Palette.color(lane)
        let range = row.frame.x
        if let lower = estimate.lower, let upper = estimate.upper {
          row.frame.drawing.line(
            row.frame.px(row.frame.inside(lower, range)), y,
            row.frame.px(row.frame.inside(upper, range)), y, Drawing.Stroke(color, width: 1.5))
        }
        row.frame.drawing.elements.append(
          .circle(
            Drawing.Point(row.frame.px(row.frame.inside(estimate.value, range)), y), radius: 4,
            fill: color))
      }
    }
    var legend: [(ChartFrame.Swatch, String)] = []
    if series.count > 1 {
      for (index, name) in series.enumerated() {
        legend.append((.interval(color: Palette.color(index)), try localizer.string(name)))
      }
    }
    row.frame.finish(legend: legend, below: bottom)
    return row.frame.drawing
  }
}
