import CandorNumerics
import CandorScoring

/// One training run: batches, steps, and the watch over the validation loss.
struct NetworkRun {
  /// The weights that were best on the validation part, or the last ones without it.
  private(set) var best: [DenseLayer<Float>]
  private var layers: [DenseLayer<Float>]
  private let options: NetworkOptions
  private let rows: NetworkRows
  private let training: [Int]
  private let validation: [Int]

  /// Starts from these layers.
  init(
    layers: [DenseLayer<Float>], options: NetworkOptions, rows: NetworkRows, training: [Int],
    validation: [Int]
  ) {
    best = layers
    self.layers = layers
    self.options = options
    self.rows = rows
    self.training = training
    self.validation = validation
  }

  /// Trains to the end of patience or epochs.
  ///
  /// - Parameters:
  ///   - seeds: An order of the rows for each epoch.
  ///   - progress: Told the share of epochs done.
  ///   - log: Takes curves, measures and notices.
  /// - Throws: `TrainingError` where the loss leaves the finite numbers.
  mutating func train(
    seeds: SeedTree, progress: (@Sendable (Double) -> Void)?, log: inout TrainingLog
  ) throws(TrainingError) {
    var optimiser = options.optimiser.starting(
      lengths: layers.flatMap { [$0.weights.count, $0.biases.count] })
    var size = min(options.batchSize, training.count)
    if case .gradientDescent = options.optimiser { size = training.count }
    var full = Backpropagation<Float>(rows: size, layers: layers)
    let rest = training.count % size
    var partial = Backpropagation<Float>(rows: rest, layers: layers)
    var watch = options.patience.flatMap { validation.isEmpty ? nil : EarlyStopping(patience: $0) }
    var order = training.map { Int32($0) }
    var trainingLosses: [Double] = []
    var validationLosses: [Double] = []
    var stopped = false
    for epoch in 0..<options.epochs {
      if size < training.count {
        var generator = seeds.child(epoch).generator()
        Sampling.shuffle(&order, using: &generator)
      }
      var total = 0.0
      for range in Parallel.blocks(of: order.count, size: size) {
        let batch = Array(order[range])
        let loss =
          range.count == size ? step(batch, &full, &optimiser) : step(batch, &partial, &optimiser)
        total += loss * Double(range.count)
      }
      trainingLosses.append(total / Double(training.count))
      guard total.isFinite, layers.allSatisfy({ $0.biases.allSatisfy(\.isFinite) }) else {
        throw TrainingError(
          .numerical,
          "The network's loss left the finite numbers in epoch \(epoch + 1); lower the "
            + "learning_rate or scale the columns.")
      }
      progress?(Double(epoch + 1) / Double(options.epochs))
      guard watch != nil else { continue }
      let loss = meanLoss(over: validation)
      validationLosses.append(loss)
      if watch?.note(loss) == true { best = layers }
      if watch?.isExhausted == true {
        stopped = true
        break
      }
    }
    if watch == nil { best = layers }
    progress?(1)
    log.iterations = trainingLosses.count
    log.curves = [.init(name: "training loss", values: trainingLosses)]
    log.measures["training loss"] = meanLoss(over: training, of: best)
    if let watch {
      log.curves.append(.init(name: "validation loss", values: validationLosses))
      log.measures["validation loss"] = watch.bestLoss
      log.measures["best epoch"] = Double(watch.bestEpoch)
      log.measures["validation rows"] = Double(validation.count)
      log.converged = stopped
      if !stopped {
        log.notices.append(
          "The validation loss was still watched when all \(options.epochs) epochs were taken.")
      }
    }
  }

  private mutating func step(
    _ batch: [Int32], _ passes: inout Backpropagation<Float>,
    _ optimiser: inout any ParameterOptimiser
  ) -> Double {
    load(batch, into: &passes)
    passes.forward(layers)
    let loss = passes.meanLoss(options.loss, output: options.output)
    passes.backward(layers, loss: options.loss, output: options.output)
    optimiser.beginStep()
    let penalty = Float(options.l2)
    for l in layers.indices {
      optimiser.update(
        &layers[l].weights, gradient: passes.weightGradients[l], penalty: penalty, slot: 2 * l)
      optimiser.update(
        &layers[l].biases, gradient: passes.biasGradients[l], penalty: 0, slot: 2 * l + 1)
    }
    return loss
  }

  private func load(_ batch: [Int32], into passes: inout Backpropagation<Float>) {
    Self.gather(rows, batch, into: &passes.inputs)
    for (r, row) in batch.enumerated() {
      passes.targets[r] = rows.targets[Int(row)]
      passes.rowWeights[r] = rows.weights?[Int(row)] ?? 1
    }
  }

  private static func gather(_ rows: NetworkRows, _ batch: [Int32], into inputs: inout [Float]) {
    let source = rows.inputs
    var span = inputs.mutableSpan
    ActivationKernel.gather(source.span, width: rows.width, rows: batch.span, into: &span)
  }

  private func meanLoss(over positions: [Int]) -> Double { meanLoss(over: positions, of: layers) }

  /// The weighted mean loss over rows, in blocks of 256.
  private func meanLoss(over positions: [Int], of layers: [DenseLayer<Float>]) -> Double {
    var total = 0.0
    var weightSum = 0.0
    for range in Parallel.blocks(of: positions.count, size: 256) {
      var passes = Backpropagation<Float>(rows: range.count, layers: layers)
      load(positions[range].map { Int32($0) }, into: &passes)
      passes.forward(layers)
      total += passes.meanLoss(options.loss, output: options.output) * Double(range.count)
      for weight in passes.rowWeights { weightSum += Double(weight) }
    }
    return total / weightSum
  }
}
