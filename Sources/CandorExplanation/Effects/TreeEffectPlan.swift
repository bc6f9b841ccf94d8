import CandorNumerics

/// The encoded columns of one player with their values at each point of its grid.
struct GridColumns: Sendable {
  /// The encoded columns.
  let columns: [Int]
  /// Points × columns.
  let encoded: Matrix

  /// The number of points.
  var count: Int { encoded.rows }
}

/// Which points of which grid go right at which test: a bit a point, in parts of at most 64 points.
struct TreeEffectPlan: Sendable {
  /// A run of at most 64 points of one grid.
  struct Part: Sendable {
    /// The place of the first point among all points of all grids.
    let firstPoint: Int
    /// The number of points.
    let count: Int
    /// Where the part's differences start in a row's: `count` + 1 of them.
    let slot: Int
  }

  /// The parts, grid after grid.
  private(set) var parts: [Part] = []
  /// All bits of each part.
  private(set) var full: [UInt64] = []
  /// Where each part's differences start.
  private(set) var slots: [Int32] = []
  /// The first part of the grid that a column belongs to; -1 for none.
  private(set) var partOfColumn: [Int32]
  /// The number of parts of that grid.
  private(set) var partCount: [Int32]
  /// Where the masks of a column start: cut · parts + part; before them those of the missing points.
  private(set) var maskStart: [Int32]
  /// The points that go right at a cut; missing ones apart, which have a mask of their own.
  private(set) var masks: [UInt64] = []
  /// The number of points of all grids.
  private(set) var pointCount = 0
  /// The number of differences of a row.
  private(set) var slotCount = 0

  /// Asks every point of every grid at every test of its columns; O(points · tests).
  ///
  /// - Parameters:
  ///   - tables: The ensemble.
  ///   - grids: Grids of players that share no column.
  init(_ tables: TreeEffectTables, grids: [GridColumns]) {
    partOfColumn = Array(repeating: -1, count: tables.width)
    partCount = Array(repeating: 0, count: tables.width)
    maskStart = Array(repeating: 0, count: tables.width)
    for grid in grids {
      let first = parts.count
      let ranges = Parallel.blocks(of: grid.count, size: 64)
      for range in ranges {
        parts.append(
          Part(firstPoint: pointCount + range.lowerBound, count: range.count, slot: slotCount))
        full.append(range.count == 64 ? ~0 : 1 << UInt64(range.count) - 1)
        slots.append(Int32(slotCount))
        slotCount += range.count + 1
      }
      pointCount += grid.count
      for (position, column) in grid.columns.enumerated() {
        partOfColumn[column] = Int32(first)
        partCount[column] = Int32(ranges.count)
        let ranks = (0..<grid.count).map {
          tables.rank(of: grid.encoded[$0, position], column: column)
        }
        for range in ranges { masks.append(Self.mask(range) { ranks[$0] < 0 }) }
        maskStart[column] = Int32(masks.count)
        for cut in 0..<tables.cutCount(column: column) {
          for range in ranges {
            masks.append(
              Self.mask(range) { tables.goesRight(rank: ranks[$0], column: column, cut: cut) })
          }
        }
      }
    }
  }

  private static func mask(_ range: Range<Int>, where holds: (Int) -> Bool) -> UInt64 {
    var mask: UInt64 = 0
    for point in range where holds(point) { mask |= 1 << UInt64(point - range.lowerBound) }
    return mask
  }
}
