/// Turns bytes of any accepted encoding into checked UTF-8, piece by piece.
struct TextDecoder {
  private let encoding: TextEncoding
  private let name: String
  private let converter: CharacterConverter?
  /// Bytes of a character that the last piece cut in two.
  private var carry: [UInt8] = []
  private var isAtStart = true
  private var lineCount = LineCounter()
  /// Whether a UTF-8 byte-order mark was dropped.
  private(set) var hadByteOrderMark = false

  /// A decoder at the start of a text; `name` is the file's, for errors.
  init(encoding: TextEncoding, name: String) throws(DataError) {
    self.encoding = encoding
    self.name = name
    converter = encoding == .gb18030 ? try CharacterConverter(from: "GB18030") : nil
  }

  /// The UTF-8 text of a piece; pieces that end within a character keep its bytes for the next.
  mutating func decode(_ piece: [UInt8], isLast: Bool) throws(DataError) -> [UInt8] {
    var bytes = piece
    if !carry.isEmpty {
      bytes = carry + piece
      carry = []
    }
    if isAtStart {
      if bytes.count < 3, !isLast {
        carry = bytes
        return []
      }
      isAtStart = false
      if let fault = BinaryFormat.fault(in: bytes, name: name) { throw fault }
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        hadByteOrderMark = true
        bytes.removeFirst(3)
      }
    }
    switch encoding {
    case .utf8:
      let check = UTF8Kernel.check(bytes.span)
      try throwIfFaulty(check, in: bytes, isLast: isLast)
      lineCount.count(bytes.span, upTo: check.end)
      if check.end < bytes.count {
        carry = Array(bytes[check.end...])
        bytes.removeLast(bytes.count - check.end)
      }
      return bytes
    case .latin1:
      try throwIfZero(in: bytes)
      lineCount.count(bytes.span, upTo: bytes.count)
      return UTF8Kernel.fromLatin1(bytes.span)
    case .gb18030:
      try throwIfZero(in: bytes)
      guard let converter else { return bytes }
      var output: [UInt8] = []
      let used = converter.convert(bytes, into: &output)
      lineCount.count(bytes.span, upTo: used.end)
      if used.isFaulty || (isLast && used.end < bytes.count) {
        throw DataError(
          .badEncoding,
          "the text is not GB 18030; set `encoding: utf8` or `encoding: latin1` if it is one of "
            + "these", file: name, line: lineCount.line)
      }
      carry = Array(bytes[used.end...])
      return output
    }
  }

  private mutating func throwIfFaulty(
    _ check: UTF8Kernel.Check, in bytes: [UInt8], isLast: Bool
  ) throws(DataError) {
    let isCutOff = check.fault == nil && isLast && check.end < bytes.count
    guard check.fault != nil || isCutOff else { return }
    lineCount.count(bytes.span, upTo: check.end)
    if check.fault == .zeroByte {
      throw BinaryFormat.zeroByte(line: lineCount.line, name: name)
    }
    let found = bytes[check.end...].prefix(4).map { byte in
      (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16, uppercase: true)
    }
    throw DataError(
      .badEncoding,
      "the text is not UTF-8; set `encoding: gb18030` or `encoding: latin1`, or save the file as "
        + "UTF-8", file: name, line: lineCount.line, value: found.joined(separator: " "))
  }

  private mutating func throwIfZero(in bytes: [UInt8]) throws(DataError) {
    guard let zero = bytes.firstIndex(of: 0) else { return }
    lineCount.count(bytes.span, upTo: zero)
    throw BinaryFormat.zeroByte(line: lineCount.line, name: name)
  }
}

/// Counts line ends (LF, CR LF, CR) across pieces.
struct LineCounter {
  private(set) var line = 1
  private var lastWasReturn = false

  /// Counts the line ends of the first `end` bytes.
  mutating func count(_ bytes: Span<UInt8>, upTo end: Int) {
    for i in 0..<end {
      let byte = bytes[i]
      if byte == 0x0A {
        if !lastWasReturn { line += 1 }
        lastWasReturn = false
      } else {
        lastWasReturn = byte == 0x0D
        if lastWasReturn { line += 1 }
      }
    }
  }
}
