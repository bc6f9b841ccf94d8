import Synchronization

/// A value behind a lock, for the few places where threads meet.
public final class LockedState<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  /// Locks up a first value.
  public init(_ value: Value) { mutex = Mutex(value) }

  /// Runs `body` on the value while no other thread can.
  public func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    mutex.withLock { value in body(&value) }
  }
}
