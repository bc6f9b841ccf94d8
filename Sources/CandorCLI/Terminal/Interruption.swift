import CandorNumerics
import CandorScoring
import CandorStudy
import Foundation

/// Ctrl-C: asks the work to end, and ends the process within a second whatever the work does.
///
/// Learners look at the cancellation a few times a second and leave their snapshot whole. Work that
/// does not look (an explanation, a file being read) is ended after a moment, though never while
/// results are being written. A second Ctrl-C ends at once.
final class Interruption {
  private let end: End
  private let source: any DispatchSourceSignal

  /// Begins to listen; it listens as long as this object lives.
  init(_ bar: ProgressBar, snapshots: SnapshotFile? = nil) {
    let end = End(bar: bar, snapshots: snapshots)
    self.end = end
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(
      signal: SIGINT, queue: .global(qos: .userInteractive))
    source.setEventHandler { end.interrupted() }
    source.resume()
  }

  /// What the work looks at.
  var cancellation: Cancellation { end.cancellation }

  /// Writes results; the process does not end before they are whole, or after they are begun.
  func write<Result: Sendable>(_ body: () throws -> Result) throws -> Result {
    try end.writing.withLock { _ -> Swift.Result<Result, any Error> in
      if cancellation.isCancelled { end.leave() }
      return Swift.Result { try body() }
    }.get()
  }

  /// Ends an interrupted run in one sentence; returns where nobody interrupted.
  func leaveIfInterrupted() {
    if cancellation.isCancelled { end.leaveAfterWriting() }
  }

  /// How the process ends, whichever thread ends it.
  private final class End: Sendable {
    let cancellation = Cancellation()
    /// Held while results are written.
    let writing = LockedState(())
    private let bar: ProgressBar
    private let snapshots: SnapshotFile?

    /// So many microseconds the work has to end by itself.
    private static let patience: UInt32 = 700_000

    init(bar: ProgressBar, snapshots: SnapshotFile?) {
      self.bar = bar
      self.snapshots = snapshots
    }

    func interrupted() {
      cancellation.cancel()
      // From now on Ctrl-C ends the process as it does any other.
      signal(SIGINT, SIG_DFL)
      usleep(Self.patience)
      leaveAfterWriting()
    }

    func leaveAfterWriting() {
      writing.withLock { _ -> Void in leave() }
    }

    func leave() -> Never {
      bar.finish()
      var sentence = "Interrupted; nothing was written."
      if let snapshots {
        try? snapshots.flush()
        if !snapshots.isEmpty {
          sentence =
            "Interrupted; run the same command again to go on from the snapshot "
            + "\(snapshots.path)."
        }
      }
      Terminal.complain("candor: \(sentence)")
      _exit(ExitCodes.interrupted)
    }
  }
}
