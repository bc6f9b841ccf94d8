/// JSON in one fixed form, so that equal values have equal bytes and equal hashes.
///
/// Keys are sorted by UTF-16 code units and texts escaped as RFC 8785 (doi:10.17487/RFC8785)
/// says; numbers are integers only. The indented form differs from that standard in white space
/// alone.
public indirect enum CanonicalJSON: Sendable, Equatable {
  /// A text.
  case text(String)
  /// An integer.
  case integer(Int)
  /// A list.
  case list([CanonicalJSON])
  /// An object.
  case object([String: CanonicalJSON])

  /// An object whose values are texts.
  public static func texts(_ values: [String: String]) -> CanonicalJSON {
    .object(values.mapValues { .text($0) })
  }

  /// Without white space: the form to hash.
  public var compact: String {
    var result = ""
    write(to: &result, indentation: nil)
    return result
  }

  /// With two spaces a level and a final line break: the form to store.
  public var indented: String {
    var result = ""
    write(to: &result, indentation: 0)
    return result + "\n"
  }

  private func write(to result: inout String, indentation: Int?) {
    switch self {
    case .text(let text): Self.quote(text, to: &result)
    case .integer(let number): result += String(number)
    case .list(let items):
      Self.enclose("[", "]", items, to: &result, indentation: indentation) { item, out, level in
        item.write(to: &out, indentation: level)
      }
    case .object(let members):
      let keys = members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
      Self.enclose("{", "}", keys, to: &result, indentation: indentation) { key, out, level in
        Self.quote(key, to: &out)
        out += level == nil ? ":" : ": "
        members[key]?.write(to: &out, indentation: level)
      }
    }
  }

  private static func enclose<Item>(
    _ open: String, _ close: String, _ items: [Item], to result: inout String,
    indentation: Int?, _ body: (Item, inout String, Int?) -> Void
  ) {
    result += open
    for (place, item) in items.enumerated() {
      if place > 0 { result += "," }
      if let indentation { result += "\n" + String(repeating: "  ", count: indentation + 1) }
      body(item, &result, indentation.map { $0 + 1 })
    }
    if let indentation, !items.isEmpty {
      result += "\n" + String(repeating: "  ", count: indentation)
    }
    result += close
  }

  private static func quote(_ text: String, to result: inout String) {
    result += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{8}": result += "\\b"
      case "\u{C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }
}
