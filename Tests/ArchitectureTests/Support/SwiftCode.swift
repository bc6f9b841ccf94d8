/// Swift source with comments and the text of string literals blanked out, so that a search finds
/// code and nothing else. Every character keeps its line; code inside `\(…)` stays.
struct SwiftCode {
  /// The blanked text, as long as the source.
  private(set) var text = ""

  private let source: [Character]
  private var position = 0

  /// Blanks a source text.
  init(_ source: String) {
    self.source = Array(source)
    scanCode(untilClosingParenthesis: false)
  }

  /// The lines of the blanked text, the first one is line 1.
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  private func follows(_ expected: String) -> Bool {
    position + expected.count <= source.count
      && source[position..<(position + expected.count)].elementsEqual(expected)
  }

  private mutating func keep() {
    text.append(source[position])
    position += 1
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<min(count, source.count - position) {
      text.append(source[position].isNewline ? "\n" : " ")
      position += 1
    }
  }

  private mutating func scanCode(untilClosingParenthesis nested: Bool) {
    var depth = 0
    while position < source.count {
      if follows("//") {
        while position < source.count, !source[position].isNewline { blank() }
      } else if follows("/*") {
        scanBlockComment()
      } else if source[position] == "\"" || source[position] == "#" {
        scanLiteral()
      } else {
        if source[position] == "(" { depth += 1 }
        if source[position] == ")" {
          if nested, depth == 0 { return }
          depth -= 1
        }
        keep()
      }
    }
  }

  private mutating func scanBlockComment() {
    var depth = 0
    repeat {
      if follows("/*") {
        depth += 1
        blank(2)
      } else if follows("*/") {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && position < source.count
  }

  /// A string literal with any number of `#`; a `#` that starts none is code.
  private mutating func scanLiteral() {
    var hashes = 0
    while position + hashes < source.count, source[position + hashes] == "#" { hashes += 1 }
    guard position + hashes < source.count, source[position + hashes] == "\"" else {
      return keep()
    }
    blank(hashes)
    let pounds = String(repeating: "#", count: hashes)
    let isLong = follows("\"\"\"")
    let quotes = isLong ? "\"\"\"" : "\""
    blank(quotes.count)
    while position < source.count {
      if follows(quotes + pounds) {
        return blank(quotes.count + hashes)
      } else if follows("\\" + pounds + "(") {
        blank(1 + hashes)
        keep()
        scanCode(untilClosingParenthesis: true)
        if position < source.count { keep() }
      } else if follows("\\" + pounds) {
        blank(2 + hashes)
      } else if !isLong, source[position].isNewline {
        // A short literal ends with its line; what stands here was no literal.
        return
      } else {
        blank()
      }
    }
  }
}
