import Foundation

/// Rows and shares by bin of one sample.
struct ShareTable {
  let rows: [Int]
  let shares: [Double]
  let effectiveCount: Double

  init(_ bins: [Int], _ weights: [Double]?, bins count: Int, _ name: String)
    throws(EvaluationError)
  {
    let w = try Self.weights(weights, rows: bins.count, name)
    var rows = [Int](repeating: 0, count: count)
    var sums = [Double](repeating: 0, count: count)
    var total = 0.0
    var squares = 0.0
    for i in 0..<bins.count where w[i] > 0 {
      rows[bins[i]] += 1
      sums[bins[i]] += w[i]
      total += w[i]
      squares += w[i] * w[i]
    }
    self.rows = rows
    shares = sums.map { $0 / total }
    effectiveCount = total * total / squares
  }

  static func weights(_ weights: [Double]?, rows: Int, _ name: String) throws(EvaluationError)
    -> [Double]
  {
    guard let weights else {
      guard rows > 0 else { throw EvaluationError(.emptySample, "The \(name) has no rows.") }
      return Array(repeating: 1, count: rows)
    }
    guard weights.count == rows else {
      throw EvaluationError(
        .lengthMismatch, "The \(name) has \(rows) rows but \(weights.count) weights.")
    }
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw EvaluationError(
        .badWeight, "The weights of the \(name) must be finite and not negative.")
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw EvaluationError(.emptySample, "The \(name) has no rows of weight above zero.")
    }
    return weights
  }
}

/// The logarithm under a name that does not collide with methods.
enum SystemLogarithm {
  static func natural(_ x: Double) -> Double { Foundation.log(x) }
}

/// Numbers in labels of bins.
enum BinLabel {
  /// Six significant digits, without a decimal point for whole numbers.
  static func text(_ x: Double) -> String {
    if x == x.rounded(), abs(x) < 1e15 { return String(Int(x)) }
    return String(format: "%.6g", x)
  }
}
