/// Batch normalisation of `rows × units` values: Ioffe and Szegedy, "Batch normalization", 2015,
/// arXiv:1502.03167, algorithm 1 and the gradients after it.
enum NormalisationKernel {
  /// What is added to a variance before its root.
  static let epsilon = 1e-5

  /// Each column's mean and variance (divided by the rows) over the rows at hand.
  static func moments<Scalar: NetworkScalar>(
    _ values: Span<Scalar>, rows: Int, units: Int, means: inout MutableSpan<Scalar>,
    variances: inout MutableSpan<Scalar>, at place: Int
  ) {
    precondition(rows > 0 && rows * units <= values.count && place >= 0)
    precondition(place + units <= means.count && place + units <= variances.count)
    for u in 0..<units {
      unsafe means[unchecked: place &+ u] = 0
      unsafe variances[unchecked: place &+ u] = 0
    }
    for r in 0..<rows {
      for u in 0..<units {
        unsafe means[unchecked: place &+ u] += values[unchecked: r &* units &+ u]
      }
    }
    let share = 1 / Scalar(rows)
    for u in 0..<units { unsafe means[unchecked: place &+ u] *= share }
    for r in 0..<rows {
      for u in 0..<units {
        let d = unsafe values[unchecked: r &* units &+ u] - means[unchecked: place &+ u]
        unsafe variances[unchecked: place &+ u] += d * d
      }
    }
    for u in 0..<units { unsafe variances[unchecked: place &+ u] *= share }
  }

  /// Keeps each value less its mean over its deviation in `normalised`, and that times the scale in
  /// place.
  static func normalise<Scalar: NetworkScalar>(
    _ values: inout MutableSpan<Scalar>, rows: Int, scales: Span<Scalar>, means: Span<Scalar>,
    variances: Span<Scalar>, at place: Int, normalised: inout MutableSpan<Scalar>
  ) {
    let units = scales.count
    precondition(rows >= 0 && rows * units <= values.count && rows * units <= normalised.count)
    precondition(place >= 0 && place + units <= means.count && place + units <= variances.count)
    for r in 0..<rows {
      for u in 0..<units {
        let variance = unsafe variances[unchecked: place &+ u] + Scalar(epsilon)
        let centred = unsafe values[unchecked: r &* units &+ u] - means[unchecked: place &+ u]
        let x = centred / variance.squareRoot()
        unsafe normalised[unchecked: r &* units &+ u] = x
        unsafe values[unchecked: r &* units &+ u] = x * scales[unchecked: u]
      }
    }
  }

  /// Turns the gradient in the normalised and scaled values into that in the values, and adds the
  /// scales' gradient; `shiftSums` has each column's sum of deltas.
  static func passBack<Scalar: NetworkScalar>(
    _ deltas: inout MutableSpan<Scalar>, rows: Int, scales: Span<Scalar>, variances: Span<Scalar>,
    at place: Int, normalised: Span<Scalar>, shiftSums: Span<Scalar>,
    scaleSums: inout MutableSpan<Scalar>
  ) {
    let units = scales.count
    precondition(rows > 0 && rows * units <= deltas.count && rows * units <= normalised.count)
    precondition(place >= 0 && place + units <= variances.count)
    precondition(shiftSums.count == units && scaleSums.count == units)
    for u in 0..<units { unsafe scaleSums[unchecked: u] = 0 }
    for r in 0..<rows {
      for u in 0..<units {
        let i = r &* units &+ u
        unsafe scaleSums[unchecked: u] += deltas[unchecked: i] * normalised[unchecked: i]
      }
    }
    let share = 1 / Scalar(rows)
    for r in 0..<rows {
      for u in 0..<units {
        let i = r &* units &+ u
        let variance = unsafe variances[unchecked: place &+ u] + Scalar(epsilon)
        let centred = unsafe deltas[unchecked: i] - share * shiftSums[unchecked: u]
        let d = unsafe centred - normalised[unchecked: i] * share * scaleSums[unchecked: u]
        unsafe deltas[unchecked: i] = d * scales[unchecked: u] / variance.squareRoot()
      }
    }
  }
}
