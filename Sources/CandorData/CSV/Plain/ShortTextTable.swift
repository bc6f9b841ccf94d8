/// Codes of texts of at most 32 bytes, in the form that `ShortTextKernel` looks up.
struct ShortTextTable: Sendable {
  private(set) var slots: [UInt64]
  /// 64 less the binary logarithm of the number of slots.
  private(set) var shift: UInt64
  private var count = 0

  /// An empty table.
  init() {
    shift = 64 - 6
    slots = [UInt64](repeating: 0, count: ShortTextKernel.slotWords << 6)
  }

  /// Adds a text that is not in the table; texts that are too long are left out.
  mutating func insert(_ text: Span<UInt8>, code: Int32) {
    guard text.count <= ShortTextKernel.longest else { return }
    var words = SIMD4<UInt64>(repeating: 0)
    for i in 0..<text.count { words[i / 8] |= UInt64(text[i]) << UInt64(8 * (i % 8)) }
    if (count + 1) * 4 > slots.count / ShortTextKernel.slotWords { grow() }
    place(words, length: UInt64(text.count + 1), code: UInt64(UInt32(bitPattern: code)))
    count += 1
  }

  private mutating func place(_ words: SIMD4<UInt64>, length: UInt64, code: UInt64) {
    let mask = slots.count / ShortTextKernel.slotWords - 1
    var slot = Int(
      truncatingIfNeeded: ShortTextKernel.hash(words[0], words[1], words[2], words[3]) >> shift)
    while slots[slot * ShortTextKernel.slotWords + 4] != 0 { slot = (slot + 1) & mask }
    let base = slot * ShortTextKernel.slotWords
    for i in 0..<4 { slots[base + i] = words[i] }
    slots[base + 4] = length
    slots[base + 5] = code
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    shift -= 1
    for base in stride(from: 0, to: old.count, by: ShortTextKernel.slotWords)
    where old[base + 4] != 0 {
      place(
        SIMD4(old[base], old[base + 1], old[base + 2], old[base + 3]), length: old[base + 4],
        code: old[base + 5])
    }
  }
}
