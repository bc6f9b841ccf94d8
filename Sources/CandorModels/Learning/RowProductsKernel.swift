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

  /// `output[r] += values[r] · coefficient`.
  static func addColumn(
    _ values: Span<Double>, coefficient: Double, to output: inout MutableSpan<Double>
  ) {
    precondition(values.count == output.count)
    for r in 0..<output.count {
      unsafe output[unchecked: r] += values[unchecked: r] * coefficient
    }
  }

  /// `output[r] += coefficients[places[r]]`; a place below zero adds nothing.
  static func addLevels(
    _ places: Span<Int32>, coefficients: Span<Double>, to output: inout MutableSpan<Double>
  ) {
    precondition(places.count == output.count)
    for r in 0..<output.count {
      let place = unsafe Int(places[unchecked: r])
      if place >= 0 { unsafe output[unchecked: r] += coefficients[place] }
    }
  }
}
