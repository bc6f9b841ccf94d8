import CandorData
import CandorNumerics
import Testing

@Suite struct SeparatorKernelTests {
  /// The levels that this processor has.
  private static let levels = VectorLevel.allCases.filter { $0 <= .best }

  /// The places that the kernel finds in a range of a text, and whether it left all else as it was.
  private static func find(
    _ text: [UInt8], _ range: Range<Int>, _ delimiter: UInt8, from first: Int, _ level: VectorLevel
  ) -> [Int]? {
    let mark = UInt32.max
    var ends = [UInt32](
      repeating: mark, count: first + range.count + SeparatorKernel.spare)
    let count = SeparatorKernel.find(
      in: text, range, delimiter: delimiter, into: &ends, from: first, level: level)
    guard ends.prefix(first).allSatisfy({ $0 == mark }), count <= range.count else { return nil }
    return ends[first..<first + count].map { Int($0) }
  }

  @Test("Every level finds all separators and nothing else, at every length and alignment")
  func sameAsOneByOne() {
    var generator = SeedTree(seed: 7).child("separators").generator()
    for length in 0...200 {
      for offset in 0..<66 where (length + offset) % 3 == 0 || length < 70 {
        let share = [1, 2, 8, 40][(length + offset) % 4]
        let delimiter: UInt8 = [0x2C, 0x3B, 0x09, 0x7C][generator.nextInteger(below: 4)]
        let text = (0..<offset + length + 8).map { place in
          // Separators before and behind the range must not be found, and high bytes not mistaken.
          if generator.nextInteger(below: share) == 0, place < offset + length {
            return generator.next() % 3 == 0 ? 0x0A : delimiter
          }
          let byte = UInt8(truncatingIfNeeded: generator.next())
          return place >= offset + length || byte == delimiter || byte == 0x0A ? 0x80 : byte
        }
        let range = offset..<offset + length
        let expected = range.filter { text[$0] == delimiter || text[$0] == 0x0A }
        for level in Self.levels {
          #expect(
            Self.find(text, range, delimiter, from: offset % 3, level) == expected,
            "\(level), \(length) bytes from \(offset)")
        }
      }
    }
  }

  @Test("A text of nothing but separators, and one of none, have places for all and for none")
  func extremes() {
    for length in [1, 15, 16, 17, 63, 64, 65, 1000, 16_384] {
      let full = [UInt8](repeating: 0x2C, count: length) + [UInt8](repeating: 0, count: 8)
      let empty = [UInt8](repeating: 0x61, count: length + 8)
      for level in Self.levels {
        #expect(Self.find(full, 0..<length, 0x2C, from: 1, level) == Array(0..<length))
        #expect(Self.find(empty, 0..<length, 0x2C, from: 0, level) == [])
      }
    }
  }
}
