/// The frame of charts with one label a row: the left margin grows with the labels, and labels
/// longer than the widest margin are wrapped.
struct RowFrame {
  static let widestLabel = 260.0

  var frame: ChartFrame
  let labels: [[String]]
  /// The middle of each row.
  private(set) var middles: [Double] = []
  private(set) var heights: [Double] = []

  init(
    title: String, description: String, labels texts: [String], axis: Axis, axisLabel: String,
    range: (low: Double, high: Double), rowHeight: Double, right: Double, style: NumberStyle
  ) {
    labels = texts.map {
      TextMeasure.lines($0, width: Self.widestLabel, size: ChartFrame.textSize)
    }
    let widest =
      labels.flatMap { $0 }.map {
        TextMeasure.width($0, size: ChartFrame.textSize)
      }.max() ?? 0
    let left = ChartFrame.margin + widest + 12
    let plotWidth = 380.0
    frame = ChartFrame(
      title: title, description: description, width: left + plotWidth + right)
    frame.left = left
    frame.plotWidth = plotWidth
    frame.setRanges(x: range, y: (0, 1))
    var y = frame.top
    for lines in labels {
      let height = max(rowHeight, Double(lines.count) * ChartFrame.lineHeight + 6)
      middles.append(y + height / 2)
      heights.append(height)
      y += height
    }
    frame.plotHeight = y - frame.top
  }

  /// Draws grid, axis and row labels; returns where the next thing may stand.
  mutating func drawAxes(_ axis: Axis, label: String, style: NumberStyle) -> Double {
    let bottom = frame.drawHorizontalAxis(axis, label: label, style: style)
    for (lines, middle) in zip(labels, middles) {
      var baseline = middle + 4 - Double(lines.count - 1) * ChartFrame.lineHeight / 2
      for line in lines {
        frame.drawing.text(line, frame.left - 10, baseline, anchor: .end)
        baseline += ChartFrame.lineHeight
      }
    }
    return bottom
  }

  /// Draws a vertical line through all rows.
  mutating func drawReference(at value: Double) {
    guard value >= frame.x.low, value <= frame.x.high else { return }
    frame.drawing.line(
      frame.px(value), frame.top, frame.px(value), frame.top + frame.plotHeight,
      Drawing.Stroke(Palette.faint, width: 1.25))
  }
}
