import Foundation

/// Entropy: minus `Σ w ln w − good ln good − bad ln bad` over the children.
struct EntropyQuality: SplitQuality {
  @inline(__always)
  func fraction(
    weightLeft: Double, sumLeft: Double, weightRight: Double, sumRight: Double
  ) -> SIMD2<Double> {
    SIMD2(
      -(term(weightLeft) - term(weightLeft - sumLeft) - term(sumLeft)
        + (term(weightRight) - term(weightRight - sumRight) - term(sumRight))), 1)
  }

  private func term(_ x: Double) -> Double { x > 0 ? x * log(x) : 0 }
}

/// Entropy of whole numbers, from a table of `n ln n`.
struct CountedEntropyQuality: SplitQuality {
  private let table: [Double]

  /// A table for counts up to `largest`; O(largest).
  init(largest: Int) {
    table = (0...max(largest, 0)).map { $0 == 0 ? 0 : Double($0) * log(Double($0)) }
  }

  @inline(__always)
  func fraction(
    weightLeft: Double, sumLeft: Double, weightRight: Double, sumRight: Double
  ) -> SIMD2<Double> {
    SIMD2(
      -(term(weightLeft) - term(weightLeft - sumLeft) - term(sumLeft)
        + (term(weightRight) - term(weightRight - sumRight) - term(sumRight))), 1)
  }

  @inline(__always)
  private func term(_ x: Double) -> Double { table[Int(x)] }
}
