import Crypto
public import Foundation

/// A SHA-256 hash that grows piece by piece.
///
/// Texts and bytes are hashed as they are, without their length: where neighbouring pieces vary in
/// length, write the length first with `update(integer:)`, or two inputs may have one hash.
public struct HashBuilder: Sendable {
  private var function = SHA256()

  /// Starts with nothing hashed.
  public init() {}

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) { function.update(data: bytes) }

  /// Adds data.
  public mutating func update(_ data: Data) { function.update(data: data) }

  /// Adds the UTF-8 bytes of a text.
  public mutating func update(_ text: String) { function.update(data: Array(text.utf8)) }

  /// Adds an integer as eight bytes, lowest first.
  public mutating func update(integer: Int) { append(UInt64(bitPattern: Int64(integer))) }

  /// Adds the bit patterns of numbers, eight bytes each, lowest first; −0 differs from 0.
  public mutating func update(doubles: [Double]) {
    // In pieces, so that a large list is not copied as a whole.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * min(doubles.count, 8192))
    for value in doubles {
      let bits = value.bitPattern
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
      if bytes.count >= 65_536 {
        function.update(data: bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    function.update(data: bytes)
  }

  /// The hash of what was added so far; more may be added after.
  public func finish() -> Digest { Digest(hashed: function.finalize()) }

  private mutating func append(_ bits: UInt64) {
    function.update(
      data: stride(from: UInt64(0), to: 64, by: 8).map { UInt8(truncatingIfNeeded: bits >> $0) })
  }
}
