/// Products of row-major rows with vectors, one row at a time in a fixed order, so that a row gives
/// the same bits alone and in a batch.
enum RowProductsKernel {
  /// `output[r] = intercept + Σ_c values[r, c] · coefficients[c]`; `values` holds `output.count`
  /// rows of `coefficients.count` elements.
  static func margins(
    _ values: Span<Double>, coefficients: Span<Double>, intercept: Double,
    into output: inout MutableSpan<Double>
  ) {
    let width = coefficients.count
    precondition(values.count == output.count * width)
    var position = 0
    for r in 0..<output.count {
      var sum = intercept
      for c in 0..<width {
        sum += unsafe values[unchecked: position + c] * coefficients[unchecked: c]
      }
      output[r] = sum
      position += width
    }
  }

  /// `output[c] += Σ_r weights[r] · values[r, c]`.
  static func addWeightedRows(
    _ values: Span<Double>, weights: Span<Double>, to output: inout MutableSpan<Double>
  ) {
    let width = output.count
    precondition(values.count == weights.count * width)
    var position = 0
    for r in 0..<weights.count {
      let weight = weights[r]
      if weight != 0 {
        for c in 0..<width {
          unsafe output[unchecked: c] += weight * values[unchecked: position + c]
        }
      }
      position += width
    }
  }
}
