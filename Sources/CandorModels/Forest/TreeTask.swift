import CandorData
import CandorNumerics
import CandorScoring

/// A tree and where the rows that it did not see end in it.
struct TreeWithVotes: Sendable {
  let tree: GrownTree
  /// The rows that the tree did not see; empty where nobody asked.
  let rows: [Int32]
  /// The leaf, counted over the tree's leaves, of each of these rows.
  let leaves: [Int32]
}

/// What one tree of a forest takes: its draw, its growth, its votes.
struct TreeTask: Sendable {
  let ground: GrowingGround
  let sampling: ForestSampling

  /// The tree of this number: grown, or the given one taken as it is; cancelled, part of one.
  func tree(_ index: Int, given: GrownTree?) -> TreeWithVotes {
    let draws = sampling.draws(of: index)
    let tree = given ?? grown(index, draws: draws)
    guard ground.options.outOfBag else { return TreeWithVotes(tree: tree, rows: [], leaves: []) }
    var rows = [Int32](repeating: 0, count: draws.count)
    var span = rows.mutableSpan
    let count = DrawingKernel.outside(draws.span, into: &span)
    rows.removeLast(rows.count - count)
    return TreeWithVotes(tree: tree, rows: rows, leaves: leaves(of: tree, at: rows))
  }

  private func grown(_ index: Int, draws: [UInt8]) -> GrownTree {
    let draws = ground.weighed(draws)
    let generator = sampling.seeds.child(index).child("columns").generator()
    switch (ground.options.criterion, ground.values.isEmpty) {
    case (.gini, true):
      return counted(SquareQuality(), draws, generator)
    case (.gini, false):
      return grow(RealStatistic.self, SquareQuality(), draws, generator)
    case (.entropy, true):
      let drawn = draws.reduce(0) { $0 + Int($1) }
      return counted(CountedEntropyQuality(largest: drawn), draws, generator)
    case (.entropy, false):
      return grow(RealStatistic.self, EntropyQuality(), draws, generator)
    }
  }

  private func counted<Q: SplitQuality>(
    _ quality: Q, _ draws: [UInt8], _ generator: CounterGenerator
  ) -> GrownTree {
    draws.count <= CountStatistic.limit
      ? grow(CountStatistic.self, quality, draws, generator)
      : grow(WideCountStatistic.self, quality, draws, generator)
  }

  private func grow<S: NodeStatistic, Q: SplitQuality>(
    _: S.Type, _ quality: Q, _ draws: [UInt8], _ generator: CounterGenerator
  ) -> GrownTree {
    var grower = TreeGrower<S, Q>(ground: ground, quality: quality, generator: generator)
    return grower.grow(draws: draws)
  }

  /// The leaves at which rows end, counted over the tree's leaves.
  private func leaves(of tree: GrownTree, at rows: [Int32]) -> [Int32] {
    let count = tree.codes.count
    var codes = [UInt32](repeating: ForestNode.leafBin, count: count)
    var left = [Int32](repeating: 0, count: count)
    var number = [Int32](repeating: 0, count: count)
    var sets = [Int32](repeating: 0, count: tree.sets.isEmpty ? 0 : count)
    var words = [UInt32](repeating: 0, count: 8)
    var inner: Int32 = 0
    var leaf: Int32 = 0
    for (node, code) in tree.codes.enumerated() {
      guard code >= 0 else {
        left[node] = Int32(node)
        number[node] = leaf
        leaf += 1
        continue
      }
      left[node] = 2 * inner + 1
      inner += 1
      let column = GrownTree.column(code)
      let raised: UInt32 = code & GrownTree.missingBit != 0 ? 1 : 0
      if ground.levels[column] > 0 {
        codes[node] = UInt32(column) << 9 | ForestNode.leafBin
        sets[node] = Int32(words.count / 8)
        let set = tree.sets[words.count / 8 - 1]
        for word in 0..<8 {
          words.append(UInt32(truncatingIfNeeded: set[word / 2] >> UInt64(word % 2 * 32)))
        }
      } else {
        codes[node] = UInt32(column) << 9 | raised << 8 | (UInt32(code & 255) + raised)
      }
    }
    var leaves = [Int32](repeating: 0, count: rows.count)
    var span = leaves.mutableSpan
    let bins = ground.binned.values
    if sets.isEmpty {
      OutOfBagKernel.walk(
        test: BinTest.self, codes: codes.span, left: left.span, sets: sets.span,
        words: words.span, bins: bins.span, stride: ground.binned.stride, walkers: rows.span,
        into: &span)
    } else {
      OutOfBagKernel.walk(
        test: SetTest.self, codes: codes.span, left: left.span, sets: sets.span,
        words: words.span, bins: bins.span, stride: ground.binned.stride, walkers: rows.span,
        into: &span)
    }
    for i in leaves.indices { leaves[i] = number[Int(leaves[i])] }
    return leaves
  }
}
