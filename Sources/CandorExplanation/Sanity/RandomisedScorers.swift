import CandorData
import CandorNumerics
import CandorScoring

/// Moves parameters to places that are not theirs.
enum Randomisation {
  /// The same numbers in a random order, each with a random sign: the scale of the parameters stays,
  /// what they had learnt goes.
  static func scatter(_ values: [Double], using generator: inout CounterGenerator) -> [Double] {
    var result = values
    Sampling.shuffle(&result, using: &generator)
    for i in result.indices where generator.nextInteger(below: 2) == 1 { result[i] = -result[i] }
    return result
  }
}

/// A net whose last layers were randomised.
struct RandomisedNet: LayeredScorer {
  let layers: [LayerView]
  let inputWidth: Int
  let marginScale: MarginScale
  private let net: LayeredNet

  /// Randomises the `count` layers nearest to the output; nil where the layers are not of a known kind.
  init?(_ scorer: some LayeredScorer, randomising count: Int, seeds: SeedTree) {
    var layers = scorer.layers
    for l in layers.indices.suffix(count) {
      var generator = seeds.child("layer").child(l).generator()
      let layer = layers[l]
      let weights = Randomisation.scatter(layer.weights.values, using: &generator)
      let columns = layer.weights.columns
      layers[l] = LayerView(
        weights: Matrix(rows: layer.weights.rows, columns: columns) {
          weights[$0 * columns + $1]
        }, biases: Randomisation.scatter(layer.biases, using: &generator),
        activation: layer.activation)
    }
    guard let net = LayeredNet(layers) else { return nil }
    self.layers = layers
    self.net = net
    inputWidth = net.width
    marginScale = scorer.marginScale
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let values = rows.matrix.values
    for tile in Parallel.blocks(of: rows.count, size: LayeredNet.tileRows) {
      let found = net.margins(values, first: tile.lowerBound, count: tile.count)
      for (i, r) in tile.enumerated() { output[r] = found[i] }
    }
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    let values = rows.matrix.values
    var result = Matrix(rows: rows.count, columns: net.width)
    for tile in Parallel.blocks(of: rows.count, size: LayeredNet.tileRows) {
      let found = net.gradients(values, first: tile.lowerBound, count: tile.count)
      for (i, r) in tile.enumerated() {
        result.setRow(r, to: found[i * net.width..<(i + 1) * net.width])
      }
    }
    return result
  }
}

/// A linear score whose coefficients were randomised.
struct RandomisedLinear: LinearScorer {
  let coefficients: [Double]
  let intercept: Double
  let marginScale: MarginScale
  var inputWidth: Int { coefficients.count }
  var constantTerm: Double { intercept }

  init(_ scorer: some LinearScorer, seeds: SeedTree) {
    var generator = seeds.child("coefficients").generator()
    coefficients = Randomisation.scatter(scorer.coefficients, using: &generator)
    intercept = scorer.intercept
    marginScale = scorer.marginScale
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let matrix = rows.matrix
    for r in 0..<rows.count {
      output[r] = zip(matrix.row(r), coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }
    }
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    return Matrix(rows: rows.count, columns: inputWidth) { _, c in coefficients[c] }
  }

  func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    let matrix = rows.matrix
    return Matrix(rows: rows.count, columns: inputWidth) { matrix[$0, $1] * coefficients[$1] }
  }
}

/// Trees whose leaves have the values of other leaves of the same tree.
struct RandomisedTrees: TreeEnsembleScorer {
  let ensemble: TreeEnsemble
  let inputWidth: Int
  let marginScale: MarginScale
  let acceptsMissing: Bool

  init(_ scorer: some TreeEnsembleScorer, seeds: SeedTree) {
    var ensemble = scorer.ensemble
    for t in ensemble.trees.indices {
      var generator = seeds.child("tree").child(t).generator()
      let leaves = ensemble.trees[t].left.indices.filter { ensemble.trees[t].left[$0] < 0 }
      var values = leaves.map { ensemble.trees[t].value[$0] }
      Sampling.shuffle(&values, using: &generator)
      for (leaf, value) in zip(leaves, values) { ensemble.trees[t].value[leaf] = value }
      Self.refresh(&ensemble.trees[t])
    }
    self.ensemble = ensemble
    inputWidth = scorer.inputWidth
    marginScale = scorer.marginScale
    acceptsMissing = scorer.acceptsMissing
  }

  /// Gives inner nodes the cover-weighted mean of their new leaves; children stand after their parent
  /// or before it, hence by depth-first order.
  private static func refresh(_ tree: inout TreeEnsemble.Tree) {
    var order: [Int] = tree.nodeCount > 0 ? [0] : []
    var position = 0
    while position < order.count {
      let node = order[position]
      if tree.left[node] >= 0 { order += [Int(tree.left[node]), Int(tree.right[node])] }
      position += 1
    }
    for node in order.reversed() where tree.left[node] >= 0 {
      let (left, right) = (Int(tree.left[node]), Int(tree.right[node]))
      let cover = tree.cover[left] + tree.cover[right]
      if cover > 0 {
        tree.value[node] =
          (tree.cover[left] * tree.value[left] + tree.cover[right] * tree.value[right]) / cover
      }
    }
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let matrix = rows.matrix
    for r in 0..<rows.count {
      let row = matrix.row(r)
      var sum = ensemble.baseMargin
      for tree in ensemble.trees { sum += tree.weight * tree.value[leaf(of: row, in: tree)] }
      output[r] = sum
    }
  }

  private func leaf(of row: ArraySlice<Double>, in tree: TreeEnsemble.Tree) -> Int {
    var node = 0
    while tree.left[node] >= 0 {
      let value = row[row.startIndex + Int(tree.feature[node])]
      node = Int(goesLeft(value, at: node, of: tree) ? tree.left[node] : tree.right[node])
    }
    return node
  }

  private func goesLeft(_ value: Double, at node: Int, of tree: TreeEnsemble.Tree) -> Bool {
    if value.isNaN { return tree.missingGoesLeft[node] }
    if let set = tree.categories[node] { return Int32(exactly: value).map(set.contains) ?? false }
    let threshold = tree.threshold[node]
    switch (ensemble.precision, ensemble.comparison) {
    case (.double, .lessOrEqual): return value <= threshold
    case (.double, .less): return value < threshold
    case (.single, .lessOrEqual): return Float(value) <= Float(threshold)
    case (.single, .less): return Float(value) < Float(threshold)
    }
  }
}
