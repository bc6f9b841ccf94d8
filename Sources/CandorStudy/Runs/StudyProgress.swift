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

  /// Joins threads and an optional listener.
  public init(threads: Int, progress: (@Sendable (StudyProgress) -> Void)? = nil) {
    self.threads = threads
    self.progress = progress
  }

  func report(_ stage: String, _ fraction: Double) {
    progress?(StudyProgress(stage: stage, fraction: fraction))
  }
}
