/// Products of compressed rows with vectors, one row at a time in a fixed order.
///
/// A `SparseMatrix` has every place inside its columns, and so has `output` or `weights` here.
enum SparseProductsKernel {
  /// Adds `row · weights` to each of `output.count` rows from `first` on.
  static func addMargins(
    offsets: Span<Int>, places: Span<Int32>, values: Span<Double>, weights: Span<Double>,
    first: Int, into output: inout MutableSpan<Double>
  ) {
    precondition(first >= 0 && first + output.count < offsets.count)
    for r in 0..<output.count {
      var sum = unsafe output[unchecked: r]
      for position in offsets[first + r]..<offsets[first + r + 1] {
        sum += values[position] * weights[Int(places[position])]
      }
      unsafe output[unchecked: r] = sum
    }
  }

  /// Adds `vector[r] · row` to the output, over the rows from `first` on.
  static func addTransposed(
    offsets: Span<Int>, places: Span<Int32>, values: Span<Double>, vector: Span<Double>,
    first: Int, into output: inout MutableSpan<Double>
  ) {
    precondition(first >= 0 && first + vector.count < offsets.count)
    for r in 0..<vector.count {
      let factor = unsafe vector[unchecked: r]
      if factor == 0 { continue }
      for position in offsets[first + r]..<offsets[first + r + 1] {
        output[Int(places[position])] += factor * values[position]
      }
    }
  }

  /// Adds `weights[r] · rowᵀrow` to the upper triangle, over the rows from `first` on, each row
  /// with a last element `constant` at the place `width − 1` unless that is zero.
  static func addGram(
    offsets: Span<Int>, places: Span<Int32>, values: Span<Double>, weights: Span<Double>,
    first: Int, constant: Double, width: Int, into gram: inout MutableSpan<Double>
  ) {
    precondition(first >= 0 && first + weights.count < offsets.count)
    precondition(gram.count == width * width)
    for r in 0..<weights.count {
      let weight = unsafe weights[unchecked: r]
      if weight == 0 { continue }
      let end = offsets[first + r + 1]
      for position in offsets[first + r]..<end {
        let start = Int(places[position]) * width
        let factor = weight * values[position]
        for other in position..<end {
          gram[start + Int(places[other])] += factor * values[other]
        }
        if constant != 0 { gram[start + width - 1] += factor * constant }
      }
      if constant != 0 { gram[width * width - 1] += weight * constant * constant }
    }
  }
}
