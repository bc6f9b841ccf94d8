import CandorData
import CandorNumerics
import CandorScoring

/// A bootstrapped forest of regression trees on columns of numbers, grown the slow way, that knows
/// which rows each tree did not see.
struct SmallForest: OutOfBagScorer {
  let inputWidth: Int
  let ensemble: TreeEnsemble
  let outOfBagRows: [[Int]]
  var marginScale: MarginScale { .probability }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try PlainTrees(inputWidth: inputWidth, ensemble: ensemble).margins(of: rows, into: &output)
  }

  /// Grows trees of this depth with leaves of five draws at least, on half of the columns a node.
  init(rows: EncodedRows, targets: [Double], trees: Int, depth: Int, seed: UInt64) {
    inputWidth = rows.width
    let matrix = rows.matrix
    let width = rows.width
    var unseen: [[Int]] = []
    var ensemble = TreeEnsemble(trees: [])
    for index in 0..<trees {
      var generator = SeedTree(seed: seed).child("small forest").child(index).generator()
      let drawn = Sampling.bootstrapIndices(rows.count, using: &generator)
      let seen = Set(drawn)
      unseen.append((0..<rows.count).filter { !seen.contains($0) })
      var tree = TreeEnsemble.Tree(weight: 1 / Double(trees))
      func grow(_ members: [Int], depth: Int) -> Int {
        let mean = members.reduce(0) { $0 + targets[$1] } / Double(members.count)
        let node = tree.appendLeaf(value: mean, cover: Double(members.count))
        guard depth > 0, members.count >= 10 else { return node }
        var best = (gain: 1e-9, column: -1, threshold: 0.0)
        let columns = Sampling.withoutReplacement(
          max(width / 2, 1), from: width, using: &generator)
        for column in columns {
          let sorted = members.sorted { matrix[$0, column] < matrix[$1, column] }
          let total = sorted.reduce(0) { $0 + targets[$1] }
          var left = 0.0
          for i in 0..<sorted.count - 5 {
            left += targets[sorted[i]]
            let value = matrix[sorted[i], column]
            let next = matrix[sorted[i + 1], column]
            guard i >= 4, value < next else { continue }
            let (a, b) = (Double(i + 1), Double(sorted.count - i - 1))
            let gain =
              left * left / a + (total - left) * (total - left) / b
              - total * total / (a + b)
            if gain > best.gain { best = (gain, column, (value + next) / 2) }
          }
        }
        guard best.column >= 0 else { return node }
        let goesLeft = members.filter { matrix[$0, best.column] <= best.threshold }
        let goesRight = members.filter { matrix[$0, best.column] > best.threshold }
        tree.feature[node] = Int32(best.column)
        tree.threshold[node] = best.threshold
        let left = grow(goesLeft, depth: depth - 1)
        let right = grow(goesRight, depth: depth - 1)
        tree.left[node] = Int32(left)
        tree.right[node] = Int32(right)
        return node
      }
      _ = grow(drawn, depth: depth)
      ensemble.trees.append(tree)
    }
    self.ensemble = ensemble
    outOfBagRows = unseen
  }
}
