/// The nodes of a tree in the order in which they were made.
struct GrowingTree {
  private var codes: [Int32] = []
  private var left: [Int32] = []
  private var sets: [Int32] = []
  private var setWords: [SIMD4<UInt64>] = []
  private var cover: [Double] = []
  private var value: [Double] = []

  /// Adds a leaf over rows of these sums, its value taken between the bounds.
  mutating func append<S: NodeStatistic>(
    _ totals: S, low: Double, high: Double, ground: GrowingGround
  ) {
    codes.append(-1)
    left.append(-1)
    sets.append(-1)
    cover.append(totals.weight)
    value.append(ground.leafValue(min(max(totals.sum / totals.weight, low), high)))
  }

  /// Makes a leaf an inner node whose children come next; gives the position of the first.
  mutating func split<S: NodeStatistic>(
    _ node: Int, by split: SplitCandidate<S>, isLevels: Bool
  ) -> Int {
    codes[node] = GrownTree.code(
      column: split.column, bin: isLevels ? 0 : split.bin, missingGoesLeft: split.missingGoesLeft)
    left[node] = Int32(codes.count)
    if isLevels {
      sets[node] = Int32(setWords.count)
      setWords.append(split.rightSet)
    }
    return codes.count
  }

  /// The nodes level by level.
  func levelled() -> GrownTree {
    var tree = GrownTree()
    tree.codes.reserveCapacity(codes.count)
    tree.leafCover.reserveCapacity(codes.count / 2 + 1)
    tree.leafValue.reserveCapacity(codes.count / 2 + 1)
    var queue: [Int32] = [0]
    queue.reserveCapacity(codes.count)
    var next = 0
    while next < queue.count {
      let node = Int(queue[next])
      next += 1
      tree.codes.append(codes[node])
      if left[node] >= 0 {
        if sets[node] >= 0 { tree.sets.append(setWords[Int(sets[node])]) }
        queue.append(left[node])
        queue.append(left[node] + 1)
      } else {
        tree.leafCover.append(cover[node])
        tree.leafValue.append(value[node])
      }
    }
    return tree
  }
}
