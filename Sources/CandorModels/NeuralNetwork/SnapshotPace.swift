/// When the next snapshot is due: the one place of a fit where a clock is read, since how often a
/// snapshot is kept changes no byte of the model.
struct SnapshotPace {
  /// A snapshot may take one part in so many of the time.
  private static let workPerSnapshot = 20

  private let seconds: Double
  private var kept = ContinuousClock.now
  private var cost = Duration.zero

  /// Starts with the least seconds between two snapshots.
  init(seconds: Double) { self.seconds = seconds }

  /// Runs `keep` where a snapshot is due.
  mutating func keepIfDue<Failure: Error>(_ keep: () throws(Failure) -> Void) throws(Failure) {
    let begin = ContinuousClock.now
    guard kept.duration(to: begin) >= max(.seconds(seconds), cost * Self.workPerSnapshot) else {
      return
    }
    try keep()
    kept = .now
    cost = begin.duration(to: kept)
  }
}
