/// One pass over a list of parameters: gradient, penalty and step together.
enum OptimiserKernel {
  /// `w ← w − rate (g + penalty w)`.
  static func descend(
    _ parameters: inout MutableSpan<Float>, gradient: Span<Float>, rate: Float, penalty: Float
  ) {
    precondition(parameters.count == gradient.count)
    for i in 0..<parameters.count {
      let w = unsafe parameters[unchecked: i]
      unsafe parameters[unchecked: i] = w - rate * (gradient[unchecked: i] + penalty * w)
    }
  }

  /// `v ← momentum v − rate (g + penalty w)`, `w ← w + v`.
  static func moveWithMomentum(
    _ parameters: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>,
    gradient: Span<Float>, rate: Float, momentum: Float, penalty: Float
  ) {
    precondition(parameters.count == gradient.count && velocity.count == gradient.count)
    for i in 0..<parameters.count {
      let w = unsafe parameters[unchecked: i]
      let g = unsafe gradient[unchecked: i] + penalty * w
      let v = unsafe momentum * velocity[unchecked: i] - rate * g
      unsafe velocity[unchecked: i] = v
      unsafe parameters[unchecked: i] = w + v
    }
  }

  /// Adam with the bias corrections folded into `rate`.
  static func moveByMoments(
    _ parameters: inout MutableSpan<Float>, first: inout MutableSpan<Float>,
    second: inout MutableSpan<Float>, gradient: Span<Float>, rate: Float, beta1: Float,
    beta2: Float, epsilon: Float, penalty: Float
  ) {
    precondition(
      parameters.count == gradient.count && first.count == gradient.count
        && second.count == gradient.count)
    for i in 0..<parameters.count {
      let w = unsafe parameters[unchecked: i]
      let g = unsafe gradient[unchecked: i] + penalty * w
      let m = unsafe beta1 * first[unchecked: i] + (1 - beta1) * g
      let v = unsafe beta2 * second[unchecked: i] + (1 - beta2) * g * g
      unsafe first[unchecked: i] = m
      unsafe second[unchecked: i] = v
      unsafe parameters[unchecked: i] = w - rate * m / (v.squareRoot() + epsilon)
    }
  }
}
