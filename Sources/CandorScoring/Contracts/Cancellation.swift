import CandorNumerics

/// A flag that one thread raises and long work on others looks at.
public final class Cancellation: Sendable {
  private let flag = LockedState(false)

  /// A flag that is not raised.
  public init() {}

  /// Asks the work to end; it may be asked more than once.
  public func cancel() { flag.withLock { $0 = true } }

  /// Whether the work was asked to end.
  public var isCancelled: Bool { flag.withLock { $0 } }
}
