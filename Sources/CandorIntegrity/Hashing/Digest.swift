import Crypto
public import Foundation

/// A SHA-256 hash (FIPS 180-4, doi:10.6028/NIST.FIPS.180-4), written as 64 lower-case hexadecimal
/// digits.
public struct Digest: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The 64 hexadecimal digits.
  public let hex: String

  /// The hexadecimal digits, as `hex`.
  public var description: String { hex }

  /// The first twelve digits, for people; 48 bits tell the files of a study apart but prove nothing.
  public var short: String { String(hex.prefix(12)) }

  init(hashed bytes: some Sequence<UInt8>) { hex = Self.digits(bytes) }

  /// Reads 64 hexadecimal digits of either case.
  ///
  /// - Parameter hex: The digits.
  /// - Throws: `IntegrityError` where the text is anything else.
  public init(hex: String) throws(IntegrityError) {
    let digits = hex.utf8
    guard digits.count == 64, digits.allSatisfy({ Self.isHexadecimal($0) }) else {
      throw IntegrityError(
        .invalidDigest,
        "\"\(hex.prefix(80))\" is not a SHA-256 hash: it must be 64 hexadecimal digits.")
    }
    self.hex = hex.lowercased()
  }

  /// Reads the digest from a single text.
  ///
  /// - Parameter decoder: The source.
  /// - Throws: `DecodingError` where the text is not 64 hexadecimal digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(hex: container.decode(String.self))
    } catch let error as IntegrityError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the digest as a single text.
  ///
  /// - Parameter encoder: The destination.
  /// - Throws: What the destination throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  /// The hash of bytes.
  public static func of(_ bytes: [UInt8]) -> Digest { Digest(hashed: SHA256.hash(data: bytes)) }

  /// The hash of data.
  public static func of(_ data: Data) -> Digest { Digest(hashed: SHA256.hash(data: data)) }

  /// The hash of the UTF-8 bytes of a text.
  public static func of(text: String) -> Digest { of(Array(text.utf8)) }

  /// The hash of a file, read in pieces of a mebibyte.
  ///
  /// - Parameter path: Where the file is.
  /// - Returns: The hash of its bytes.
  /// - Throws: `IntegrityError` where it is not a file that can be read.
  public static func ofFile(_ path: String) throws(IntegrityError) -> Digest {
    try measureFile(path).digest
  }

  /// The hash and the number of bytes of a file, of one and the same reading.
  static func measureFile(_ path: String) throws(IntegrityError) -> (digest: Digest, bytes: Int) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw IntegrityError(
        DirectoryListing.kind(path) == nil ? .missingFile : .unreadable,
        "The file \(path) cannot be opened; check that it exists and may be read.")
    }
    var builder = HashBuilder()
    var count = 0
    do {
      defer { try? handle.close() }
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        builder.update(piece)
        count += piece.count
      }
    } catch {
      throw IntegrityError(
        .unreadable, "The file \(path) cannot be read; check that it is a file and complete.")
    }
    return (builder.finish(), count)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private static func digits(_ bytes: some Sequence<UInt8>) -> String {
    let alphabet = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      result.append(alphabet[Int(byte >> 4)])
      result.append(alphabet[Int(byte & 15)])
    }
    return String(decoding: result, as: UTF8.self)
  }
}
