/// One dot a case in rows, coloured by a second number: attributions over many applicants, with the
/// size of the feature's value as colour.
public struct BeeswarmChart: Sendable, Hashable, Codable {
  /// One case in a row.
  public struct Dot: Sendable, Hashable, Codable {
    /// Where it stands on the axis.
    public let value: Double
    /// Its colour, from 0 (the first colour) to 1 (the last); nil for grey.
    public let level: Double?

    /// Makes a dot.
    public init(value: Double, level: Double?) {
      self.value = value
      self.level = level
    }
  }

  /// A row: a label and its dots.
  public struct Row: Sendable, Hashable, Codable {
    /// The label.
    public let label: Message
    /// The dots, in any order.
    public let dots: [Dot]

    /// Makes a row.
    public init(label: Message, dots: [Dot]) {
      self.label = label
      self.dots = dots
    }
  }

  /// The title.
  public let title: Message
  /// What the chart shows, for readers who cannot see it.
  public let description: Message
  /// The axis of the values.
  public let axis: Axis
  /// The rows, first at the top.
  public let rows: [Row]
  /// The meaning of the first colour, of the last one, and of grey.
  public let legend: [Message]

  /// Makes a chart.
  ///
  /// - Parameters:
  ///   - title: The title.
  ///   - description: What the chart shows.
  ///   - axis: The axis of the values.
  ///   - rows: The rows, first at the top.
  ///   - low: The meaning of the first colour.
  ///   - high: The meaning of the last colour.
  ///   - none: The meaning of grey.
  public init(
    title: Message, description: Message, axis: Axis, rows: [Row], low: Message, high: Message,
    none: Message
  ) {
    self.title = title
    self.description = description
    self.axis = axis
    self.rows = rows
    legend = [low, high, none]
  }

  private static let rowHeight = 40.0
  private static let radius = 2.5

  func drawing(_ localizer: Localizer) throws(DocumentError) -> Drawing {
    let values = rows.flatMap { $0.dots.map(\.value) }
    guard !values.isEmpty else {
      throw DocumentError(.invalidChart, "A beeswarm chart has no dot.")
    }
    let axisLabel = try localizer.string(axis.label)
    var labels: [String] = []
    for row in rows { labels.append(try localizer.string(row.label)) }
    var frame = RowFrame(
      title: try localizer.string(title), description: try localizer.string(description),
      labels: labels, axis: axis, axisLabel: axisLabel, range: axis.domain(of: values + [0]),
      rowHeight: Self.rowHeight, right: 30, style: localizer.style)
    let bottom = frame.drawAxes(axis, label: axisLabel, style: localizer.style)
    frame.drawReference(at: 0)
    for (index, row) in rows.enumerated() { draw(row, at: index, in: &frame) }
    var swatches: [(ChartFrame.Swatch, String)] = []
    for (colour, name) in zip([Self.colour(0), Self.colour(1), Palette.axis], legend) {
      swatches.append((.box(fill: colour, opacity: 1), try localizer.string(name)))
    }
    frame.frame.finish(legend: swatches, below: bottom)
    return frame.frame.drawing
  }

  /// Dots that would overlap move up and down in turn, as far as the row allows.
  private func draw(_ row: Row, at index: Int, in frame: inout RowFrame) {
    var taken: [Int: Int] = [:]
    let step = 2 * Self.radius
    let room = Int((frame.heights[index] / 2 - Self.radius) / step)
    let sorted = row.dots.enumerated().sorted {
      ($0.element.value, $0.offset) < ($1.element.value, $1.offset)
    }
    for (_, dot) in sorted {
      let x = frame.frame.px(frame.frame.inside(dot.value, frame.frame.x))
      let column = Int((x / step).rounded(.down))
      let place = taken[column, default: 0]
      taken[column] = place + 1
      // 0, 1, -1, 2, -2, … and back to the middle where the row is full.
      let lane = ((place + 1) / 2) % (room + 1) * (place % 2 == 0 ? -1 : 1)
      frame.frame.drawing.elements.append(
        .circle(
          Drawing.Point(x, frame.middles[index] + Double(lane) * step), radius: Self.radius,
          fill: dot.level.map(Self.colour) ?? Palette.axis))
    }
  }

  /// From blue over grey-violet to vermillion, the ends as in `Palette`.
  static func colour(_ level: Double) -> String {
    let share = min(max(level, 0), 1)
    let ends = [(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)]
    func mixed(_ a: Int, _ b: Int) -> String {
      let value = Int((Double(a) + (Double(b) - Double(a)) * share).rounded())
      let digits = String(value, radix: 16, uppercase: true)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "#" + mixed(ends[0].0, ends[1].0) + mixed(ends[0].1, ends[1].1)
      + mixed(ends[0].2, ends[1].2)
  }
}
