import CandorNumerics
import Foundation

/// The two precisions of a network: training computes in `Float`, scoring and the check of the
/// gradient in `Double`, by one code.
package protocol NetworkScalar: BinaryFloatingPoint, Codable, SIMDScalar, Sendable {
  /// A row-major product as in `BLAS.singleProduct`.
  static func product(
    rows: Int, columns: Int, inner: Int, _ a: Span<Self>, transposeA: Bool, _ b: Span<Self>,
    transposeB: Bool, accumulate: Bool, into c: inout MutableSpan<Self>, at start: Int)
  /// `e^x`.
  static func exponential(_ x: Self) -> Self
  /// `ln(1 + x)`.
  static func logOfOnePlus(_ x: Self) -> Self
  /// `x` to the power `y`.
  static func power(_ x: Self, _ y: Self) -> Self
  /// The hyperbolic tangent.
  static func hyperbolicTangent(_ x: Self) -> Self
  /// `x` where it is above zero, else zero; without a branch.
  static func rectified(_ x: Self) -> Self
  /// `x` where the output of a ReLU is above zero, else zero; without a branch.
  static func gated(_ x: Self, by output: Self) -> Self
}

extension Float: NetworkScalar {
  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: Span<Float>, transposeA: Bool, _ b: Span<Float>,
    transposeB: Bool, accumulate: Bool, into c: inout MutableSpan<Float>, at start: Int
  ) {
    BLAS.singleProduct(
      rows: rows, columns: columns, inner: inner, a, transposeA: transposeA, b,
      transposeB: transposeB, accumulate: accumulate, into: &c, at: start)
  }

  package static func exponential(_ x: Float) -> Float { exp(x) }

  package static func logOfOnePlus(_ x: Float) -> Float { log1p(x) }

  package static func power(_ x: Float, _ y: Float) -> Float { pow(x, y) }

  package static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }

  // Doubling and halving are exact (below the largest number), so this is the maximum with zero.
  @inline(__always)
  package static func rectified(_ x: Float) -> Float { (x + x.magnitude) * 0.5 }

  @inline(__always)
  package static func gated(_ x: Float, by output: Float) -> Float {
    let on: UInt32 = output > 0 ? .max : 0
    return Float(bitPattern: x.bitPattern & on)
  }
}

extension Double: NetworkScalar {
  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: Span<Double>, transposeA: Bool, _ b: Span<Double>,
    transposeB: Bool, accumulate: Bool, into c: inout MutableSpan<Double>, at start: Int
  ) {
    BLAS.doubleProduct(
      rows: rows, columns: columns, inner: inner, a, transposeA: transposeA, b,
      transposeB: transposeB, accumulate: accumulate, into: &c, at: start)
  }

  package static func exponential(_ x: Double) -> Double { exp(x) }

  package static func logOfOnePlus(_ x: Double) -> Double { log1p(x) }

  package static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

  // Doubling and halving are exact (below the largest number), so this is the maximum with zero.
  @inline(__always)
  package static func rectified(_ x: Double) -> Double { (x + x.magnitude) * 0.5 }

  @inline(__always)
  package static func gated(_ x: Double, by output: Double) -> Double {
    let on: UInt64 = output > 0 ? .max : 0
    return Double(bitPattern: x.bitPattern & on)
  }
}
