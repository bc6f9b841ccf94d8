/// Numbers distinct texts in order of first appearance, keyed by their bytes, so that a text
/// becomes a `String` once and not once a row.
package struct LevelTable: Sendable {
  private var slots: [Int32]
  private var hashes: [UInt64] = []
  private var ends: [Int] = [0]
  private var pool: [UInt8] = []

  /// An empty table.
  package init() { slots = [Int32](repeating: -1, count: 16) }

  /// A table that already has these levels, in this order.
  package init(levels: [String]) {
    self.init()
    for level in levels {
      let bytes = Array(level.utf8)
      _ = insert(bytes.span)
    }
  }

  /// The number of distinct texts.
  package var count: Int { hashes.count }

  /// The code of a text, a new one where it was not known; constant time on average.
  package mutating func insert(_ text: Span<UInt8>) -> Int32 {
    let hash = Self.hash(text)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let code = slots[slot]
      if code < 0 { break }
      if hashes[Int(code)] == hash, equals(Int(code), text) { return code }
      slot = (slot + 1) & mask
    }
    let code = Int32(hashes.count)
    slots[slot] = code
    hashes.append(hash)
    for i in 0..<text.count { pool.append(text[i]) }
    ends.append(pool.count)
    if hashes.count * 2 > slots.count { grow() }
    return code
  }

  /// The text of a code.
  package func text(_ code: Int) -> String {
    String(decoding: pool[ends[code]..<ends[code + 1]], as: UTF8.self)
  }

  /// The bytes of a code's text.
  func bytes(_ code: Int) -> [UInt8] { Array(pool[ends[code]..<ends[code + 1]]) }

  /// All texts by code.
  package var levels: [String] { (0..<count).map { text($0) } }

  private func equals(_ code: Int, _ text: Span<UInt8>) -> Bool {
    let start = ends[code]
    guard ends[code + 1] - start == text.count else { return false }
    for i in 0..<text.count where pool[start + i] != text[i] { return false }
    return true
  }

  private mutating func grow() {
    let size = slots.count * 2
    slots = [Int32](repeating: -1, count: size)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(code)
    }
  }

  /// FNV-1a over the bytes (Fowler, Noll, Vo), with a last mixing step because slots use the low
  /// bits.
  private static func hash(_ text: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for i in 0..<text.count { hash = (hash ^ UInt64(text[i])) &* 0x100_0000_01B3 }
    return hash ^ (hash >> 32)
  }
}
