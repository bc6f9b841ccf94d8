/// A scorer that can be written as tensors and read back to the bit.
public protocol PersistableScorer: Scorer {
  /// The family's name in files: lower-case words joined by hyphens, never changed once released.
  static var familyName: String { get }

  /// Everything that scoring needs.
  var archive: TensorArchive { get }

  /// Reads what `archive` wrote, and validates it: a hostile archive throws and never traps.
  init(archive: TensorArchive) throws(ScoringError)
}
