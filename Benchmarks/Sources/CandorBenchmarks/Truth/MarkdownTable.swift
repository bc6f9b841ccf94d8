import Candor
import Foundation

/// A table in Markdown, as it goes into the documentation.
struct MarkdownTable {
  let header: [String]
  private(set) var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  var text: String {
    let lines = [header, header.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}

/// One number from each seed: printed as the mean, and the lowest and highest.
struct Spread {
  private(set) var values: [Double] = []

  init(_ values: [Double] = []) { self.values = values }

  mutating func add(_ value: Double) { values.append(value) }

  var mean: Double { values.reduce(0, +) / Double(max(values.count, 1)) }

  /// As a share of one hundred.
  var percent: String {
    text { value in
      let hundred = 100 * value
      return String(format: abs(hundred) < 9.95 && hundred != 0 ? "%.1f" : "%.0f", hundred)
    }
  }

  /// With a fixed number of decimals.
  func decimals(_ count: Int) -> String { text { String(format: "%.\(count)f", $0) } }

  /// The largest, in short scientific form; 0 where all are.
  var largest: String {
    let largest = values.map(abs).max() ?? 0
    return largest == 0 ? "0" : String(format: "%.0e", largest)
  }

  private func text(_ format: (Double) -> String) -> String {
    guard let low = values.min(), let high = values.max() else { return "–" }
    let (mean, from, to) = (format(mean), format(low), format(high))
    return from == to ? mean : "\(mean) (\(from) to \(to))"
  }
}

/// Measures over seeds by name, in order of first appearance.
struct Measures {
  private(set) var names: [String] = []
  private var spreads: [String: Spread] = [:]

  mutating func add(_ value: Double?, to name: String) {
    if spreads[name] == nil {
      names.append(name)
      spreads[name] = Spread()
    }
    if let value { spreads[name]?.add(value) }
  }

  subscript(name: String) -> Spread { spreads[name] ?? Spread() }
}
