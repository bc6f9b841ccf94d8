import Candor
import Foundation

/// What a row found.
struct Measurement {
  /// How long the work took.
  let seconds: Double
  /// What a reader should know of the settings, in a few words.
  let settings: String
  /// What only the tool knows.
  var quality: [String: Value] = [:]
  /// What goes into the output file.
  var output: [Double]?

  /// A number, or a list of them.
  enum Value: Encodable {
    case number(Double)
    case numbers([Double])

    func encode(to encoder: any Swift.Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .numbers(let numbers): try container.encode(numbers)
      }
    }
  }

  private struct Line: Encodable {
    let row: String
    let tool: String
    let seconds: Double
    let quality: [String: Value]
    let version: String
    let settings: String
  }

  /// The line that `compare` reads.
  func line(row: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Line(
      row: row, tool: "candor", seconds: seconds, quality: quality, version: CandorVersion.current,
      settings: settings)
    return String(decoding: try encoder.encode(line), as: UTF8.self)
  }
}

/// Runs work and tells how long it took.
func timed<Result>(_ work: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
  let clock = ContinuousClock()
  let began = clock.now
  let result = try work()
  let duration = began.duration(to: clock.now).components
  return (result, Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
}

/// The value at a share of the way through sorted values (nearest rank).
func quantile(_ values: [Double], _ share: Double) -> Double {
  let sorted = values.sorted()
  let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
  return sorted[min(max(place, 0), sorted.count - 1)]
}
