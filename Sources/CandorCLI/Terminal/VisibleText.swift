/// Text in which every character is to be seen.
///
/// Names and cells come from files that others wrote. A terminal obeys control characters: it could
/// be made to hide a decision, or to show another one. They are written out instead.
enum VisibleText {
  /// One line; line breaks in it are written out too.
  ///
  /// - Parameters:
  ///   - text: The line.
  ///   - keepingColours: Whether the tool's own colour codes stay.
  /// - Returns: The line, hidden characters written as `\u{1B}`.
  static func line(_ text: String, keepingColours: Bool = false) -> String {
    guard keepingColours else { return escaped(text, keeping: []) }
    let codes = Terminal.Colour.allCases.map(\.start) + [Terminal.Colour.end]
    var result = ""
    var rest = text.unicodeScalars[...]
    var plain = String.UnicodeScalarView()
    while let scalar = rest.first {
      if scalar == "\u{1B}", let code = codes.first(where: { rest.starts(with: $0.unicodeScalars) })
      {
        result += escaped(String(plain), keeping: []) + code
        plain.removeAll()
        rest.removeFirst(code.unicodeScalars.count)
      } else {
        plain.append(scalar)
        rest.removeFirst()
      }
    }
    return result + escaped(String(plain), keeping: [])
  }

  /// Several lines; line feeds stay.
  static func lines(_ text: String) -> String { escaped(text, keeping: ["\n"]) }

  private static func escaped(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0) && !kept.contains($0) }) else {
      return text
    }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if !isHidden(scalar) || kept.contains(scalar) {
        result.append(scalar)
        continue
      }
      let name =
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      result.append(contentsOf: name.unicodeScalars)
    }
    return String(result)
  }

  /// Control characters, separators of lines, and what turns the direction of writing.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
