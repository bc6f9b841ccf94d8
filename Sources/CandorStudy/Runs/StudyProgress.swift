import CandorNumerics
public import CandorScoring

/// How far a run is, for a progress bar.
public struct StudyProgress: Sendable, Equatable {
  /// What is being done, in a few words.
  public let stage: String
  /// The share of the stage that is done, 0 to 1.
  public let fraction: Double
}

/// What a run may use besides its study and data.
public struct RunOptions: Sendable {
  /// At most so many threads; results do not depend on it.
  public var threads: Int
  /// Told how far the run is; may be called on any thread.
  public var progress: (@Sendable (StudyProgress) -> Void)?
  /// Where somebody may ask the run to end; nil where nobody can.
  public var cancellation: Cancellation?
  /// Where long fits keep how far they have come; nil keeps nothing.
  public var snapshots: SnapshotFile?

  /// Joins threads and optional listeners.
  public init(
    threads: Int, progress: (@Sendable (StudyProgress) -> Void)? = nil,
    cancellation: Cancellation? = nil, snapshots: SnapshotFile? = nil
  ) {
    self.threads = threads
    self.progress = progress
    self.cancellation = cancellation
    self.snapshots = snapshots
  }

  /// Says that a stage begins or goes on.
  ///
  /// - Throws: `TrainingError` of code `cancelled` once the run was asked to end.
  func begin(_ stage: String, _ fraction: Double = 0) throws(TrainingError) {
    report(stage, fraction)
    try TrainingContext(seeds: SeedTree(seed: 0), cancellation: cancellation).checkCancellation()
  }

  func report(_ stage: String, _ fraction: Double) {
    progress?(StudyProgress(stage: stage, fraction: fraction))
  }
}

/// The progress of several tasks side by side as one number.
final class JointProgress: Sendable {
  private let shares: LockedState<[Double]>
  private let report: @Sendable (Double) -> Void

  /// Makes as many tasks, none of them begun.
  init(tasks: Int, report: @escaping @Sendable (Double) -> Void) {
    shares = LockedState([Double](repeating: 0, count: tasks))
    self.report = report
  }

  /// Says how far a task is; one that said more already is not put back.
  func set(_ task: Int, _ share: Double) {
    let mean = shares.withLock { shares in
      shares[task] = max(shares[task], min(max(share, 0), 1))
      return shares.reduce(0, +) / Double(shares.count)
    }
    report(mean)
  }
}
