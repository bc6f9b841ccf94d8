import CandorData

/// One or several blocks of 0/1 columns, read as one code a row: the joint level.
///
/// Two blocks of five and ten levels cost one table look-up instead of two in a margin, and one
/// row of sums instead of two in a Gram matrix; the sums by joint level are then shared out to the
/// levels of each block, which is exact.
struct LevelGroup: Sendable {
  /// One 0/1 block, as encoded rows have it, from an encoded column on.
  struct Block: Sendable {
    let start: Int
    let width: Int
    let places: [Int32]
    let hasNone: Bool

    init(start: Int, width: Int, places: [Int32]) {
      self.start = start
      self.width = width
      self.places = places
      hasNone = places.contains { $0 < 0 }
    }

    /// The levels, "none of them" among these.
    var size: Int { width + (hasNone ? 1 : 0) }
  }

  /// The joint level of each row.
  let codes: [Int32]
  /// The number of joint levels.
  let size: Int
  /// For each joint level the encoded columns that are one.
  let members: [[Int]]

  /// Joins blocks; rows outside their blocks cannot be, as `EncodedRows` has checked.
  init(_ blocks: [Block], count: Int) {
    var codes = [Int32](repeating: 0, count: count)
    var members: [[Int]] = [[]]
    for block in blocks {
      let shift: Int32 = block.hasNone ? 1 : 0
      var span = codes.mutableSpan
      let size = Int32(truncatingIfNeeded: block.size)
      _ = LinearDesignKernel.joinCodes(block.places.span, shift: shift, size: size, into: &span)
      members = members.flatMap { joined in
        (0..<block.size).map { level in
          let place = level - Int(shift)
          return place < 0 ? joined : joined + [block.start + place]
        }
      }
    }
    self.codes = codes
    size = members.count
    self.members = members
  }

  private init(codes: [Int32], size: Int, members: [[Int]]) {
    self.codes = codes
    self.size = size
    self.members = members
  }

  /// The same levels for other rows.
  func selecting(rows: [Int]) -> LevelGroup {
    LevelGroup(codes: rows.map { codes[$0] }, size: size, members: members)
  }

  /// Joins blocks, largest first, as long as their joint levels are at most `limit`.
  static func joining(_ blocks: [Block], count: Int, limit: Int) -> [LevelGroup] {
    var bins: [(size: Int, blocks: [Block])] = []
    for block in blocks.sorted(by: { ($0.size, $1.start) > ($1.size, $0.start) }) {
      if let bin = bins.indices.first(where: { bins[$0].size * block.size <= limit }) {
        bins[bin].size *= block.size
        bins[bin].blocks.append(block)
      } else {
        bins.append((block.size, [block]))
      }
    }
    return bins.map { LevelGroup($0.blocks, count: count) }
  }
}
