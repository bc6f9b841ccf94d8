/// Curves over two measured axes: ROC, gains, calibration with intervals.
public struct LineChart: Sendable, Hashable, Codable {
  /// A point, with an interval of its height where there is one.
  public struct Point: Sendable, Hashable, Codable {
    /// Along the horizontal axis.
    public let x: Double
    /// Along the vertical axis.
    public let y: Double
    /// The lower end of the interval.
    public let lower: Double?
    /// The upper end of the interval.
    public let upper: Double?

    /// Makes a point.
    public init(x: Double, y: Double, lower: Double? = nil, upper: Double? = nil) {
      self.x = x
      self.y = y
      self.lower = lower
      self.upper = upper
    }
  }

  /// A named curve.
  public struct Series: Sendable, Hashable, Codable {
    /// How its points are drawn.
    public enum Mark: String, Sendable, Codable {
      /// A line; a line with dots; dots alone; a line in the shaded band of its intervals.
      case line, points, lineAndPoints, band
    }

    /// The name in the legend.
    public let name: Message
    /// The points, in drawing order.
    public let points: [Point]
    /// How they are drawn.
    public let mark: Mark

    /// Makes a curve.
    public init(name: Message, points: [Point], mark: Mark = .line) {
      self.name = name
      self.points = points
      self.mark = mark
    }
  }

  /// The title.
  public let title: Message
  /// What the chart shows, for readers who cannot see it.
  public let description: Message
  /// The horizontal axis.
  public let x: Axis
  /// The vertical axis.
  public let y: Axis
  /// The curves.
  public let series: [Series]
  /// The name of the line y = x (no skill, perfect calibration); nil for none.
  public let diagonal: Message?
  /// Where short ticks stand on the horizontal axis, to show where the data lie; nil for none.
  public let rug: [Double]?

  /// Makes a chart.
  public init(
    title: Message, description: Message, x: Axis, y: Axis, series: [Series],
    diagonal: Message? = nil, rug: [Double]? = nil
  ) {
    self.title = title
    self.description = description
    self.x = x
    self.y = y
    self.series = series
    self.diagonal = diagonal
    self.rug = rug
  }

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    let points = series.flatMap(\.points)
    guard !points.isEmpty else { throw DocumentError(.invalidChart, "A line chart has no point.") }
    var frame = ChartFrame(
      title: try localizer.string(title), description: try localizer.string(description),
      width: 620)
    let style = localizer.style
    let yLabel = try localizer.string(y.label)
    let xRange = x.domain(of: points.map(\.x))
    let yRange = y.domain(of: points.flatMap { [$0.y, $0.lower ?? $0.y, $0.upper ?? $0.y] })
    frame.plotHeight = 360
    frame.left = ChartFrame.leftMargin(
      y, label: yLabel, range: yRange, height: frame.plotHeight, style: style)
    frame.plotWidth = frame.drawing.width - frame.left - 28
    frame.setRanges(x: xRange, y: yRange)
    frame.drawVerticalAxis(y, label: yLabel, style: style)
    let bottom = frame.drawHorizontalAxis(x, label: try localizer.string(x.label), style: style)
    var legend: [(ChartFrame.Swatch, String)] = []
    if let diagonal {
      let low = max(xRange.low, yRange.low)
      let high = min(xRange.high, yRange.high)
      let stroke = Drawing.Stroke(Palette.axis, width: 1.25, dash: [4, 4])
      if high > low {
        frame.drawing.line(frame.px(low), frame.py(low), frame.px(high), frame.py(high), stroke)
      }
      legend.append((.line(stroke), try localizer.string(diagonal)))
    }
    for place in rug ?? [] where place >= xRange.low && place <= xRange.high {
      let bottom = frame.top + frame.plotHeight
      frame.drawing.line(
        frame.px(place), bottom - 6, frame.px(place), bottom, Drawing.Stroke(Palette.faint))
    }
    for (index, series) in series.enumerated() {
      draw(series, index, &frame)
      let swatch: ChartFrame.Swatch =
        series.mark == .points
        ? .interval(color: Palette.color(index)) : .line(Palette.stroke(index))
      legend.append((swatch, try localizer.string(series.name)))
    }
    frame.finish(legend: legend, below: bottom)
    return frame.drawing
  }

  private func draw(_ series: Series, _ index: Int, _ frame: inout ChartFrame) {
    let color = Palette.color(index)
    func place(_ point: Point, _ height: Double) -> Drawing.Point {
      Drawing.Point(
        frame.px(frame.inside(point.x, frame.x)), frame.py(frame.inside(height, frame.y)))
    }
    if series.mark == .band {
      let upper = series.points.map { place($0, $0.upper ?? $0.y) }
      let lower = series.points.map { place($0, $0.lower ?? $0.y) }
      frame.drawing.elements.append(
        .polygon(upper + lower.reversed(), fill: color, opacity: 0.18))
    }
    for point in series.points where series.mark != .band {
      guard let lower = point.lower, let upper = point.upper else { continue }
      let low = place(point, lower)
      let high = place(point, upper)
      let stroke = Drawing.Stroke(color, width: 1.25)
      frame.drawing.line(low.x, low.y, high.x, high.y, stroke)
      for end in [low, high] { frame.drawing.line(end.x - 4, end.y, end.x + 4, end.y, stroke) }
    }
    if series.mark != .points {
      frame.drawing.elements.append(
        .polyline(series.points.map { place($0, $0.y) }, Palette.stroke(index)))
    }
    if series.mark == .points || series.mark == .lineAndPoints {
      for point in series.points {
        frame.drawing.elements.append(.circle(place(point, point.y), radius: 4, fill: color))
      }
    }
  }
}
