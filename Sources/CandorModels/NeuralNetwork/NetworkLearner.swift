import CandorData
import CandorNumerics
public import CandorScoring

/// Trains neural networks.
///
/// Every batch is cut into parts that do not depend on threads; each thread takes whole parts, whose
/// gradients are added in their order, so that the bytes are the same on any number of threads.
public struct NetworkLearner: Learner {
  /// The network's shape and how it is trained.
  public let options: NetworkOptions
  /// Seconds of training between two snapshots; how often one is kept changes no byte of the network.
  package var snapshotSeconds = 2.0

  /// A learner with these options; they are checked when it fits.
  public init(options: NetworkOptions = NetworkOptions()) { self.options = options }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] { options.settings }

  /// Trains a network; O(epochs · rows · weights).
  ///
  /// With patience, a share of the rows is held back by outcome, the loss on it is measured after
  /// each epoch, and the weights of the epoch with the lowest are kept. Row weights and class
  /// weights multiply the loss; they are scaled to a mean of one. Rows without weight take no part.
  /// The log has the curves `training loss` (the mean over the epoch's batches, penalty left out),
  /// `validation loss`, and `learning rate` where it changes.
  ///
  /// A regression learns the squared error with an identity output whatever `loss` and `output` say;
  /// its targets are standardised for the training, and its losses are in the target's unit squared.
  ///
  /// With a snapshot store the state after an epoch is kept every few seconds, and a fit that finds a
  /// snapshot of its own goes on from it to the bytes of an undisturbed fit.
  ///
  /// - Parameters:
  ///   - training: The rows; with both outcomes among them in a classification.
  ///   - context: Seeds, threads and the listener for progress.
  /// - Returns: The network and its log.
  /// - Throws: `TrainingError` where an option is out of range, one class has no weight, the loss
  ///   leaves the finite numbers, a snapshot is not of this fit, or the fit is ended.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<NeuralNetwork> {
    let options = try effectiveOptions(training.task)
    let seeds = context.seeds.child("neural-network")
    try Self.checkColumns(training)
    try NetworkSize.check(inputs: training.rows.width, hidden: options.hidden)
    let weights =
      training.task == .regression
      ? training.weights
      : try options.classWeights.rowWeights(
        targets: training.targets, weights: training.weights)
    var log = TrainingLog()
    let parts = try split(training, weights, options, seeds.child("validation"), &log)
    let standard = Self.standard(training, weights, over: parts.training)
    let records = try NetworkRecords(
      training, targets: training.targets.map { ($0 - standard.mean) / standard.deviation },
      weights: Self.scaledToMeanOne(weights, over: parts.training), threads: context.threads)
    let plan = NetworkPlan(
      numbers: records.layout.numbers,
      blocks: records.widths.map { ($0, options.embeddings.dimension(levels: $0)) },
      hidden: options.hidden, activation: options.activation, output: options.output,
      dropout: options.dropout, isNormalised: options.batchNormalisation)
    let run = NetworkRun(
      plan: plan, options: options,
      loss: NetworkLoss(kind: options.loss, output: options.output, gamma: options.focalGamma),
      records: records, training: parts.training, validation: parts.validation,
      lossUnit: standard.deviation * standard.deviation, context: context, seeds: seeds,
      snapshotSeconds: snapshotSeconds,
      fingerprint: context.snapshots == nil
        ? "" : Self.fingerprint(options, records, parts.training, seeds))
    let best = try run.train(
      from: plan.initialParameters(columns: records.columns, seeds: seeds.child("weights")),
      log: &log)
    let layers = plan.folded(
      best.parameters, statistics: best.statistics, columns: records.columns,
      scale: standard.deviation, shift: standard.mean)
    guard
      layers.allSatisfy({ $0.weights.allSatisfy(\.isFinite) && $0.biases.allSatisfy(\.isFinite) })
    else {
      throw TrainingError(
        .numerical,
        "A weight of the network is too large for its number format; lower the "
          + "learning_rate or scale the columns.")
    }
    return Trained(
      model: NeuralNetwork(layers: layers, marginScale: Self.scale(training.task, options)),
      log: log)
  }

  /// The options, with the loss and output of the task.
  private func effectiveOptions(_ task: LearningTask) throws(TrainingError) -> NetworkOptions {
    var options = options
    if task == .regression {
      guard options.classWeights == .none else {
        throw TrainingError(
          .badOption,
          "class_weights is \(options.classWeights.name), but a regression has no classes; leave "
            + "class_weights out.")
      }
      options.loss = .squaredError
      options.output = .identity
    }
    return try options.validated()
  }

  private static func scale(_ task: LearningTask, _ options: NetworkOptions) -> MarginScale {
    if task == .regression { return .target }
    return options.output == .sigmoid && options.loss != .focal ? .logOdds : .distance
  }

  private static func checkColumns(_ training: TrainingRows) throws(TrainingError) {
    let width = training.rows.width
    guard width > 0, width <= NetworkSize.mostInputs, training.count < Int(Int32.max) else {
      throw TrainingError(
        .shapeMismatch,
        "A network needs 1 to \(NetworkSize.mostInputs) encoded columns and fewer than 2³¹ rows; "
          + "there are \(width) columns and \(training.count) rows.")
    }
    if let column = training.featureMap.levelCounts.keys.min() {
      throw TrainingError(
        .shapeMismatch,
        "Encoded column \"\(training.featureMap.columnNames[column])\" holds level codes, which a "
          + "network cannot multiply; encode its feature one-hot.")
    }
    guard training.directions.isEmpty else {
      throw TrainingError(
        .badOption,
        "A network cannot keep the direction of a feature; leave direction out, or use a family that "
          + "can.")
    }
  }

  /// The rows with weight, and of these the part that is held back.
  private func split(
    _ training: TrainingRows, _ weights: [Double]?, _ options: NetworkOptions, _ seeds: SeedTree,
    _ log: inout TrainingLog
  ) throws(TrainingError) -> (training: [Int32], validation: [Int32]) {
    let isBad = training.targets.map { training.task == .classification && $0 == 1 }
    let usable = training.targets.indices.filter { (weights?[$0] ?? 1) > 0 }.map { Int32($0) }
    guard let first = usable.first.map({ training.targets[Int($0)] }),
      usable.contains(where: { training.targets[Int($0)] != first })
    else {
      throw TrainingError(
        .oneClassOnly,
        "All rows with a weight above 0 have the same outcome; a network needs good and bad rows.")
    }
    guard options.patience != nil else { return (usable, []) }
    var generator = seeds.generator()
    if let split = EarlyStopping.split(
      rows: usable, isBad: isBad, share: options.validationShare, using: &generator)
    {
      return split
    }
    log.notices.append(
      "There are too few rows of one outcome to hold a validation part back; "
        + "all \(options.epochs) epochs were taken.")
    return (usable, [])
  }

  /// Mean and deviation of a regression's targets over the rows learnt from; 0 and 1 otherwise.
  private static func standard(
    _ training: TrainingRows, _ weights: [Double]?, over rows: [Int32]
  ) -> (mean: Double, deviation: Double) {
    guard training.task == .regression else { return (0, 1) }
    let own = rows.map { weights?[Int($0)] ?? 1 }
    let total = OrderedReduction.sum(own)
    let mean =
      OrderedReduction.sum(zip(rows, own).map { training.targets[Int($0)] * $1 }) / total
    let variance =
      OrderedReduction.sum(
        zip(rows, own).map {
          (training.targets[Int($0)] - mean) * (training.targets[Int($0)] - mean) * $1
        })
      / total
    return (mean, variance > 0 ? variance.squareRoot() : 1)
  }

  private static func scaledToMeanOne(_ weights: [Double]?, over rows: [Int32]) -> [Double]? {
    guard let weights else { return nil }
    let mean = OrderedReduction.sum(rows.map { weights[Int($0)] }) / Double(rows.count)
    return weights.map { $0 / mean }
  }

  /// Options, rows and seeds in one line that another fit would not have.
  private static func fingerprint(
    _ options: NetworkOptions, _ records: NetworkRecords, _ training: [Int32], _ seeds: SeedTree
  ) -> String {
    var generator = seeds.generator()
    let hash = RecordKernel.hash(records.values.span)
    return options.settings.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
      + ";optimiser=\(options.optimiser);columns=\(records.columns);widths=\(records.widths)"
      + ";rows=\(training.count);seed=\(generator.next());hash=\(hash.0).\(hash.1)"
  }
}
