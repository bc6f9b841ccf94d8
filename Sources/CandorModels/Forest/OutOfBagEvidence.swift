import CandorScoring

/// What the trees of a growing forest say about the rows that they did not see, tree by tree.
struct OutOfBagEvidence {
  private let training: TrainingRows
  private let trees: Int
  private let step: Int
  private var seen = 0
  private var curve: [Double] = []
  /// The sums so far.
  private(set) var tally: OutOfBagTally

  /// Evidence of no trees yet, of so many to come.
  init(_ training: TrainingRows, trees: Int) {
    self.training = training
    self.trees = trees
    // A point of the curve costs a pass over the rows.
    let points = training.count > 100_000 ? 10 : 50
    step = (trees + points - 1) / points
    tally = OutOfBagTally(rows: training.count)
  }

  /// Adds the next tree.
  mutating func add(_ tree: TreeWithVotes) {
    tally.add(rows: tree.rows, leaves: tree.leaves, values: tree.tree.leafValue)
    seen += 1
    if seen % step == 0 || seen == trees, let loss = tally.loss(training) { curve.append(loss) }
  }

  /// Writes measures and curve.
  func write(to log: inout TrainingLog) {
    let targets = training.targets
    let weights = training.weights
    log.measures["out-of-bag coverage"] = tally.coverage
    let loss: String
    switch training.task {
    case .classification:
      loss = "log-loss"
      log.measures["out-of-bag AUC"] = tally.areaUnderCurve(targets, weights: weights)
      log.measures["out-of-bag log-loss"] = tally.logLoss(targets, weights: weights)
    case .regression:
      loss = "mean squared error"
      log.measures["out-of-bag R2"] = tally.rSquared(targets, weights: weights)
      log.measures["out-of-bag RMSE"] =
        tally.squaredError(targets, weights: weights)?.squareRoot()
    }
    if !curve.isEmpty {
      log.curves = [.init(name: "out-of-bag \(loss) every \(step) trees", values: curve)]
    }
  }
}
