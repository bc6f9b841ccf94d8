/// Writes charts as SVG 1.1: valid XML, two decimals, a light ground of its own.
public enum SVGWriter {
  /// A chart in a language.
  ///
  /// - Parameters:
  ///   - chart: The chart.
  ///   - localizer: Turns its labels into text.
  /// - Returns: The SVG, ending with a line break.
  /// - Throws: `DocumentError` where a label cannot be printed or the chart holds no point.
  public static func svg(
    for chart: Chart, localizer: Localizer
  ) throws(DocumentError) -> String {
    write(try chart.drawing(localizer))
  }

  package static func write(_ drawing: Drawing) -> String {
    let width = number(drawing.width)
    let height = number(drawing.height)
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" font-family="\(fonts)">
      """,
      "<title>\(escapedMarkup(drawing.title))</title>",
      "<desc>\(escapedMarkup(drawing.description))</desc>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(Palette.ground)\"/>",
    ]
    lines += drawing.elements.map(write)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Fonts that hold Latin and Chinese letters on the usual systems.
  private static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', "
    + "'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"

  private static func write(_ element: Drawing.Element) -> String {
    switch element {
    case .line(let from, let to, let stroke):
      return "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\" "
        + "y2=\"\(number(to.y))\" \(attributes(stroke))/>"
    case .polyline(let points, let stroke):
      let list = points.map { number($0.x) + "," + number($0.y) }.joined(separator: " ")
      return "<polyline points=\"\(list)\" fill=\"none\" stroke-linejoin=\"round\" "
        + "\(attributes(stroke))/>"
    case .polygon(let points, let fill, let opacity):
      let list = points.map { number($0.x) + "," + number($0.y) }.joined(separator: " ")
      return "<polygon points=\"\(list)\" fill=\"\(fill)\" fill-opacity=\"\(number(opacity))\"/>"
    case .rectangle(let x, let y, let width, let height, let fill, let opacity):
      let seen = opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : ""
      return "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" fill=\"\(fill)\"\(seen)/>"
    case .circle(let centre, let radius, let fill):
      return "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" "
        + "r=\"\(number(radius))\" fill=\"\(fill)\"/>"
    case .text(let text, let at, let style):
      let x = number(at.x)
      let y = number(at.y)
      var attributes = "x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(style.size))\""
      attributes += " fill=\"\(style.color)\""
      if style.anchor != .start { attributes += " text-anchor=\"\(style.anchor.rawValue)\"" }
      if style.bold { attributes += " font-weight=\"600\"" }
      if style.rotated { attributes += " transform=\"rotate(-90 \(x) \(y))\"" }
      return "<text \(attributes)>\(escapedMarkup(text))</text>"
    }
  }

  private static func attributes(_ stroke: Drawing.Stroke) -> String {
    var text = "stroke=\"\(stroke.color)\" stroke-width=\"\(number(stroke.width))\""
    if !stroke.dash.isEmpty {
      text += " stroke-dasharray=\"\(stroke.dash.map(number).joined(separator: " "))\""
    }
    return text
  }

  /// A coordinate with at most two decimals and without a negative zero.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
    let size = abs(hundredths)
    var text = (hundredths < 0 ? "-" : "") + String(size / 100)
    let rest = size % 100
    if rest != 0 {
      text += "." + (rest < 10 ? "0" : "") + (rest % 10 == 0 ? String(rest / 10) : String(rest))
    }
    return text
  }
}
