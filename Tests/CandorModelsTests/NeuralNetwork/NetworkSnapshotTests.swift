import CandorModels
import CandorNumerics
import CandorScoring
import Testing

/// Keeps the newest snapshot in memory.
private final class MemoryStore: SnapshotStore {
  private let kept: LockedState<TensorArchive?>

  init(_ first: TensorArchive? = nil) { kept = LockedState(first) }

  func latest() -> TensorArchive? { kept.withLock { $0 } }
  func keep(_ snapshot: TensorArchive) { kept.withLock { $0 = snapshot } }
}

@Suite("Snapshots of a network's training")
struct NetworkSnapshotTests {
  private static let epochs = 7

  private static let everything = NetworkOptions(
    hidden: [9, 5], activation: .gelu, optimiser: .adam(rate: 0.01), batchSize: 80,
    epochs: epochs, patience: 20, weightDecay: 0.01, dropout: 0.2, batchNormalisation: true,
    embeddings: .dimension(2), schedule: .cosine, warmUpEpochs: 1, clipNorm: 1)

  static let cases: [NetworkOptions] = [
    everything,
    NetworkOptions(hidden: [6], optimiser: .momentum(), batchSize: 64, epochs: epochs),
    NetworkOptions(hidden: [6], optimiser: .gradientDescent(), epochs: epochs, patience: nil),
    // Patience that runs out before the last epoch.
    NetworkOptions(
      hidden: [16], optimiser: .adam(rate: 0.1), batchSize: 64, epochs: 60, patience: 2),
  ]

  private func learner(_ options: NetworkOptions) -> NetworkLearner {
    var learner = NetworkLearner(options: options)
    learner.snapshotSeconds = 0
    return learner
  }

  /// Fits until so many reports of progress have come, then asks the fit to end.
  private func killed(
    _ options: NetworkOptions, after epochs: Int, threads: Int, store: MemoryStore
  ) throws {
    let cancellation = Cancellation()
    let told = LockedState(0)
    let context = TrainingContext(
      seeds: SeedTree(seed: 5), threads: threads,
      progress: { _ in
        let count = told.withLock { told in
          told += 1
          return told
        }
        if count == epochs { cancellation.cancel() }
      }, cancellation: cancellation, snapshots: store)
    let error = #expect(throws: TrainingError.self) {
      try learner(options).fit(try FamilyCase.training(), context: context)
    }
    #expect(error?.code == .cancelled)
  }

  @Test(
    "A fit that was ended and goes on ends with the bytes of one that was not",
    arguments: cases.indices, [1, 2, 5])
  func resumes(which: Int, epochs: Int) throws {
    let options = Self.cases[which]
    let training = try FamilyCase.training()
    let whole = try learner(options).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 5)))
    // The last case may be done before it is ended.
    try #require(whole.log.iterations > epochs || which == 3)
    guard whole.log.iterations > epochs else { return }
    for threads in [1, 2] {
      let store = MemoryStore()
      try killed(options, after: epochs, threads: threads, store: store)
      #expect(store.latest() != nil)
      let resumed = try learner(options).fit(
        training,
        context: TrainingContext(
          seeds: SeedTree(seed: 5), threads: 3 - threads, snapshots: store))
      #expect(resumed.model.archive == whole.model.archive)
      #expect(resumed.log == whole.log)
    }
  }

  @Test("A fit that is done goes on from its last snapshot to the same network")
  func doneAlready() throws {
    let training = try FamilyCase.training()
    let store = MemoryStore()
    let context = TrainingContext(seeds: SeedTree(seed: 5), snapshots: store)
    let first = try learner(Self.everything).fit(training, context: context)
    let second = try learner(Self.everything).fit(training, context: context)
    #expect(first.model.archive == second.model.archive && first.log == second.log)
  }

  @Test(
    "A snapshot of another fit is refused in a sentence",
    arguments: ["seed", "options", "rows", "optimiser"])
  func otherFit(difference: String) throws {
    let store = MemoryStore()
    var options = Self.everything
    _ = try learner(options).fit(
      try FamilyCase.training(),
      context: TrainingContext(seeds: SeedTree(seed: 5), snapshots: store))
    if difference == "options" { options.dropout = 0.25 }
    if difference == "optimiser" { options.optimiser = .adam(rate: 0.01, beta1: 0.8) }
    let training = try FamilyCase.training(seed: difference == "rows" ? 4 : 3)
    let seeds = SeedTree(seed: difference == "seed" ? 6 : 5)
    let error = #expect(throws: TrainingError.self) {
      try learner(options).fit(
        training, context: TrainingContext(seeds: seeds, snapshots: store))
    }
    #expect(error?.code == .badSnapshot)
    #expect(error?.description.contains("other rows, options or seeds") == true)
  }

  @Test(
    "A damaged snapshot is refused",
    arguments: ["parameters", "statistics", "second-moments", "step", "training-losses"])
  func damaged(name: String) throws {
    let store = MemoryStore()
    let context = TrainingContext(seeds: SeedTree(seed: 5), snapshots: store)
    _ = try learner(Self.everything).fit(try FamilyCase.training(), context: context)
    for tensor in [nil, TensorArchive.Tensor(shape: [1], elements: .float32([.nan]))] {
      var snapshot = try #require(store.latest())
      snapshot.tensors[name] = tensor
      let error = #expect(throws: TrainingError.self) {
        try learner(Self.everything).fit(
          try FamilyCase.training(),
          context: TrainingContext(
            seeds: SeedTree(seed: 5), snapshots: MemoryStore(snapshot)))
      }
      #expect(error?.code == .badSnapshot)
    }
  }
}
