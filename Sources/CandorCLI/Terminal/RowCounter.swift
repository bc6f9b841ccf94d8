import Foundation

/// A line on standard error for a stream whose end is not known: rows done and their rate; silent
/// where there is no terminal.
final class RowCounter {
  private let enabled: Bool
  private let began = ProcessInfo.processInfo.systemUptime
  private var lastDrawn = 0.0
  private var isShown = false

  init(quiet: Bool) { enabled = !quiet && Terminal.errorIsTerminal }

  /// Draws the line, at most four times a second and not in the first second.
  func show(_ verb: String, rows: Int) {
    let now = ProcessInfo.processInfo.systemUptime
    guard enabled, now - began > 1, now - lastDrawn > 0.25 else { return }
    lastDrawn = now
    isShown = true
    let rate = Numbers.decimal(Double(rows) / (now - began), 0)
    Terminal.write(
      "\r\u{1B}[K\(rows) rows \(verb) (\(Int(now - began)) s, \(rate) rows/s)", to: .standardError)
  }

  /// Clears the line.
  func finish() {
    if isShown { Terminal.write("\r\u{1B}[K", to: .standardError) }
  }
}
