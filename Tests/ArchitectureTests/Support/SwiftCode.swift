/// Swift source with comments and the text of literals blanked out, so that a search finds code and
/// nothing else. Every byte keeps its place; code inside `\(…)` stays.
struct SwiftCode: Sendable {
  /// The lines of the blanked text, the first one is line 1.
  let lines: [Substring]

  /// Blanks a source text.
  init(_ source: String) {
    var scanner = Scanner(bytes: Array(source.utf8))
    scanner.scanCode(untilClosingParenthesis: false)
    lines = String(decoding: scanner.bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The numbers and texts of the lines that hold one of these words, as any part of them: a quick
  /// search that spares slower ones.
  func lines(with words: [String]) -> [(number: Int, text: Substring)] {
    let needles = words.map { Array($0.utf8) }
    return zip(1..., lines).filter { _, line in
      let bytes = Array(line.utf8)
      return needles.contains { Self.contains(bytes, $0) }
    }.map { (number: $0, text: $1) }
  }

  private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
    guard let first = needle.first, bytes.count >= needle.count else { return false }
    for start in 0...(bytes.count - needle.count) where bytes[start] == first {
      if bytes[start..<(start + needle.count)].elementsEqual(needle) { return true }
    }
    return false
  }

  /// The blanked text.
  var text: String { lines.joined(separator: "\n") }
}

/// Walks over source bytes and overwrites what is no code.
private struct Scanner {
  var bytes: [UInt8]
  private var position = 0

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")
  private static let hash = UInt8(ascii: "#")
  private static let slash = UInt8(ascii: "/")

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func byte(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private func follows(_ expected: [UInt8]) -> Bool {
    position + expected.count <= bytes.count
      && bytes[position..<(position + expected.count)].elementsEqual(expected)
  }

  private func follows(_ expected: StaticString) -> Bool { follows(Array("\(expected)".utf8)) }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<min(count, bytes.count - position) {
      if bytes[position] != Self.newline { bytes[position] = UInt8(ascii: " ") }
      position += 1
    }
  }

  mutating func scanCode(untilClosingParenthesis nested: Bool) {
    var depth = 0
    while let next = byte() {
      if next == Self.slash, byte(1) == Self.slash {
        while let next = byte(), next != Self.newline { blank() }
      } else if next == Self.slash, byte(1) == UInt8(ascii: "*") {
        scanBlockComment()
      } else if next == Self.quote || next == Self.hash {
        scanLiteral()
      } else {
        if next == UInt8(ascii: "(") { depth += 1 }
        if next == UInt8(ascii: ")") {
          if nested, depth == 0 { return }
          depth -= 1
        }
        position += 1
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
    } while depth > 0 && position < bytes.count
  }

  /// A string or regex literal with any number of `#`; a `#` that starts none is code.
  private mutating func scanLiteral() {
    var hashes = 0
    while byte(hashes) == Self.hash { hashes += 1 }
    let pounds = [UInt8](repeating: Self.hash, count: hashes)
    switch byte(hashes) {
    case Self.quote:
      blank(hashes)
      scanString(pounds: pounds)
    case Self.slash:
      blank(hashes + 1)
      while position < bytes.count, !follows([Self.slash] + pounds) { blank() }
      blank(1 + hashes)
    default:
      position += hashes
    }
  }

  private mutating func scanString(pounds: [UInt8]) {
    let isLong = byte(1) == Self.quote && byte(2) == Self.quote
    let quotes = [UInt8](repeating: Self.quote, count: isLong ? 3 : 1)
    let escape = [UInt8(ascii: "\\")] + pounds
    blank(quotes.count)
    while let next = byte() {
      if next == Self.quote, follows(quotes + pounds) {
        return blank(quotes.count + pounds.count)
      } else if next == escape[0], follows(escape + [UInt8(ascii: "(")]) {
        blank(escape.count)
        position += 1
        scanCode(untilClosingParenthesis: true)
        position = min(position + 1, bytes.count)
      } else if next == escape[0], follows(escape) {
        blank(escape.count + 1)
      } else if !isLong, next == Self.newline {
        // A short literal ends with its line; what stands here was no literal.
        return
      } else {
        blank()
      }
    }
  }
}
