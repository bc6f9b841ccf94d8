import CandorData
import CandorNumerics
public import CandorScoring

/// A fitted forest with what only its training rows can tell.
public struct ForestFit: Sendable {
  /// The forest and its log.
  public let trained: Trained<RandomForest>
  /// For each training row the mean leaf value over the trees that did not see it; nil where every
  /// tree saw it, and everywhere where `outOfBag` is off.
  public let outOfBagMargins: [Double?]
  /// The forest with the rows that each tree did not see.
  public let scorer: OutOfBagForest
}

/// Grows random forests, for a class or for a number.
///
/// Columns may hold numbers, 0/1 marks or level codes (`FeatureMap.levelCounts`), and missing cells
/// (NaN) anywhere. At each split missing cells go to the side where they leave less impurity; where
/// the node has none, to the child with more rows. Levels are split into two sets, the best of all
/// (see `SplitScanKernel.order`); levels that the node does not have go to the child with more rows.
public struct ForestLearner: Learner {
  /// How the forest is grown.
  public let options: ForestOptions

  /// A learner with these options; they are checked when it fits.
  public init(options: ForestOptions = ForestOptions()) { self.options = options }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] { options.settings }

  /// The option `monotone`.
  public var keepsDirections: Bool { options.monotone }

  /// Grows a forest.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The forest and its log (see `fitKeepingOutOfBag`).
  /// - Throws: `TrainingError` as `fitKeepingOutOfBag` does.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<RandomForest> {
    try fitKeepingOutOfBag(training, context: context).trained
  }

  /// Grows a forest and keeps its out-of-bag margins.
  ///
  /// The log has the measures `out-of-bag AUC` and `out-of-bag log-loss`, or in a regression
  /// `out-of-bag R2` and `out-of-bag RMSE`, and `out-of-bag coverage` (the share of rows with an
  /// out-of-bag margin), weighted by the rows' own weights, and the curve of the log-loss or mean
  /// squared error over at most 50 equal steps of trees (10 above 100,000 rows); none of them where
  /// `outOfBag` is off. O(trees · rows · log rows · features per split).
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes or two targets among them.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The forest, its log and its out-of-bag margins.
  /// - Throws: `TrainingError` where an option is out of range or does not fit the task, a column
  ///   holds more than 255 levels or an infinite number, the forest could take more than 8 GB, only
  ///   one outcome has weight, or the fit was cancelled.
  public func fitKeepingOutOfBag(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> ForestFit {
    try grow(options.trees, given: [], training: training, context: context)
  }

  /// Grows more trees on a forest of the same rows, options and seeds.
  ///
  /// Each tree is a function of its number, so that a forest of 100 trees and 100 more have the same
  /// bytes, and the same log, as one of 200. The option `trees` plays no part.
  ///
  /// - Parameters:
  ///   - trees: How many trees are added, one at least.
  ///   - forest: The forest.
  ///   - training: The rows on which it was grown.
  ///   - context: The seeds with which it was grown, threads and the listener for progress.
  /// - Returns: The larger forest, its log and its out-of-bag margins.
  /// - Throws: `TrainingError` as `fitKeepingOutOfBag` does, and where the forest was grown on other
  ///   columns, bins or another task.
  public func adding(
    trees: Int, to forest: RandomForest, _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> ForestFit {
    try OptionRange.require("forest", "trees", trees, in: 1...100_000)
    return try grow(
      forest.treeCount + trees, given: [forest], training: training, context: context)
  }

  private func grow(
    _ trees: Int, given: [RandomForest], training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> ForestFit {
    var wanted = options
    wanted.trees = trees
    let options = try wanted.validated()
    try ForestRows.check(training, options: options)
    let ground = try GrowingGround(training, options: options, context: context)
    for forest in given {
      guard forest.parts.edges == ground.binned.edges, forest.task == training.task,
        forest.parts.levelCounts == ground.levels.map({ Int32($0) })
      else {
        throw TrainingError(
          .shapeMismatch,
          "The forest was grown on other columns, bins or targets; trees can be added only with the "
            + "rows and options of its training.")
      }
    }
    let sampling = ForestSampling(options, rows: training.count, seeds: context.seeds)
    var evidence = OutOfBagEvidence(training, trees: trees)
    let grown = try growTrees(
      given.flatMap(\.grownTrees), TreeTask(ground: ground, sampling: sampling), context,
      evidence: &evidence)
    let forest: RandomForest
    do throws(ScoringError) {
      forest = try RandomForest(
        trees: grown, edges: ground.binned.edges, levels: ground.levels, task: training.task)
    } catch {
      throw TrainingError(.numerical, error.description)
    }
    var log = TrainingLog(iterations: trees)
    log.measures["nodes"] = Double(forest.nodeCount)
    if options.outOfBag { evidence.write(to: &log) }
    return ForestFit(
      trained: Trained(model: forest, log: log), outOfBagMargins: evidence.tally.margins,
      scorer: OutOfBagForest(forest: forest, sampling: sampling))
  }

  private func growTrees(
    _ given: [GrownTree], _ task: TreeTask, _ context: TrainingContext,
    evidence: inout OutOfBagEvidence
  ) throws(TrainingError) -> [GrownTree] {
    let count = task.ground.options.trees
    var trees: [GrownTree] = []
    trees.reserveCapacity(count)
    let done = LockedState(0)
    // Votes wait in memory until their batch is done: few trees at a time where rows are many.
    let batch =
      task.ground.options.outOfBag ? min(max(16_000_000 / task.ground.rows, 8), 64) : count
    for range in Parallel.blocks(of: count, size: batch) {
      let grown = try Parallel.map(count: range.count, threads: context.threads) {
        index throws(TrainingError) -> TreeWithVotes in
        try context.checkCancellation()
        let number = range.lowerBound + index
        let tree = task.tree(number, given: number < given.count ? given[number] : nil)
        try context.checkCancellation()
        // Told under the lock, so that the share never falls.
        done.withLock { done in
          done += 1
          context.progress?(Double(done) / Double(count))
        }
        return tree
      }
      for tree in grown {
        trees.append(tree.tree)
        if task.ground.options.outOfBag { evidence.add(tree) }
      }
    }
    return trees
  }
}
