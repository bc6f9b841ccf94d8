/// Lines, shapes and texts on a plane, in pixels from the upper left corner.
package struct Drawing: Sendable, Hashable {
  package struct Point: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  package struct Stroke: Sendable, Hashable {
    package var color: String
    package var width: Double
    package var dash: [Double]

    package init(_ color: String, width: Double = 1, dash: [Double] = []) {
      self.color = color
      self.width = width
      self.dash = dash
    }
  }

  package enum Anchor: String, Sendable {
    case start, middle, end
  }

  package struct TextStyle: Sendable, Hashable {
    package var size: Double = 12
    package var anchor: Anchor = .start
    package var bold = false
    package var color = Palette.ink
    package var rotated = false
  }

  package enum Element: Sendable, Hashable {
    case line(Point, Point, Stroke)
    case polyline([Point], Stroke)
    case polygon([Point], fill: String, opacity: Double)
    case rectangle(
      x: Double, y: Double, width: Double, height: Double, fill: String, opacity: Double)
    case circle(Point, radius: Double, fill: String)
    case text(String, Point, TextStyle)
  }

  package var width: Double
  package var height: Double
  package var title: String
  package var description: String
  package var elements: [Element] = []

  package mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: Stroke
  ) {
    elements.append(.line(Point(x1, y1), Point(x2, y2), stroke))
  }

  package mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, opacity: Double = 1
  ) {
    elements.append(
      .rectangle(x: x, y: y, width: width, height: height, fill: fill, opacity: opacity))
  }

  package mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: Anchor = .start,
    bold: Bool = false, color: String = Palette.ink, rotated: Bool = false
  ) {
    elements.append(
      .text(
        text, Point(x, y),
        TextStyle(size: size, anchor: anchor, bold: bold, color: color, rotated: rotated)))
  }
}
