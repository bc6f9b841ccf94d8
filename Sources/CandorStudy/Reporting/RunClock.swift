import CandorNumerics
import Foundation

/// The one place where a run looks at the clock: the fields that reproduction leaves out.
enum RunClock {
  static func fields(seconds: [String: Double]) -> [String: String] {
    let formatter = ISO8601DateFormatter()
    var fields = ["written": formatter.string(from: Date())]
    for (stage, duration) in seconds {
      fields["seconds, \(stage)"] = String((duration * 1000).rounded() / 1000)
    }
    return fields
  }
}
