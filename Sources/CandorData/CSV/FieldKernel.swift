/// How fields are told apart.
struct FieldSyntax: Sendable, Equatable {
  let delimiter: UInt8
  let trimsSpaces: Bool
}

/// A place in the bytes, with the line (from one) that it is in.
struct FieldCursor: Sendable, Equatable {
  var position: Int
  var line: Int
}

/// One field: where its content is, and what ended it.
struct Field: Sendable, Equatable {
  enum Ending: Sendable { case delimiter, line, file }
  enum Fault: Sendable { case unclosedQuote, textAfterQuote }

  var start: Int
  var end: Int
  var isQuoted = false
  var hasDoubledQuotes = false
  var ending = Ending.file
  var fault: Fault?

  /// Whether a record of only this field is a blank line.
  var isBlankLine: Bool { start == end && !isQuoted && ending != .delimiter }
}

/// Finds fields in UTF-8 bytes as RFC 4180 says, with LF, CR LF or CR as line ends. A quote inside
/// an unquoted field stands for itself.
enum FieldKernel {
  static let quote: UInt8 = 0x22

  /// The field at the cursor, which moves behind it; O(length of the field).
  static func next(
    in bytes: Span<UInt8>, at cursor: inout FieldCursor, syntax: FieldSyntax
  ) -> Field {
    let count = bytes.count
    let delimiter = syntax.delimiter
    var p = cursor.position
    if syntax.trimsSpaces {
      while p < count, isSpace(bytes[p], delimiter) { p += 1 }
    }
    if p < count, bytes[p] == quote { return quoted(in: bytes, from: p, at: &cursor, syntax) }
    if !syntax.trimsSpaces { p = cursor.position }
    var field = Field(start: p, end: p)
    while p < count {
      let byte = bytes[p]
      if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
      p += 1
    }
    field.end = p
    if syntax.trimsSpaces {
      while field.end > field.start, isSpace(bytes[field.end - 1], delimiter) { field.end -= 1 }
    }
    field.ending = finish(in: bytes, at: p, &cursor, delimiter)
    return field
  }

  /// The content of a field with doubled quotes, each pair made one.
  static func unescape(_ bytes: Span<UInt8>, _ field: Field, into scratch: inout [UInt8]) {
    scratch.removeAll(keepingCapacity: true)
    var p = field.start
    while p < field.end {
      scratch.append(bytes[p])
      p += bytes[p] == quote ? 2 : 1
    }
  }

  /// The content of a field as text.
  static func text(_ bytes: Span<UInt8>, _ field: Field) -> String {
    var content: [UInt8] = []
    if field.hasDoubledQuotes {
      unescape(bytes, field, into: &content)
    } else {
      content.reserveCapacity(field.end - field.start)
      for i in field.start..<field.end { content.append(bytes[i]) }
    }
    return String(decoding: content, as: UTF8.self)
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
    (byte == 0x20 || byte == 0x09) && byte != delimiter
  }

  private static func quoted(
    in bytes: Span<UInt8>, from opening: Int, at cursor: inout FieldCursor, _ syntax: FieldSyntax
  ) -> Field {
    let count = bytes.count
    var p = opening + 1
    var field = Field(start: p, end: p, isQuoted: true)
    var line = cursor.line
    while true {
      guard p < count else {
        field.end = count
        field.fault = .unclosedQuote
        cursor.position = count
        return field
      }
      let byte = bytes[p]
      if byte == quote {
        guard p + 1 < count, bytes[p + 1] == quote else { break }
        field.hasDoubledQuotes = true
        p += 1
      } else if byte == 0x0A {
        line += 1
      } else if byte == 0x0D {
        line += 1
        if p + 1 < count, bytes[p + 1] == 0x0A { p += 1 }
      }
      p += 1
    }
    field.end = p
    p += 1
    cursor.line = line
    if syntax.trimsSpaces {
      while p < count, isSpace(bytes[p], syntax.delimiter) { p += 1 }
    }
    if p < count, bytes[p] != syntax.delimiter, bytes[p] != 0x0A, bytes[p] != 0x0D {
      field.fault = .textAfterQuote
      cursor.position = p
      return field
    }
    field.ending = finish(in: bytes, at: p, &cursor, syntax.delimiter)
    return field
  }

  @inline(__always)
  private static func finish(
    in bytes: Span<UInt8>, at place: Int, _ cursor: inout FieldCursor, _ delimiter: UInt8
  ) -> Field.Ending {
    guard place < bytes.count else {
      cursor.position = place
      return .file
    }
    let byte = bytes[place]
    if byte == delimiter {
      cursor.position = place + 1
      return .delimiter
    }
    cursor.line += 1
    let isPair = byte == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
    cursor.position = place + (isPair ? 2 : 1)
    return .line
  }
}
