import CandorData
import CandorNumerics
public import CandorScoring

/// Trains neural networks.
///
/// One fit runs on one thread: a mini-batch is too small to share with profit, so that threads
/// belong to folds and families, and the bytes cannot depend on them.
public struct NetworkLearner: Learner {
  /// The network's shape and how it is trained.
  public let options: NetworkOptions

  /// A learner with these options; they are checked when it fits.
  public init(options: NetworkOptions = NetworkOptions()) { self.options = options }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] { options.settings }

  /// Trains a network.
  ///
  /// With patience, a share of the rows is held back by outcome, the loss on it is measured after
  /// each epoch, and the weights of the epoch with the lowest are kept. Row weights and class
  /// weights multiply the loss; they are scaled to a mean of one. Rows without weight take no part.
  /// The log has the curves `training loss` (the mean over the epoch's batches, penalty left out)
  /// and `validation loss`.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The network and its log.
  /// - Throws: `TrainingError` where an option is out of range, one class has no weight, or the loss
  ///   leaves the finite numbers.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<NeuralNetwork> {
    let options = try options.validated()
    try training.requireClassification("neural network")
    let seeds = context.seeds.child("neural-network")
    let isBad = training.targets.map { $0 == 1 }
    let weights = try options.classWeights.rowWeights(
      targets: training.targets, weights: training.weights)
    let usable = training.targets.indices.filter { (weights?[$0] ?? 1) > 0 }
    guard usable.contains(where: { isBad[$0] }), usable.contains(where: { !isBad[$0] }) else {
      throw TrainingError(
        .oneClassOnly,
        "All rows with a weight above 0 have the same outcome; a network needs good and bad rows.")
    }
    let width = training.rows.width
    guard width > 0, width <= NetworkSize.mostInputs, training.count < Int(Int32.max) else {
      throw TrainingError(
        .shapeMismatch,
        "A network needs 1 to \(NetworkSize.mostInputs) encoded columns and fewer than 2³¹ rows; "
          + "there are \(width) columns and \(training.count) rows.")
    }
    try NetworkSize.check(inputs: width, hidden: options.hidden)
    let isWhole = if case .gradientDescent = options.optimiser { true } else { false }
    try NetworkSize.check(
      batch: isWhole ? usable.count : min(options.batchSize, usable.count), inputs: width,
      hidden: options.hidden, isWhole: isWhole)
    var log = TrainingLog()
    var parts = (training: usable, validation: [Int]())
    if options.patience != nil {
      var generator = seeds.child("validation").generator()
      if let split = EarlyStopping.split(
        rows: usable, isBad: isBad, share: options.validationShare, using: &generator)
      {
        parts = split
      } else {
        log.notices.append(
          "There are too few rows of one outcome to hold a validation part back; "
            + "all \(options.epochs) epochs were taken.")
      }
    }
    let scaled = Self.scaledToMeanOne(weights, over: parts.training)
    let rows = NetworkRows(
      width: width, inputs: training.rows.matrix.values.map { Float($0) },
      targets: training.targets.map { Float($0) }, weights: scaled)
    guard rows.inputs.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .numerical, "A value is not finite or too large for a network; scale the columns first.")
    }
    var run = NetworkRun(
      layers: initialLayers(width: rows.width, options: options, seeds: seeds.child("weights")),
      options: options, rows: rows, training: parts.training, validation: parts.validation)
    try run.train(seeds: seeds.child("batches"), progress: context.progress, log: &log)
    return Trained(model: NeuralNetwork(layers: run.best), log: log)
  }

  private func initialLayers(
    width: Int, options: NetworkOptions, seeds: SeedTree
  ) -> [DenseLayer<Float>] {
    let sizes = [width] + options.hidden + [1]
    return (1..<sizes.count).map { l in
      var generator = seeds.child(l).generator()
      return DenseLayer<Float>(
        inputs: sizes[l - 1], units: sizes[l],
        activation: l == sizes.count - 1 ? options.output : options.activation,
        using: &generator)
    }
  }

  private static func scaledToMeanOne(_ weights: [Double]?, over rows: [Int]) -> [Float]? {
    guard let weights else { return nil }
    let mean = OrderedReduction.sum(rows.map { weights[$0] }) / Double(rows.count)
    return weights.map { Float($0 / mean) }
  }
}

/// The rows of a fit in single precision.
struct NetworkRows: Sendable {
  let width: Int
  let inputs: [Float]
  let targets: [Float]
  let weights: [Float]?
}
