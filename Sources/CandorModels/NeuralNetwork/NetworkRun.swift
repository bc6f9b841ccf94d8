import CandorNumerics
import CandorScoring
import Foundation

/// One training run: batches, steps, and the watch over the validation loss.
struct NetworkRun {
  /// The weight of the newest batch in the running moments of batch normalisation.
  static let newestShare: Float = 0.1
  /// Steps between two looks at whether the fit should end: far less than a second.
  private static let stepsBetweenLooks = 32

  let plan: NetworkPlan
  let options: NetworkOptions
  let loss: NetworkLoss
  let records: NetworkRecords
  /// The rows to learn from.
  let training: [Int32]
  /// The rows on which the loss is watched; empty for none.
  let validation: [Int32]
  /// What a loss is multiplied by to be in the target's unit.
  let lossUnit: Double
  let context: TrainingContext
  let seeds: SeedTree
  /// Seconds of training between two snapshots.
  let snapshotSeconds: Double
  /// What tells this fit from others.
  let fingerprint: String

  /// The rows of a batch.
  private var batch: Int {
    if case .gradientDescent = options.optimiser { return training.count }
    return min(options.batchSize, training.count)
  }

  /// Trains to the end of patience or epochs.
  ///
  /// - Parameters:
  ///   - parameters: Those at the start.
  ///   - log: Takes curves, measures and notices.
  /// - Returns: The best parameters and running moments, or the last without a watch.
  /// - Throws: `TrainingError` where the loss leaves the finite numbers, the fit is ended, or a
  ///   snapshot does not fit.
  func train(
    from parameters: [Float], log: inout TrainingLog
  ) throws(TrainingError) -> (parameters: [Float], statistics: [Float]) {
    var state = start(parameters)
    if let snapshot = try context.snapshots?.latest() {
      try state.restore(snapshot, fingerprint: fingerprint)
    }
    let lanes = makeLanes()
    let board = LockedState(
      NetworkJob(parameters: state.parameters, statistics: state.statistics, order: training))
    let (records, seats) = (records, max(min(context.threads, lanes.count), 1))
    let final = try WorkerTeam.withTeam(
      threads: seats,
      work: { member in
        let job = board.withLock { $0 }
        for lane in stride(from: member, to: lanes.count, by: seats) {
          lanes[lane].withLock { $0.work(job, records: records) }
        }
      }
    ) { team throws(TrainingError) -> Double in
      let crew = Crew(board: board, lanes: lanes, team: team)
      try takeEpochs(&state, crew)
      return crew.meanLoss(
        over: training, parameters: state.bestParameters, statistics: state.bestStatistics)
    }
    report(state, final, &log)
    return (state.bestParameters, state.bestStatistics)
  }

  private func start(_ parameters: [Float]) -> NetworkState {
    let zeros = [Float](repeating: 0, count: plan.statisticCount)
    let statistics = zeros + zeros.map { _ in 1 }
    return NetworkState(
      parameters: parameters, statistics: statistics, bestParameters: parameters,
      bestStatistics: statistics, optimiser: NetworkOptimiser(options, plan: plan),
      watch: options.patience.flatMap { validation.isEmpty ? nil : EarlyStopping(patience: $0) })
  }

  private func makeLanes() -> [LockedState<NetworkLane>] {
    let count = NetworkLane.count(batch: batch, parameters: plan.parameterCount)
    let masks = seeds.child("dropout")
    return (0..<count).map {
      LockedState(
        NetworkLane(plan: plan, index: $0, of: count, batch: batch, loss: loss, masks: masks))
    }
  }

  private func takeEpochs(_ state: inout NetworkState, _ crew: Crew) throws(TrainingError) {
    var pace = SnapshotPace(seconds: snapshotSeconds)
    while state.epoch < options.epochs, !state.isExhausted {
      try context.checkCancellation()
      try takeEpoch(&state, crew)
      if let store = context.snapshots {
        try pace.keepIfDue { () throws(TrainingError) in
          try store.keep(state.archive(fingerprint: fingerprint))
        }
      }
      context.progress?(Double(state.epoch) / Double(options.epochs))
    }
    context.progress?(1)
  }

  private func takeEpoch(_ state: inout NetworkState, _ crew: Crew) throws(TrainingError) {
    let steps = (training.count + batch - 1) / batch
    crew.board.withLock { job in
      job.kind = .gradient
      job.order = training
      job.parameters = state.parameters
    }
    // The state's own copy is given up, so that steps change the board's in place.
    state.parameters = []
    if batch < training.count {
      // An order is a function of the epoch alone, so that a snapshot need not hold it.
      var generator = seeds.child("batches").child(state.epoch).generator()
      crew.board.withLock { Self.shuffle(&$0.order, &generator) }
    }
    var total = 0.0
    var rate = options.optimiser.rate
    for index in 0..<steps {
      if index % Self.stepsBetweenLooks == 0 { try context.checkCancellation() }
      rate =
        options.optimiser.rate
        * options.schedule.factor(
          step: state.optimiser.step, stepsPerEpoch: steps, epochs: options.epochs,
          warmUp: options.warmUpEpochs)
      let range = index * batch..<min((index + 1) * batch, training.count)
      total += crew.step(range, rate: rate, optimiser: &state.optimiser, &state.statistics)
    }
    state.parameters = crew.board.withLock { job in
      defer { job.parameters = [] }
      return job.parameters
    }
    guard total.isFinite, RecordKernel.allFinite(state.parameters.span) else {
      throw TrainingError(
        .numerical,
        "The network's loss left the finite numbers in epoch \(state.epoch + 1); lower the "
          + "learning_rate or scale the columns.")
    }
    state.trainingLosses.append(total / Double(training.count) * lossUnit)
    state.rates.append(rate)
    var isBest = true
    if state.watch != nil {
      let loss =
        lossUnit
        * crew.meanLoss(
          over: validation, parameters: state.parameters, statistics: state.statistics)
      state.validationLosses.append(loss)
      isBest = state.watch?.note(loss) ?? true
    }
    if isBest {
      state.bestParameters = state.parameters
      state.bestStatistics = state.statistics
    }
  }

  private static func shuffle(_ order: inout [Int32], _ generator: inout CounterGenerator) {
    var span = order.mutableSpan
    RecordKernel.shuffle(&span, using: &generator)
  }

  private func report(_ state: NetworkState, _ final: Double, _ log: inout TrainingLog) {
    log.iterations = state.epoch
    log.curves = [.init(name: "training loss", values: state.trainingLosses)]
    log.measures["training loss"] = final * lossUnit
    if let watch = state.watch {
      log.curves.append(.init(name: "validation loss", values: state.validationLosses))
      log.measures["validation loss"] = watch.bestLoss
      log.measures["best epoch"] = Double(watch.bestEpoch)
      log.measures["validation rows"] = Double(validation.count)
      log.converged = state.isExhausted
      if !state.isExhausted {
        log.notices.append(
          "The validation loss was still watched when all \(options.epochs) epochs were taken.")
      }
    }
    if options.schedule != .constant || options.warmUpEpochs > 0 {
      log.curves.append(.init(name: "learning rate", values: state.rates))
    }
  }
}

/// The lanes, what they are told, and the threads that work them.
private struct Crew {
  let board: LockedState<NetworkJob>
  let lanes: [LockedState<NetworkLane>]
  let team: WorkerTeam

  /// One step: all lanes' gradients, added in order, move the parameters; the batch's summed loss.
  func step(
    _ range: Range<Int>, rate: Double, optimiser: inout NetworkOptimiser,
    _ statistics: inout [Float]
  ) -> Double {
    board.withLock { job in
      job.range = range
      job.step = optimiser.step
    }
    team.run()
    var loss = 0.0
    var gradient = lanes[0].withLock { lane in
      loss = lane.loss
      return lane.takeGradient()
    }
    for lane in lanes.dropFirst() {
      lane.withLock { lane in
        loss += lane.loss
        lane.addGradient(to: &gradient)
      }
    }
    board.withLock { optimiser.move(&$0.parameters, gradient: gradient, rate: rate) }
    lanes[0].withLock { $0.returnGradient(gradient) }
    gradient = []
    if !statistics.isEmpty { updateMoments(&statistics) }
    return loss
  }

  /// The running moments, by the mean over the passes of the batch.
  private func updateMoments(_ statistics: inout [Float]) {
    var sums = [Float](repeating: 0, count: statistics.count)
    var passes = 0
    for lane in lanes {
      lane.withLock { lane in
        for i in sums.indices { sums[i] += lane.moments[i] }
        passes += lane.momentPasses
      }
    }
    guard passes > 0 else { return }
    for i in statistics.indices {
      statistics[i] += NetworkRun.newestShare * (sums[i] / Float(passes) - statistics[i])
    }
  }

  /// The weighted mean loss over rows, as in scoring.
  func meanLoss(over rows: [Int32], parameters: [Float], statistics: [Float]) -> Double {
    board.withLock { job in
      job.kind = .loss
      job.order = rows
      job.range = rows.indices
      job.parameters = parameters
      job.statistics = statistics
    }
    team.run()
    var loss = 0.0
    var weight = 0.0
    for lane in lanes {
      lane.withLock { lane in
        loss += lane.loss
        weight += lane.weightSum
      }
    }
    board.withLock { $0.parameters = [] }
    return loss / weight
  }
}
