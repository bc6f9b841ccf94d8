import CandorNumerics

/// Loops over the units of dense layers in `Double`.
enum LayeredNetKernel {
  /// The product of row-major `rows × inner` numbers and a layer's weights, or their transpose.
  static func product(
    rows: Int, columns: Int, inner: Int, _ left: [Double], _ weights: [Double], transposed: Bool,
    into result: inout [Double]
  ) {
    var span = result.mutableSpan
    BLAS.doubleProduct(
      rows: rows, columns: columns, inner: inner, left.span, transposeA: false, weights.span,
      transposeB: transposed, accumulate: false, into: &span)
  }

  /// Adds biases to `rows × units` sums, which become the activation's values; `slopes` takes its
  /// derivatives.
  static func answer(
    _ answer: LayeredNet.Answer, rows: Int, biases: [Double], sums: inout [Double],
    slopes: inout [Double]
  ) {
    let units = biases.count
    precondition(rows >= 0 && rows * units == sums.count && sums.count == slopes.count)
    var values = sums.mutableSpan
    var derivatives = slopes.mutableSpan
    let offsets = biases.span
    if let lines = answer.slopes {
      for r in 0..<rows {
        let start = r &* units
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + offsets[unchecked: u]
          let slope = z > 0 ? lines.above : lines.below
          unsafe values[unchecked: start &+ u] = slope * z
          unsafe derivatives[unchecked: start &+ u] = slope
        }
      }
      return
    }
    for r in 0..<rows {
      let start = r &* units
      for u in 0..<units {
        let z = unsafe values[unchecked: start &+ u] + offsets[unchecked: u]
        let (value, slope) = answer(z)
        unsafe values[unchecked: start &+ u] = value
        unsafe derivatives[unchecked: start &+ u] = slope
      }
    }
  }

  /// `value ← value · factor`, element by element.
  static func multiply(_ values: inout [Double], by factors: [Double]) {
    precondition(values.count == factors.count)
    var span = values.mutableSpan
    let other = factors.span
    for i in 0..<span.count { unsafe span[unchecked: i] *= other[unchecked: i] }
  }

  /// `result ← result + matrix · x`, a row-major matrix; four sums at a time would change no shape,
  /// hence one after another.
  static func addProduct(
    _ matrix: Span<Double>, rows: Int, columns: Int, _ x: Span<Double>, into result: inout [Double]
  ) {
    precondition(rows >= 0 && columns >= 0 && rows * columns <= matrix.count)
    precondition(columns <= x.count && rows <= result.count)
    var span = result.mutableSpan
    for r in 0..<rows {
      var sum = 0.0
      for c in 0..<columns {
        unsafe sum += matrix[unchecked: r &* columns &+ c] * x[unchecked: c]
      }
      unsafe span[unchecked: r] += sum
    }
  }
}
