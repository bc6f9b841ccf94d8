import CandorData
import CandorNumerics
public import CandorScoring

/// A fitted forest with what only its training rows can tell.
public struct ForestFit: Sendable {
  /// The forest and its log.
  public let trained: Trained<RandomForest>
  /// For each training row the mean leaf share over the trees that did not see it; nil where every
  /// tree saw it.
  public let outOfBagMargins: [Double?]
  /// The forest with the rows that each tree did not see.
  public let scorer: OutOfBagForest
}

/// Grows random forests.
public struct ForestLearner: Learner {
  /// How the forest is grown.
  public let options: ForestOptions

  /// A learner with these options; they are checked when it fits.
  public init(options: ForestOptions = ForestOptions()) { self.options = options }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] { options.settings }

  /// Grows a forest.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The forest and its log (see `fitKeepingOutOfBag`).
  /// - Throws: `TrainingError` where an option is out of range or one class has no weight.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<RandomForest> {
    try fitKeepingOutOfBag(training, context: context).trained
  }

  /// Grows a forest and keeps its out-of-bag margins.
  ///
  /// The log has the measures `out-of-bag AUC`, `out-of-bag log-loss` and `out-of-bag coverage` (the
  /// share of rows with an out-of-bag margin), weighted by the rows' own weights, and the curve of
  /// the log-loss over at most 50 equal steps of trees. O(trees · rows · log rows · features per
  /// split).
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The forest, its log and its out-of-bag margins.
  /// - Throws: `TrainingError` where an option is out of range, the forest could take more than
  ///   8 GB, or one class has no weight.
  public func fitKeepingOutOfBag(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> ForestFit {
    let options = try options.validated()
    try training.requireClassification("random forest")
    let isBad = training.targets.map { $0 == 1 }
    try requireBothClasses(training)
    let width = training.rows.width
    guard width > 0, width < 1 << 22 else {
      throw TrainingError(
        .shapeMismatch, "A forest needs 1 to \((1 << 22) - 1) encoded columns; there are \(width).")
    }
    guard training.count < Int(Int32.max) else {
      throw TrainingError(
        .shapeMismatch, "A forest takes fewer than \(Int32.max) rows; there are \(training.count).")
    }
    try requireModestSize(rows: training.count, options: options)
    let ground = GrowingGround(
      binned: BinnedMatrix(
        training.rows.matrix, maximumBins: options.bins, threads: context.threads),
      rows: training.count,
      columns: width, isBad: isBad,
      rowWeights: try options.classWeights.rowWeights(
        targets: training.targets, weights: training.weights) ?? [], options: options)
    let seeds = context.seeds.child("forest")
    let sampling = ForestSampling(
      seeds: seeds, rows: training.count, bootstrap: options.bootstrap, share: options.sampleShare)
    var trees: [GrownTree] = []
    trees.reserveCapacity(options.trees)
    var tally = OutOfBagTally(rows: training.count)
    var curve: [Double] = []
    let step = (options.trees + 49) / 50
    // Votes wait in memory until their batch is done: few trees at a time where rows are many.
    let batch = min(max(8_000_000 / training.count, 8), 64)
    for range in Parallel.blocks(of: options.trees, size: batch) {
      let grown = Parallel.map(count: range.count, threads: context.threads) { index in
        growTree(range.lowerBound + index, ground: ground, sampling: sampling)
      }
      for tree in grown {
        tally.add(rows: tree.rows, shares: tree.shares)
        trees.append(tree.tree)
        if trees.count % step == 0 || trees.count == options.trees,
          let loss = tally.logLoss(isBad: isBad, weights: training.weights)
        {
          curve.append(loss)
        }
      }
      context.progress?(Double(trees.count) / Double(options.trees))
    }
    let forest: RandomForest
    do throws(ScoringError) {
      forest = try RandomForest(trees: trees, edges: ground.binned.edges, inputWidth: width)
    } catch {
      throw TrainingError(.numerical, error.description)
    }
    var log = TrainingLog(iterations: options.trees)
    let margins = tally.margins
    log.measures["out-of-bag coverage"] =
      Double(margins.count { $0 != nil }) / Double(training.count)
    log.measures["out-of-bag AUC"] = tally.areaUnderCurve(isBad: isBad, weights: training.weights)
    log.measures["out-of-bag log-loss"] = tally.logLoss(isBad: isBad, weights: training.weights)
    log.measures["nodes"] = Double(forest.nodeCount)
    if !curve.isEmpty {
      log.curves = [
        .init(name: "out-of-bag log-loss every \(step) trees", values: curve)
      ]
    }
    return ForestFit(
      trained: Trained(model: forest, log: log), outOfBagMargins: margins,
      scorer: OutOfBagForest(forest: forest, sampling: sampling))
  }

  /// Refuses a forest that could outgrow memory. Every leaf has `minimum_leaf` draws at least, and a
  /// node takes some 40 bytes with its leaf's weights and what scoring reads of it.
  private func requireModestSize(rows: Int, options: ForestOptions) throws(TrainingError) {
    let draws = (options.sampleShare * Double(rows)).rounded(.up)
    var nodes = max(2 * (draws / Double(options.minimumLeaf)).rounded(.down) - 1, 1)
    if let depth = options.maximumDepth, depth < 40 {
      nodes = min(nodes, Double(sign: .plus, exponent: depth + 1, significand: 1) - 1)
    }
    let bytes = Double(options.trees) * nodes * 40
    guard bytes <= 8 * 0x1p30 else {
      throw TrainingError(
        .badOption,
        "A forest of \(options.trees) trees with a minimum_leaf of \(options.minimumLeaf) on "
          + "\(rows) rows could take \(Int(min(bytes / 0x1p30, 1e15).rounded())) GB, more than the "
          + "8 GB allowed; lower trees or sample_share, raise minimum_leaf, or set maximum_depth.")
    }
  }

  private func requireBothClasses(_ training: TrainingRows) throws(TrainingError) {
    guard let weights = training.weights else { return }
    let bad = zip(weights, training.targets).contains { $0 > 0 && $1 == 1 }
    let good = zip(weights, training.targets).contains { $0 > 0 && $1 == 0 }
    guard good, bad else {
      throw TrainingError(
        .oneClassOnly,
        "All rows with a weight above 0 have the same outcome; a forest needs good and bad rows.")
    }
  }
}

/// A tree and what it says about the rows that it did not see.
private struct TreeWithVotes: Sendable {
  let tree: GrownTree
  let rows: [Int32]
  let shares: [Double]
}

private func growTree(
  _ index: Int, ground: GrowingGround, sampling: ForestSampling
) -> TreeWithVotes {
  var draws = sampling.draws(of: index)
  let outside = draws.indices.compactMap { draws[$0] == 0 ? Int32($0) : nil }
  let weights = ground.rowWeights
  if !weights.isEmpty, !draws.indices.contains(where: { draws[$0] > 0 && weights[$0] > 0 }) {
    // All drawn rows weigh nothing: the tree is one leaf over all rows.
    draws = Array(repeating: 1, count: ground.rows)
  }
  let generator = sampling.seeds.child(index).child("columns").generator()
  let tree: GrownTree
  switch (ground.options.criterion, weights.isEmpty) {
  case (.gini, _):
    tree = grow(ground, GiniImpurity(), draws, generator)
  case (.entropy, true):
    let drawn = draws.reduce(0) { $0 + Int($1) }
    tree = grow(ground, CountedEntropyImpurity(largest: drawn), draws, generator)
  case (.entropy, false):
    tree = grow(ground, EntropyImpurity(), draws, generator)
  }
  return TreeWithVotes(
    tree: tree, rows: outside, shares: leafShares(of: tree, at: outside, ground: ground))
}

private func grow<Impurity: SplitImpurity>(
  _ ground: GrowingGround, _ impurity: Impurity, _ draws: [UInt16], _ generator: CounterGenerator
) -> GrownTree {
  var grower = TreeGrower(
    ground: ground, impurity: impurity, draws: draws, generator: generator)
  return grower.grow()
}

private func leafShares(
  of tree: GrownTree, at rows: [Int32], ground: GrowingGround
) -> [Double] {
  var left = [Int32](repeating: -1, count: tree.codes.count)
  var shares = [Double](repeating: 0, count: tree.codes.count)
  var inner = 0
  var leaf = 0
  for (node, code) in tree.codes.enumerated() {
    if code >= 0 {
      left[node] = Int32(2 * inner + 1)
      inner += 1
    } else {
      shares[node] = tree.leafBad[leaf] / tree.leafCover[leaf]
      leaf += 1
    }
  }
  var leaves = [Int32](repeating: 0, count: rows.count)
  var span = leaves.mutableSpan
  let bins = ground.binned.values
  ForestScoringKernel.walkBins(
    codes: tree.codes.span, left: left.span, bins: bins.span, rowCount: ground.rows,
    walkers: rows.span, into: &span)
  return leaves.map { shares[Int($0)] }
}
