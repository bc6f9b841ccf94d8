import Foundation
import Synchronization

/// A few threads that do one short piece of work again and again, together.
///
/// A round costs about a microsecond where the members are still looking for it: each looks for some
/// tens of microseconds before it sleeps. For work of a tenth of a millisecond or less, where starting
/// threads anew each time would cost as much as the work; else `Parallel.map` is simpler. What the
/// work computes must not depend on the number of members.
public final class WorkerTeam: Sendable {
  /// The number of members, the calling thread included.
  public let size: Int
  private let work: @Sendable (Int) -> Void
  private let round = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let isClosed = Atomic<Bool>(false)
  private let caller = Waiter()
  private let helpers: [Waiter]
  private let left = DispatchSemaphore(value: 0)

  private init(size: Int, work: @escaping @Sendable (Int) -> Void) {
    self.size = size
    self.work = work
    helpers = (1..<size).map { _ in Waiter() }
  }

  /// Lends a team to a function, and ends its threads after it.
  ///
  /// - Parameters:
  ///   - threads: The number of members; below 1 counts as 1.
  ///   - work: What each member does in a round, by its number from zero.
  ///   - body: Calls `run` as often as it likes.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public static func withTeam<Result, Failure: Error>(
    threads: Int, work: @escaping @Sendable (Int) -> Void,
    _ body: (WorkerTeam) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let team = WorkerTeam(size: max(threads, 1), work: work)
    for member in 1..<max(team.size, 1) {
      let thread = Thread { team.serve(member) }
      thread.stackSize = 1 << 20
      thread.start()
    }
    defer { team.close() }
    return try body(team)
  }

  /// One round: every member does the work once; returns when all have.
  public func run() {
    guard size > 1 else { return work(0) }
    unfinished.store(size - 1, ordering: .sequentiallyConsistent)
    round.add(1, ordering: .sequentiallyConsistent)
    for helper in helpers { helper.wake() }
    work(0)
    caller.wait { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
  }

  private func serve(_ member: Int) {
    var seen = 0
    while true {
      helpers[member - 1].wait { round.load(ordering: .sequentiallyConsistent) != seen }
      seen += 1
      if isClosed.load(ordering: .sequentiallyConsistent) { break }
      work(member)
      if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { caller.wake() }
    }
    left.signal()
  }

  private func close() {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    round.add(1, ordering: .sequentiallyConsistent)
    for helper in helpers { helper.wake() }
    for _ in helpers { left.wait() }
  }
}

/// One thread that waits for a condition: it looks for a while, then sleeps.
private final class Waiter: Sendable {
  private let isAsleep = Atomic<Bool>(false)
  private let bell = DispatchSemaphore(value: 0)

  /// Looks before sleeping: some tens of microseconds, longer than the gap between two rounds of a
  /// loop that is worth a team.
  private static let looks = 30_000
  /// Looks after which the processor is offered to others, who may be the ones waited for.
  private static let looksBetweenYields = 1_000

  func wait(until holds: () -> Bool) {
    for look in 1...Self.looks {
      if holds() { return }
      if look % Self.looksBetweenYields == 0 { sched_yield() }
    }
    while true {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      if holds() {
        // Who took the flag in between rings the bell, and that ring must not be left over.
        if !isAsleep.exchange(false, ordering: .sequentiallyConsistent) { bell.wait() }
        return
      }
      bell.wait()
      if holds() { return }
    }
  }

  /// Called after the condition was made to hold.
  func wake() {
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { bell.signal() }
  }
}
