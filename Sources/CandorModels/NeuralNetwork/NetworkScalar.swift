import CandorNumerics
import Foundation

/// The two precisions of a network: training computes in `Float`, scoring and the check of the
/// gradient in `Double`, by one code.
package protocol NetworkScalar: BinaryFloatingPoint, Sendable {
  /// A row-major product as in `BLAS.singleProduct`.
  static func product(
    rows: Int, columns: Int, inner: Int, _ a: Span<Self>, transposeA: Bool, _ b: Span<Self>,
    transposeB: Bool, into c: inout MutableSpan<Self>)
  /// `e^x`.
  static func exponential(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func hyperbolicTangent(_ x: Self) -> Self
}

extension Float: NetworkScalar {
  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: Span<Float>, transposeA: Bool, _ b: Span<Float>,
    transposeB: Bool, into c: inout MutableSpan<Float>
  ) {
    BLAS.singleProduct(
      rows: rows, columns: columns, inner: inner, a, transposeA: transposeA, b,
      transposeB: transposeB, accumulate: false, into: &c)
  }

  package static func exponential(_ x: Float) -> Float { exp(x) }

  package static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
}

extension Double: NetworkScalar {
  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: Span<Double>, transposeA: Bool, _ b: Span<Double>,
    transposeB: Bool, into c: inout MutableSpan<Double>
  ) {
    BLAS.doubleProduct(
      rows: rows, columns: columns, inner: inner, a, transposeA: transposeA, b,
      transposeB: transposeB, accumulate: false, into: &c)
  }

  package static func exponential(_ x: Double) -> Double { exp(x) }

  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
}
