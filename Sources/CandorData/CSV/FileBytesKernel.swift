import Glibc

/// Reads bytes from files and standard input through the system's `open` and `read`.
final class ByteSource: Sendable {
  private let descriptor: Int32
  private let name: String
  private let closes: Bool
  /// The size that the file system gives, zero for pipes.
  let expectedSize: Int

  /// Standard input.
  init(standardInputNamed name: String) {
    descriptor = 0
    self.name = name
    closes = false
    expectedSize = 0
  }

  /// Opens a file; throws where it is absent, a directory or not readable.
  init(file: String) throws(DataError) {
    descriptor = unsafe open(file, O_RDONLY)
    name = file
    guard descriptor >= 0 else {
      let reason = errno
      if reason == ENOENT || reason == ENOTDIR {
        throw DataError(.fileNotFound, "there is no such file; check the path", file: file)
      }
      throw DataError(
        .fileNotReadable, "the file cannot be opened (\(systemMessage(reason))); check its rights",
        file: file)
    }
    closes = true
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw DataError(.fileNotReadable, "the file's state cannot be read", file: file)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw DataError(
        .fileNotReadable, "this is a directory; name the CSV file in it", file: file)
    }
    expectedSize = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  deinit { if closes { close(descriptor) } }

  /// Up to `limit` bytes, fewer where fewer are at hand; none at the end.
  func read(upTo limit: Int) throws(DataError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      var got = 0
      repeat {
        got = unsafe Glibc.read(descriptor, buffer.baseAddress, limit)
      } while got < 0 && errno == EINTR
      if got < 0 { failure = errno }
      count = max(0, got)
    }
    guard failure == 0 else {
      throw DataError(
        .fileNotReadable, "reading failed (\(systemMessage(failure)))", file: name)
    }
    return bytes
  }

  /// Everything up to the end, in one array of about the file's size.
  func readAll() throws(DataError) -> [UInt8] {
    let slack = 1
    var bytes = try read(exactly: expectedSize + slack)
    guard bytes.count > expectedSize || expectedSize == 0 else { return bytes }
    while true {
      let more = try read(upTo: 1 << 20)
      if more.isEmpty { return bytes }
      bytes.append(contentsOf: more)
    }
  }

  /// Copies `count` bytes from `offset` of a regular file into `buffer` from `place` on, whatever was
  /// read before; false where the file has fewer or reading fails. Threads may do so at once.
  func copy(from offset: Int, count: Int, into buffer: inout [UInt8], at place: Int) -> Bool {
    precondition(count >= 0 && place >= 0 && place + count <= buffer.count)
    return unsafe buffer.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < count, let base = bytes.baseAddress {
        let got = unsafe pread(descriptor, base + place + done, count - done, off_t(offset + done))
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return false }
        done += got
      }
      return true
    }
  }

  private func read(exactly limit: Int) throws(DataError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      while count < limit, let base = buffer.baseAddress {
        let got = unsafe Glibc.read(descriptor, base + count, limit - count)
        if got < 0 {
          if errno == EINTR { continue }
          failure = errno
          return
        }
        if got == 0 { return }
        count += got
      }
    }
    guard failure == 0 else {
      throw DataError(
        .fileNotReadable, "reading failed (\(systemMessage(failure)))", file: name)
    }
    return bytes
  }
}

/// Text that can be read from any place by several threads: a file's bytes, or bytes in memory.
enum SeekableText: Sendable {
  case file(ByteSource)
  case memory([UInt8])

  /// The number of bytes, zero for a file that is not a regular one.
  var count: Int {
    switch self {
    case .file(let source): source.expectedSize
    case .memory(let bytes): bytes.count
    }
  }

  /// Copies `count` bytes from `offset` into `buffer` from `place` on; false where that fails.
  func copy(from offset: Int, count: Int, into buffer: inout [UInt8], at place: Int) -> Bool {
    switch self {
    case .file(let source):
      return source.copy(from: offset, count: count, into: &buffer, at: place)
    case .memory(let bytes):
      precondition(offset >= 0 && count >= 0 && place >= 0)
      precondition(offset + count <= bytes.count && place + count <= buffer.count)
      unsafe buffer.withUnsafeMutableBytes { target in
        unsafe bytes.withUnsafeBytes { source in
          unsafe target[place..<place + count].copyBytes(from: source[offset..<offset + count])
        }
      }
      return true
    }
  }
}

private func systemMessage(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text)
}
