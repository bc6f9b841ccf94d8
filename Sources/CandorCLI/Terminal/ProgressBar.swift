import CandorNumerics
import CandorStudy
import Foundation

/// A bar on standard error for work that takes over a second; silent where there is no terminal.
final class ProgressBar: Sendable {
  private struct State: Sendable {
    var lastDrawn = 0.0
    var shown = false
  }

  private let enabled: Bool
  private let began = ProcessInfo.processInfo.systemUptime
  private let state = LockedState(State())

  init(quiet: Bool) { enabled = !quiet && Terminal.errorIsTerminal }

  /// Draws the bar, at most ten times a second and not in the first second.
  func show(_ progress: StudyProgress) { show(progress.stage, fraction: progress.fraction) }

  /// The same for work that is no study: what is being done, and the share that is done.
  func show(_ stage: String, fraction: Double) {
    guard enabled else { return }
    let now = ProcessInfo.processInfo.systemUptime
    let due = state.withLock { state in
      guard now - began > 1, now - state.lastDrawn > 0.1 else { return false }
      state.lastDrawn = now
      state.shown = true
      return true
    }
    guard due else { return }
    let width = 24
    let filled = Int((min(max(fraction, 0), 1) * Double(width)).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let percent = Int((fraction * 100).rounded())
    Terminal.write(
      "\r\u{1B}[K\(bar) \(percent)% \(stage) (\(Int(now - began)) s)",
      to: .standardError)
  }

  /// Clears the line.
  func finish() {
    if state.withLock({ $0.shown }) { Terminal.write("\r\u{1B}[K", to: .standardError) }
  }
}
