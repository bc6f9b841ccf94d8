/// Checks and makes UTF-8.
enum UTF8Kernel {
  enum Fault { case malformed, zeroByte }

  /// How far the bytes are whole characters, and what is wrong there, nil where only the end is
  /// missing.
  struct Check {
    var end: Int
    var fault: Fault?
  }

  /// Checks bytes against table 3-7 of the Unicode Standard (well-formed byte sequences); O(n).
  static func check(_ bytes: Span<UInt8>) -> Check {
    let count = bytes.count
    let raw = unsafe bytes.bytes
    var p = 0
    while p < count {
      // Eight bytes of ASCII at once: none has its high bit, and none is zero, so that adding 0x7F
      // sets each high bit.
      while p &+ 8 <= count {
        let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: p, as: UInt64.self)
        let isPlain =
          (word | ~(word &+ 0x7F7F_7F7F_7F7F_7F7F)) & 0x8080_8080_8080_8080 == 0
        if !isPlain { break }
        p &+= 8
      }
      guard p < count else { break }
      let lead = bytes[p]
      if lead < 0x80 {
        if lead == 0 { return Check(end: p, fault: .zeroByte) }
        p += 1
        continue
      }
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      let length: Int
      switch lead {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, low) = (3, 0xA0)
      case 0xED: (length, high) = (3, 0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, low) = (4, 0x90)
      case 0xF1...0xF3: length = 4
      case 0xF4: (length, high) = (4, 0x8F)
      default: return Check(end: p, fault: .malformed)
      }
      for k in 1..<length {
        guard p + k < count else { return Check(end: p, fault: nil) }
        let byte = bytes[p + k]
        guard byte >= low, byte <= high else { return Check(end: p, fault: .malformed) }
        low = 0x80
        high = 0xBF
      }
      p += length
    }
    return Check(end: count, fault: nil)
  }

  /// ISO 8859-1 as UTF-8: every byte is the code point of its value.
  static func fromLatin1(_ bytes: Span<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 8)
    for i in 0..<bytes.count {
      let byte = bytes[i]
      if byte < 0x80 {
        output.append(byte)
      } else {
        output.append(0xC0 | byte >> 6)
        output.append(0x80 | byte & 0x3F)
      }
    }
    return output
  }
}
