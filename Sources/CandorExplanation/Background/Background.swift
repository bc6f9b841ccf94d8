public import CandorData
package import CandorNumerics

/// The rows that an explanation compares with: named and hashed, since the answer depends on them.
public struct Background: Sendable, Equatable {
  /// The name that a reader sees, for example `training sample`.
  public let name: String
  /// The encoded rows, at least one.
  public let rows: EncodedRows
  /// One non-negative weight a row; nil means one each.
  public let weights: [Double]?
  /// A hash of the rows: the caller's (SHA-256 of the encoded rows in bundles), or a FNV-1a of
  /// shape, values and weights where none is given.
  public let hash: String

  /// Names rows, in which NaN is a missing cell; throws where there is none, a value is infinite, a
  /// weight is not finite, or all weights are zero.
  public init(
    name: String, rows: EncodedRows, weights: [Double]? = nil, hash: String? = nil
  ) throws(ExplanationError) {
    guard rows.count > 0 else {
      throw ExplanationError(
        .badBackground, "The background \"\(name)\" has no rows; give it one at least.")
    }
    guard rows.firstCell(where: \.isInfinite) == nil else {
      throw ExplanationError(
        .badBackground, "The background \"\(name)\" holds an infinite value.")
    }
    let rows = rows.dense
    if let weights {
      guard weights.count == rows.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
        weights.contains(where: { $0 > 0 })
      else {
        throw ExplanationError(
          .badBackground,
          "The background \"\(name)\" needs one finite weight a row, none negative and not all "
            + "zero.")
      }
    }
    self.name = name
    self.rows = rows
    self.weights = weights
    self.hash =
      hash
      ?? BitHash.text(
        of: [Double(rows.count), Double(rows.width)] + rows.matrix.values + (weights ?? []))
  }

  /// The number of rows.
  public var count: Int { rows.count }

  /// The weighted mean of the encoded rows: no real applicant, but a usual baseline. NaN where a
  /// cell is missing, and without a meaning where a column holds level codes.
  public var meanRow: [Double] {
    (0..<rows.width).map { mean(of: rows.matrix.column($0)) }
  }

  /// The weighted mean of one number a row.
  package func mean(of values: [Double]) -> Double {
    guard let weights else { return OrderedReduction.sum(values) / Double(values.count) }
    return OrderedReduction.sum(zip(weights, values).map(*)) / OrderedReduction.sum(weights)
  }

  /// The weighted standard deviation (population) of one number a row.
  package func standardDeviation(of values: [Double]) -> Double {
    let centre = mean(of: values)
    return mean(of: values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
  }

  /// The running sums of the weights, for draws in proportion to them.
  package var cumulativeWeights: [Double] {
    var sum = 0.0
    return (weights ?? Array(repeating: 1, count: count)).map {
      sum += $0
      return sum
    }
  }
}

/// Draws positions in proportion to weights.
package struct WeightedDraw: Sendable {
  private let cumulative: [Double]
  private let uniform: Bool

  package init(_ background: Background) {
    cumulative = background.cumulativeWeights
    uniform = background.weights == nil
  }

  package func next(_ generator: inout CounterGenerator) -> Int {
    if uniform { return generator.nextInteger(below: cumulative.count) }
    return Sampling.weightedIndex(cumulative: cumulative, using: &generator)
  }
}

/// FNV-1a over the bits of numbers: an identity for rows, not a defence against forgery.
package enum BitHash {
  package static func value(of numbers: some Sequence<Double>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in numbers {
      // A missing cell is one value, whatever the bits of its NaN.
      var bits = number.isNaN ? Double.nan.bitPattern : number.bitPattern
      for _ in 0..<8 {
        hash = (hash ^ (bits & 0xFF)) &* 0x100_0000_01B3
        bits >>= 8
      }
    }
    return hash
  }

  package static func text(of numbers: some Sequence<Double>) -> String {
    let digits = String(value(of: numbers), radix: 16)
    return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension SeedTree {
  /// The child that belongs to a row's values, so that one applicant gets one answer wherever the
  /// row stands in a file.
  package func child(row: some Sequence<Double>) -> SeedTree {
    child("row").child(Int(truncatingIfNeeded: BitHash.value(of: row)))
  }
}
