import CandorDocument

/// Sentences in lines of a terminal, East Asian characters two columns wide.
enum LineBreaker {
  /// The width of a page in columns.
  private static let width = 80

  /// Breaks a sentence at spaces; text without spaces is broken where the line is full.
  static func wrapped(_ text: String, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = indent
    for word in VisibleText.line(text).split(separator: " ") {
      let gap = line.allSatisfy({ $0 == " " }) ? "" : " "
      if displayWidth(of: line + gap + word) > Self.width, !gap.isEmpty {
        lines.append(line)
        line = indent + "  "
        line += word
      } else {
        line += gap + word
      }
      while displayWidth(of: line) > Self.width {
        var head = ""
        while let first = line.first, displayWidth(of: head + String(first)) <= Self.width {
          head.append(first)
          line.removeFirst()
        }
        lines.append(head)
        line = indent + "  " + line
      }
    }
    if !line.allSatisfy({ $0 == " " }) { lines.append(line) }
    return lines
  }
}
