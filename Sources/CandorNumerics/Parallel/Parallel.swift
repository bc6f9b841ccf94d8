import Foundation

/// Work spread over threads with results that do not depend on their number.
///
/// The unit of work is an index; its result goes to its own place. Which thread takes which index
/// is left to chance, what the index computes is not. Errors: the one of the lowest index wins.
public enum Parallel {
  /// The number of processors that the system reports as usable.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Computes `body(0)`, …, `body(count - 1)` on at most `threads` threads, results in order.
  public static func map<Result: Sendable, Failure: Error>(
    count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    guard count > 0 else { return [] }
    let workers = min(max(threads, 1), count)
    if workers == 1 {
      var results: [Result] = []
      results.reserveCapacity(count)
      for index in 0..<count { results.append(try body(index)) }
      return results
    }
    let board = WorkBoard<Swift.Result<Result, Failure>>(count: count)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while let index = board.takeIndex() {
        do throws(Failure) {
          board.put(.success(try body(index)), at: index)
        } catch {
          board.put(.failure(error), at: index)
        }
      }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for outcome in board.outcomes { if let outcome { results.append(try outcome.get()) } }
    return results
  }

  /// Cuts `count` elements into ranges of `blockSize`; the cut depends on these two alone.
  public static func blocks(of count: Int, size blockSize: Int) -> [Range<Int>] {
    let size = max(blockSize, 1)
    return stride(from: 0, to: max(count, 0), by: size).map { $0..<min($0 + size, count) }
  }
}

/// The shared state of one parallel map, behind one lock that is held for a few instructions.
private final class WorkBoard<Outcome: Sendable>: Sendable {
  private struct State: Sendable {
    var next = 0
    var outcomes: [Outcome?]
  }

  private let count: Int
  private let state: LockedState<State>

  init(count: Int) {
    self.count = count
    state = LockedState(State(outcomes: Array(repeating: nil, count: count)))
  }

  func takeIndex() -> Int? {
    state.withLock { state in
      guard state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func put(_ outcome: Outcome, at index: Int) {
    state.withLock { $0.outcomes[index] = outcome }
  }

  var outcomes: [Outcome?] { state.withLock { $0.outcomes } }
}
