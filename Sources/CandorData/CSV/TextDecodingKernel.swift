import Glibc

/// Converts characters of one encoding to UTF-8 through the system's `iconv`.
@safe final class CharacterConverter {
  private let descriptor: iconv_t

  /// Opens the conversion from the encoding of this name; throws where the system has none.
  init(from encoding: String) throws(DataError) {
    unsafe descriptor = iconv_open("UTF-8", encoding)
    // POSIX: (iconv_t)-1 says that there is no such conversion.
    guard unsafe Int(bitPattern: descriptor) != -1 else {
      throw DataError(
        .badEncoding,
        "this system cannot convert \(encoding); save the file as UTF-8 instead")
    }
  }

  deinit { _ = unsafe iconv_close(descriptor) }

  /// Appends the UTF-8 of these bytes; says how many were used up and whether the next ones are
  /// wrong rather than incomplete.
  func convert(_ bytes: [UInt8], into output: inout [UInt8]) -> (end: Int, isFaulty: Bool) {
    let block = 1 << 16
    var scratch = [CChar](repeating: 0, count: block)
    var input = bytes.map { CChar(bitPattern: $0) }
    let total = input.count
    return unsafe input.withUnsafeMutableBufferPointer { source -> (end: Int, isFaulty: Bool) in
      var next = source.baseAddress
      var left = total
      while left > 0 {
        let (result, produced, reason) = unsafe scratch.withUnsafeMutableBufferPointer {
          sink -> (Int, Int, Int32) in
          var place = sink.baseAddress
          var room = block
          errno = 0
          let result: Int = unsafe iconv(descriptor, &next, &left, &place, &room)
          return (result, block - room, errno)
        }
        for i in 0..<produced { output.append(UInt8(bitPattern: scratch[i])) }
        if result != -1 { continue }
        if reason == E2BIG { continue }
        return (total - left, reason == EILSEQ)
      }
      return (total, false)
    }
  }
}
