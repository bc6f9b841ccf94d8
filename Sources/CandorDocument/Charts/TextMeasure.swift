/// Approximate sizes of text in a sans-serif face, a little too large rather than too small.
enum TextMeasure {
  /// The width in pixels at a font size.
  static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
    var ems = 0.0
    for scalar in text.unicodeScalars { ems += advance(of: scalar) }
    return ems * size * (bold ? 1.08 : 1)
  }

  /// Cuts text into lines no wider than a limit: at spaces, after underscores and hyphens,
  /// between Chinese characters; a single longer word is cut anywhere.
  static func lines(_ text: String, width limit: Double, size: Double, bold: Bool = false)
    -> [String]
  {
    var lines: [String] = []
    var line = ""
    for piece in pieces(of: text) {
      if line.isEmpty || width(line + trimmed(piece), size: size, bold: bold) <= limit {
        line += piece
      } else {
        lines.append(trimmed(line))
        line = piece
      }
      while width(trimmed(line), size: size, bold: bold) > limit, line.count > 1 {
        var head = ""
        for character in line {
          let longer = head + String(character)
          if width(longer, size: size, bold: bold) > limit, !head.isEmpty { break }
          head = longer
        }
        lines.append(trimmed(head))
        line = String(line.dropFirst(head.count))
      }
    }
    let rest = trimmed(line)
    if !rest.isEmpty || lines.isEmpty { lines.append(rest) }
    return lines
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in text {
      let wide = character.unicodeScalars.first.map(isWide) ?? false
      let closing = "，。；：！？）、”》".contains(character)
      if wide, !closing, !piece.isEmpty {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
      if character == " " || character == "_" || character == "-" {
        pieces.append(piece)
        piece = ""
      }
    }
    if !piece.isEmpty { pieces.append(piece) }
    return pieces
  }

  private static func advance(of scalar: Unicode.Scalar) -> Double {
    if isWide(scalar) { return 1.0 }
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": return 0.32
    case "f", "t", "r", "(", ")", "[", "]", " ", "-": return 0.39
    case "m", "w", "M", "W", "%", "@": return 0.95
    case "A"..."Z": return 0.72
    default: return 0.61
    }
  }
}
