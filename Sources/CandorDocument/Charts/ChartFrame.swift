/// The parts that charts share: title, plot area with axes, legend.
struct ChartFrame {
  static let margin = 16.0
  static let titleSize = 15.0
  static let textSize = 12.0
  static let lineHeight = 16.0

  /// A sample of colour beside a name.
  enum Swatch {
    case line(Drawing.Stroke)
    case box(fill: String, opacity: Double)
    case interval(color: String)
  }

  var drawing: Drawing
  var left = 0.0
  var top = 0.0
  var plotWidth = 0.0
  var plotHeight = 0.0
  private(set) var x = (low: 0.0, high: 1.0)
  private(set) var y = (low: 0.0, high: 1.0)

  /// Starts a chart of a width with its title, wrapped.
  init(title: String, description: String, width: Double) {
    drawing = Drawing(width: width, height: 0, title: title, description: description)
    let lines = TextMeasure.lines(
      title, width: width - 2 * Self.margin, size: Self.titleSize, bold: true)
    var baseline = 26.0
    for line in lines {
      drawing.text(line, Self.margin, baseline, size: Self.titleSize, bold: true)
      baseline += 20
    }
    top = baseline - 2
  }

  func px(_ value: Double) -> Double {
    left + (value - x.low) / (x.high - x.low) * plotWidth
  }

  func py(_ value: Double) -> Double {
    top + plotHeight - (value - y.low) / (y.high - y.low) * plotHeight
  }

  func inside(_ value: Double, _ range: (low: Double, high: Double)) -> Double {
    min(max(value, range.low), range.high)
  }

  mutating func setRanges(x: (low: Double, high: Double), y: (low: Double, high: Double)) {
    self.x = x
    self.y = y
  }

  /// The widest tick text of an axis.
  static func widest(_ texts: [String]) -> Double {
    texts.map { TextMeasure.width($0, size: textSize) }.max() ?? 0
  }

  /// Ticks on a horizontal axis whose texts do not touch.
  static func horizontalTicks(
    _ axis: Axis, _ range: (low: Double, high: Double), width: Double, style: NumberStyle
  ) -> (ticks: Ticks, texts: [String]) {
    for count in stride(from: 8, to: 2, by: -1) {
      let ticks = Ticks(
        minimum: range.low, maximum: range.high, count: count, isWhole: axis.isWhole)
      let texts = axis.tickTexts(ticks, style)
      let gap = width / Double(max(ticks.values.count, 1))
      if widest(texts) + 10 <= gap { return (ticks, texts) }
    }
    let ticks = Ticks(minimum: range.low, maximum: range.high, count: 2, isWhole: axis.isWhole)
    return (ticks, axis.tickTexts(ticks, style))
  }

  /// Draws the horizontal axis with grid lines, ticks and label under the plot; returns the
  /// baseline below which nothing stands yet.
  mutating func drawHorizontalAxis(_ axis: Axis, label: String, style: NumberStyle) -> Double {
    let (ticks, texts) = Self.horizontalTicks(axis, x, width: plotWidth, style: style)
    let bottom = top + plotHeight
    for (value, text) in zip(ticks.values, texts) {
      drawing.line(px(value), top, px(value), bottom, Drawing.Stroke(Palette.grid))
      drawing.text(text, px(value), bottom + 17, anchor: .middle, color: Palette.faint)
    }
    drawing.line(left, bottom, left + plotWidth, bottom, Drawing.Stroke(Palette.axis))
    return drawLabel(label, below: bottom + 21)
  }

  /// Draws a label centred under the plot, wrapped; returns where the next thing may stand.
  mutating func drawLabel(_ label: String, below start: Double) -> Double {
    guard !label.isEmpty else { return start + 4 }
    var baseline = start + 15
    let centre = left + plotWidth / 2
    let room = 2 * min(centre, drawing.width - centre) - 2 * Self.margin
    for line in TextMeasure.lines(label, width: room, size: Self.textSize) {
      drawing.text(line, centre, baseline, anchor: .middle)
      baseline += Self.lineHeight
    }
    return baseline - 8
  }

  /// Draws the vertical axis with grid lines, ticks and a label that reads upwards.
  mutating func drawVerticalAxis(_ axis: Axis, label: String, style: NumberStyle) {
    let ticks = Ticks(minimum: y.low, maximum: y.high)
    for (value, text) in zip(ticks.values, axis.tickTexts(ticks, style)) {
      drawing.line(left, py(value), left + plotWidth, py(value), Drawing.Stroke(Palette.grid))
      drawing.text(text, left - 7, py(value) + 4, anchor: .end, color: Palette.faint)
    }
    drawing.line(left, top, left, top + plotHeight, Drawing.Stroke(Palette.axis))
    guard !label.isEmpty else { return }
    let lines = TextMeasure.lines(label, width: plotHeight + 30, size: Self.textSize)
    for (index, line) in lines.enumerated() {
      drawing.text(
        line, Self.margin + 10 + Double(index) * Self.lineHeight, top + plotHeight / 2,
        anchor: .middle, rotated: true)
    }
  }

  /// The room that the vertical axis needs to the left of the plot.
  static func leftMargin(
    _ axis: Axis, label: String, range: (low: Double, high: Double), height: Double,
    style: NumberStyle
  ) -> Double {
    let texts = axis.tickTexts(Ticks(minimum: range.low, maximum: range.high), style)
    let lines =
      label.isEmpty ? 0 : TextMeasure.lines(label, width: height + 30, size: textSize).count
    return margin + Double(lines) * lineHeight + 6 + widest(texts) + 10
  }

  /// Draws the legend in rows below a height and closes the drawing.
  mutating func finish(legend: [(swatch: Swatch, name: String)], below start: Double) {
    var bottom = start
    if !legend.isEmpty {
      var x = left
      var baseline = start + 20
      for (swatch, name) in legend {
        let width = 34 + TextMeasure.width(name, size: Self.textSize) + 18
        if x > left, x + width > drawing.width - Self.margin {
          x = left
          baseline += 20
        }
        draw(swatch, x: x, y: baseline - 4)
        drawing.text(name, x + 34, baseline)
        x += width
        drawing.width = max(drawing.width, x)
      }
      bottom = baseline
    }
    drawing.height = (bottom + Self.margin).rounded(.up)
    drawing.width = drawing.width.rounded(.up)
  }

  private mutating func draw(_ swatch: Swatch, x: Double, y: Double) {
    switch swatch {
    case .line(let stroke): drawing.line(x, y, x + 28, y, stroke)
    case .box(let fill, let opacity):
      drawing.rectangle(x: x + 8, y: y - 6, width: 14, height: 12, fill: fill, opacity: opacity)
    case .interval(let color):
      drawing.line(x + 3, y, x + 25, y, Drawing.Stroke(color, width: 1.5))
      drawing.elements.append(.circle(Drawing.Point(x + 14, y), radius: 4, fill: color))
    }
  }
}
