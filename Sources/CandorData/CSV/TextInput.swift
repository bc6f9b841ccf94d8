/// Checked UTF-8 text, piece by piece, from a source that may be compressed.
struct TextInput {
  private let source: ByteSource
  private let gzip: GzipStream?
  private var decoder: TextDecoder
  private var first: [UInt8]
  private static let pieceSize = 1 << 18

  /// Whether everything was read.
  private(set) var isAtEnd = false
  /// Whether the source was compressed with gzip.
  var isCompressed: Bool { gzip != nil }
  /// Whether a byte-order mark was dropped.
  var hadByteOrderMark: Bool { decoder.hadByteOrderMark }

  init(_ source: ByteSource, options: CSVOptions, name: String) throws(DataError) {
    self.source = source
    decoder = try TextDecoder(encoding: options.encoding, name: name)
    var first = try source.read(upTo: Self.pieceSize)
    // A pipe may give a single byte at first.
    while first.count == 1 {
      let more = try source.read(upTo: Self.pieceSize)
      if more.isEmpty { break }
      first += more
    }
    self.first = first
    gzip = GzipStream.isGzip(first) ? try GzipStream(name: name) : nil
  }

  /// Appends the next piece of text, which may be empty; false where there is no more.
  mutating func append(to buffer: inout [UInt8]) throws(DataError) -> Bool {
    if isAtEnd { return false }
    var piece = first
    first = []
    if piece.isEmpty { piece = try source.read(upTo: Self.pieceSize) }
    isAtEnd = piece.isEmpty
    if let gzip {
      if isAtEnd {
        try gzip.finish()
      } else {
        var output: [UInt8] = []
        try gzip.decompress(piece, into: &output)
        piece = output
      }
    }
    buffer.append(contentsOf: try decoder.decode(piece, isLast: isAtEnd))
    return true
  }
}
