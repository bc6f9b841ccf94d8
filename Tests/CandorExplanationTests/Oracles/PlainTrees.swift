import CandorData
import CandorNumerics
import CandorScoring

/// Trees walked as their contract says, one test after another.
struct PlainTrees: TreeEnsembleScorer {
  let inputWidth: Int
  let ensemble: TreeEnsemble
  var marginScale: MarginScale { .logOdds }
  var acceptsMissing: Bool { true }
  /// Whether the base margin is added last, or stands at the start of the sum.
  var addsBaseLast = true

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let count = Double(ensemble.trees.count)
    let isMean = ensemble.baseMargin == 0 && ensemble.trees.allSatisfy { $0.weight == 1 / count }
    for r in 0..<rows.count {
      let row = Array(rows.matrix.row(r))
      var sum = addsBaseLast ? 0 : ensemble.baseMargin
      for tree in ensemble.trees {
        let value = tree.value[ensemble.leaf(of: row, in: tree)]
        sum += isMean ? value : tree.weight * value
      }
      output[r] = isMean ? sum / count : addsBaseLast ? ensemble.baseMargin + sum : sum
    }
  }
}

extension TreeEnsemble {
  /// The leaf that a row reaches.
  func leaf(of row: [Double], in tree: Tree) -> Int {
    var node = 0
    while tree.left[node] >= 0 {
      let value = row[Int(tree.feature[node])]
      let goesLeft: Bool
      if value.isNaN {
        goesLeft = tree.missingGoesLeft[node]
      } else if let set = tree.categories[node] {
        goesLeft = set.contains(Int32(value))
      } else {
        let compared = precision == .single ? Double(Float(value)) : value
        goesLeft =
          comparison == .less
          ? compared < tree.threshold[node] : compared <= tree.threshold[node]
      }
      node = Int(goesLeft ? tree.left[node] : tree.right[node])
    }
    return node
  }

  /// Random trees on columns of numbers (rounded, so that values meet thresholds), some of which are
  /// columns of level codes instead.
  static func random(
    trees: Int, depth: Int, width: Int, levels: [Int: Int] = [:], isMean: Bool = true,
    comparison: Comparison = .lessOrEqual, precision: Precision = .double, seed: UInt64
  ) -> TreeEnsemble {
    var generator = SeedTree(seed: seed).child("random trees").generator()
    func grow(_ tree: inout Tree, depth: Int) -> Int {
      let node = tree.appendLeaf(value: generator.nextNormal(), cover: 1)
      guard depth > 0, generator.nextUniform() < 0.9 else { return node }
      let column = generator.nextInteger(below: width)
      tree.feature[node] = Int32(column)
      tree.missingGoesLeft[node] = generator.nextInteger(below: 2) == 0
      if let count = levels[column] {
        tree.categories[node] = Set(
          (0..<Int32(count)).filter { _ in generator.nextInteger(below: 2) == 0 })
      } else {
        tree.threshold[node] = (generator.nextNormal() * 5).rounded() / 5
      }
      let left = grow(&tree, depth: depth - 1)
      let right = grow(&tree, depth: depth - 1)
      tree.left[node] = Int32(left)
      tree.right[node] = Int32(right)
      return node
    }
    var ensemble = TreeEnsemble(
      trees: [], baseMargin: isMean ? 0 : 0.3, comparison: comparison, precision: precision)
    for index in 0..<trees {
      var tree = Tree(weight: isMean ? 1 / Double(trees) : 0.1 + 0.05 * Double(index % 7))
      _ = grow(&tree, depth: depth)
      ensemble.trees.append(tree)
    }
    return ensemble
  }
}

/// A scorer that hides what it can do besides.
struct HiddenScorer: Scorer {
  let inner: any Scorer
  var inputWidth: Int { inner.inputWidth }
  var marginScale: MarginScale { inner.marginScale }
  var acceptsMissing: Bool { inner.acceptsMissing }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try inner.margins(of: rows, into: &output)
  }
}
