/// Where a long fit keeps how far it has come.
///
/// A fit that finds a snapshot of its own (same rows, options and seeds) goes on from it, and ends
/// with the bytes of a fit that was never interrupted; a snapshot of another fit is refused.
public protocol SnapshotStore: Sendable {
  /// The newest snapshot, nil where there is none.
  ///
  /// - Throws: `TrainingError` of code `badSnapshot` where it cannot be read.
  func latest() throws(TrainingError) -> TensorArchive?

  /// Replaces the snapshot, wholly or not at all.
  ///
  /// - Parameter snapshot: The state of the fit.
  /// - Throws: `TrainingError` of code `badSnapshot` where it cannot be kept.
  func keep(_ snapshot: TensorArchive) throws(TrainingError)
}
