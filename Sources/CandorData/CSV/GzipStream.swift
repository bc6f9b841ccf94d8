import CZlib

/// Decompresses gzip (RFC 1952) piece by piece, also files of several members one after another.
@safe final class GzipStream {
  private let stream: UnsafeMutablePointer<z_stream>
  private let name: String
  /// Whether a member has begun and not yet ended.
  private var isInsideMember = false
  private var hasBegun = false

  /// Whether bytes begin as a gzip file does.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Makes a stream; `name` is the file's, for errors.
  init(name: String) throws(DataError) {
    self.name = name
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for the gzip wrapper.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw DataError(.badCompression, "zlib cannot be started (code \(status))", file: name)
    }
  }

  deinit {
    _ = unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// All of a gzip file in memory, decompressed.
  static func decompress(_ bytes: [UInt8], name: String) throws(DataError) -> [UInt8] {
    let gzip = try GzipStream(name: name)
    var output: [UInt8] = []
    // The last four bytes are the size modulo 2³²; deflate shrinks by at most 1032 to one.
    let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    output.reserveCapacity(min(size, bytes.count * 1032) + 1)
    try gzip.decompress(bytes, into: &output)
    try gzip.finish()
    return output
  }

  /// Appends what these compressed bytes say.
  func decompress(_ input: [UInt8], into output: inout [UInt8]) throws(DataError) {
    let block = 1 << 18
    var status = Z_OK
    var isGarbage = false
    var scratch = [UInt8](repeating: 0, count: block)
    unsafe input.withUnsafeBufferPointer { source in
      var used = 0
      while used < source.count {
        if !isInsideMember {
          if hasBegun, unsafe source[used] == 0 {  // padding after a member
            used += 1
            continue
          }
          if hasBegun {
            guard unsafe source[used] == 0x1F else {
              isGarbage = true
              return
            }
            status = unsafe inflateReset(stream)
          }
          hasBegun = true
          isInsideMember = true
        }
        let given = min(source.count - used, 1 << 30)
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { unsafe $0 + used })
        unsafe stream.pointee.avail_in = UInt32(given)
        var hasMore = true
        while hasMore {
          let produced = unsafe scratch.withUnsafeMutableBufferPointer { sink in
            unsafe stream.pointee.next_out = sink.baseAddress
            unsafe stream.pointee.avail_out = UInt32(block)
            status = unsafe inflate(stream, Z_NO_FLUSH)
            return block - Int(unsafe stream.pointee.avail_out)
          }
          output.append(contentsOf: scratch[..<produced])
          let left = unsafe stream.pointee.avail_in
          let room = unsafe stream.pointee.avail_out
          hasMore = status == Z_OK && (left > 0 || room == 0)
        }
        used += given - Int(unsafe stream.pointee.avail_in)
        if status == Z_STREAM_END {
          isInsideMember = false
          status = Z_OK
        } else if status == Z_BUF_ERROR {
          status = Z_OK  // all input is used: more is needed
        } else if status != Z_OK {
          return
        }
      }
    }
    if isGarbage {
      throw DataError(
        .badCompression, "other bytes follow the compressed data; compress the file again",
        file: name)
    }
    guard status == Z_OK else {
      let detail = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(status)"
      throw DataError(
        .badCompression,
        "the compressed data are corrupt (\(detail)); fetch or compress the file again", file: name)
    }
  }

  /// Throws where the data ended within a member.
  func finish() throws(DataError) {
    if isInsideMember {
      throw DataError(
        .badCompression,
        "the compressed data end too early, so the file is cut off; fetch it again", file: name)
    }
  }
}
