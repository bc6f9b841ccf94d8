/// Steps that lead from a start to an end: how contributions make up one result.
public struct WaterfallChart: Sendable, Hashable, Codable {
  /// A step.
  public struct Step: Sendable, Hashable, Codable {
    /// The label.
    public let label: Message
    /// How far it moves the total; positive towards bad.
    public let change: Double

    /// Makes a step.
    public init(label: Message, change: Double) {
      self.label = label
      self.change = change
    }
  }

  /// The title.
  public let title: Message
  /// What the chart shows, for readers who cannot see it.
  public let description: Message
  /// The axis of the running total.
  public let axis: Axis
  /// The name of the starting point.
  public let startLabel: Message
  /// The starting point.
  public let start: Double
  /// The steps, first at the top.
  public let steps: [Step]
  /// The name of the end.
  public let endLabel: Message
  /// The names of steps up and steps down, for the legend.
  public let directions: [Message]

  /// Makes a chart.
  public init(
    title: Message, description: Message, axis: Axis, startLabel: Message, start: Double,
    steps: [Step], endLabel: Message, directions: [Message]
  ) {
    self.title = title
    self.description = description
    self.axis = axis
    self.startLabel = startLabel
    self.start = start
    self.steps = steps
    self.endLabel = endLabel
    self.directions = directions
  }

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    guard start.isFinite, steps.allSatisfy(\.change.isFinite) else {
      throw DocumentError(.invalidChart, "A step of a waterfall is not a finite number.")
    }
    var totals = [start]
    for step in steps { totals.append((totals.last ?? start) + step.change) }
    let end = totals.last ?? start
    let style = localizer.style
    var labels = [try localizer.string(startLabel)]
    for step in steps { labels.append(try localizer.string(step.label)) }
    labels.append(try localizer.string(endLabel))
    let axisLabel = try localizer.string(axis.label)
    let texts =
      [style.string(start, .fixed(2))] + steps.map { Self.signed($0.change, style) }
      + [style.string(end, .fixed(2))]
    let printed = ChartFrame.widest(texts)
    var range = axis.domain(of: totals)
    let room = (range.high - range.low) * (printed + 10) / (380 - 2 * (printed + 10))
    range = (range.low - room, range.high + room)
    var row = RowFrame(
      title: try localizer.string(title), description: try localizer.string(description),
      labels: labels, axis: axis, axisLabel: axisLabel, range: range, rowHeight: 24, right: 24,
      style: style)
    let bottom = row.drawAxes(axis, label: axisLabel, style: style)
    for (index, step) in steps.enumerated() {
      let from = row.frame.px(totals[index])
      let to = row.frame.px(totals[index + 1])
      let middle = row.middles[index + 1]
      let color = step.change >= 0 ? Palette.adverse : Palette.favourable
      row.frame.drawing.rectangle(
        x: min(from, to), y: middle - 8, width: max(abs(to - from), 0.5), height: 16, fill: color)
      row.frame.drawing.line(
        from, row.middles[index], from, middle, Drawing.Stroke(Palette.axis, dash: [2, 2]))
      row.frame.drawing.text(
        texts[index + 1], step.change >= 0 ? max(from, to) + 5 : min(from, to) - 5, middle + 4,
        size: 11, anchor: step.change >= 0 ? .start : .end)
    }
    let last = row.middles.count - 1
    for (index, value) in [(0, start), (last, end)] {
      let point = Drawing.Point(row.frame.px(value), row.middles[index])
      if index == last {
        row.frame.drawing.line(
          point.x, row.middles[last - 1], point.x, point.y,
          Drawing.Stroke(Palette.axis, dash: [2, 2]))
      }
      row.frame.drawing.elements.append(.circle(point, radius: 5, fill: Palette.ink))
      row.frame.drawing.text(
        style.string(value, .fixed(2)), point.x + 9, point.y + 4, size: 11, bold: true)
    }
    var legend: [(ChartFrame.Swatch, String)] = []
    for (index, name) in directions.prefix(2).enumerated() {
      let color = index == 0 ? Palette.adverse : Palette.favourable
      legend.append((.box(fill: color, opacity: 1), try localizer.string(name)))
    }
    row.frame.finish(legend: legend, below: bottom)
    return row.frame.drawing
  }

  private static func signed(_ value: Double, _ style: NumberStyle) -> String {
    let text = style.string(value, .fixed(2))
    return value > 0 && text != "0.00" ? "+" + text : text
  }
}
