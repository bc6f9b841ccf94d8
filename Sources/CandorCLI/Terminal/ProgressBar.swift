import CandorNumerics
import CandorStudy
import Foundation

/// A bar on standard error for work that takes over a second; silent where there is no terminal.
final class ProgressBar: Sendable {
  private struct State: Sendable {
    var lastDrawn = 0.0
    var shown = false
    var stage = ""
    var stageBegan = 0.0
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
    let stageBegan: Double? = state.withLock { state in
      if state.stage != stage {
        state.stage = stage
        state.stageBegan = now
      }
      guard now - began > 1, now - state.lastDrawn > 0.1 else { return nil }
      state.lastDrawn = now
      state.shown = true
      return state.stageBegan
    }
    guard let stageBegan else { return }
    let width = 24
    let filled = Int((min(max(fraction, 0), 1) * Double(width)).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let percent = Int((fraction * 100).rounded())
    let pace = Self.pace(fraction: fraction, seconds: now - stageBegan)
    Terminal.write(
      "\r\u{1B}[K\(bar) \(percent)% \(stage) (\(Int(now - began)) s\(pace))",
      to: .standardError)
  }

  /// The rate of a stage and its time left by that rate, once there is something to go by.
  private static func pace(fraction: Double, seconds: Double) -> String {
    guard fraction > 0.01, fraction < 1, seconds > 0.5 else { return "" }
    let left = Int((seconds * (1 - fraction) / fraction).rounded(.up))
    let rate = Numbers.decimal(100 * fraction / seconds, 1)
    let time = left < 120 ? "\(left) s" : "\(left / 60) min"
    return ", \(rate)%/s, \(time) left"
  }

  /// Clears the line.
  func finish() {
    if state.withLock({ $0.shown }) { Terminal.write("\r\u{1B}[K", to: .standardError) }
  }
}
