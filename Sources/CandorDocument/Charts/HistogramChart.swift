/// How two or more groups are spread over the same bins, each group as shares of itself.
public struct HistogramChart: Sendable, Hashable, Codable {
  /// A group.
  public struct Series: Sendable, Hashable, Codable {
    /// The name in the legend.
    public let name: Message
    /// The share of the group in each bin.
    public let shares: [Double]

    /// Makes a group.
    public init(name: Message, shares: [Double]) {
      self.name = name
      self.shares = shares
    }
  }

  /// The title.
  public let title: Message
  /// What the chart shows, for readers who cannot see it.
  public let description: Message
  /// The axis of the bins.
  public let x: Axis
  /// The axis of the shares.
  public let y: Axis
  /// The edges of the bins, rising; one more than there are bins.
  public let edges: [Double]
  /// The groups.
  public let series: [Series]

  /// Makes a chart.
  public init(
    title: Message, description: Message, x: Axis, y: Axis, edges: [Double], series: [Series]
  ) {
    self.title = title
    self.description = description
    self.x = x
    self.y = y
    self.edges = edges
    self.series = series
  }

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    guard let first = edges.first, let last = edges.last, last > first, !series.isEmpty,
      series.allSatisfy({ $0.shares.count + 1 == edges.count })
    else {
      throw DocumentError(
        .invalidChart, "A histogram needs rising edges, one more than each group has shares.")
    }
    var frame = ChartFrame(
      title: try localizer.string(title), description: try localizer.string(description),
      width: 620)
    let style = localizer.style
    let yLabel = try localizer.string(y.label)
    let yRange = y.domain(of: series.flatMap(\.shares) + [0])
    frame.plotHeight = 280
    frame.left = ChartFrame.leftMargin(
      y, label: yLabel, range: yRange, height: frame.plotHeight, style: style)
    frame.plotWidth = frame.drawing.width - frame.left - 28
    frame.setRanges(x: (x.minimum ?? first, x.maximum ?? last), y: yRange)
    frame.drawVerticalAxis(y, label: yLabel, style: style)
    let bottom = frame.drawHorizontalAxis(x, label: try localizer.string(x.label), style: style)
    var legend: [(ChartFrame.Swatch, String)] = []
    for (index, group) in series.enumerated() {
      let color = Palette.color(index)
      var outline = [Drawing.Point(frame.px(first), frame.py(0))]
      for (bin, share) in group.shares.enumerated() {
        let left = frame.px(edges[bin])
        let right = frame.px(edges[bin + 1])
        let top = frame.py(frame.inside(share, frame.y))
        frame.drawing.rectangle(
          x: left, y: top, width: right - left, height: frame.py(0) - top, fill: color,
          opacity: 0.3)
        outline += [Drawing.Point(left, top), Drawing.Point(right, top)]
      }
      outline.append(Drawing.Point(frame.px(last), frame.py(0)))
      frame.drawing.elements.append(
        .polyline(outline, Palette.stroke(index, width: 1.5)))
      legend.append((.box(fill: color, opacity: 0.5), try localizer.string(group.name)))
    }
    frame.finish(legend: legend, below: bottom)
    return frame.drawing
  }
}
