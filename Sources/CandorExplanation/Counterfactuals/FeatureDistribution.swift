import CandorData
import CandorScoring
import Foundation

/// How one source feature is distributed in training: what a move is priced by, and which values may
/// be proposed.
struct FeatureDistribution: Sendable, Equatable {
  /// The most values of one feature that are proposed to one applicant.
  static let mostValues = 256

  /// The known numbers in rising order; empty for levels.
  let numbers: [Double]
  /// The distinct numbers, thinned evenly in rank to `mostValues` with both ends kept.
  let values: [Double]
  /// The levels in their order.
  let levels: [String]
  /// The share of known training cells with each level.
  let shares: [Double]

  init(_ column: Column, levels order: [String]) {
    if let cells = column.numbers {
      numbers = cells.filter { !$0.isNaN }.sorted()
      var distinct: [Double] = []
      for number in numbers where number != distinct.last { distinct.append(number) }
      values = Self.thinned(distinct, to: Self.mostValues)
      levels = []
      shares = []
      return
    }
    numbers = []
    values = []
    levels = order
    var counts: [String: Int] = [:]
    var known = 0
    if let (codes, names) = column.codes {
      for code in codes where code >= 0 {
        counts[names.levels[Int(code)], default: 0] += 1
        known += 1
      }
    }
    let total = Double(max(known, 1))
    shares = order.map { Double(counts[$0] ?? 0) / total }
  }

  /// Some of the elements, evenly spread, the first and the last among them.
  static func thinned<Element>(_ all: [Element], to most: Int) -> [Element] {
    guard all.count > most, most > 1 else { return all }
    return (0..<most).map { all[$0 * (all.count - 1) / (most - 1)] }
  }

  /// The share of training below a number, its equals counted half; O(log n).
  func rank(of number: Double) -> Double {
    guard !numbers.isEmpty else { return 0.5 }
    let below = Self.count(of: numbers) { $0 < number }
    let notAbove = Self.count(of: numbers) { $0 <= number }
    return Double(below + notAbove) / Double(2 * numbers.count)
  }

  /// The share of training below a level in the order of the levels, its equals counted half.
  func rank(ofLevel place: Int) -> Double {
    shares[..<place].reduce(0, +) + shares[place] / 2
  }

  private static func count(of sorted: [Double], where holds: (Double) -> Bool) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What it costs to pass from one place in the distribution to another.
  ///
  /// The logarithm compares the shares that stand farther on in the direction of the move, so that
  /// the last few percentiles are dear (Ustun, Spangher and Liu 2019, doi:10.1145/3287560.3287566);
  /// half a row stands for a share of zero.
  func price(from: Double, to: Double, kind: ChangeRules.CostKind) -> Double {
    switch kind {
    case .percentile: return abs(to - from)
    case .logPercentile:
      let least = 0.5 / Double(max(numbers.count, 100))
      let left = to > from ? (1 - from, 1 - to) : (from, to)
      return abs(log(max(left.0, least)) - log(max(left.1, least)))
    }
  }
}
