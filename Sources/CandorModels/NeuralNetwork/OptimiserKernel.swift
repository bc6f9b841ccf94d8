/// One pass over a run of parameters: gradient, penalty, step and decay together.
enum OptimiserKernel {
  /// What a step does besides its rule.
  struct Step {
    /// The learning rate, with what the rule folds into it.
    var rate: Float
    /// What the gradient is multiplied by (clipping).
    var factor: Float
    /// The factor of the parameter that is added to the gradient.
    var penalty: Float
    /// The share of the parameter that is taken away besides.
    var decay: Float
  }

  /// `w ← w − rate g − decay w` with `g ← factor g + penalty w`.
  static func descend(
    _ parameters: inout MutableSpan<Float>, gradient: Span<Float>, in range: Range<Int>,
    _ step: Step
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= parameters.count)
    precondition(parameters.count == gradient.count)
    for i in range {
      let w = unsafe parameters[unchecked: i]
      let g = unsafe step.factor * gradient[unchecked: i] + step.penalty * w
      unsafe parameters[unchecked: i] = w - step.rate * g - step.decay * w
    }
  }

  /// `v ← momentum v − rate g`, `w ← w + v − decay w`.
  static func moveWithMomentum(
    _ parameters: inout MutableSpan<Float>, velocity: inout MutableSpan<Float>,
    gradient: Span<Float>, in range: Range<Int>, momentum: Float, _ step: Step
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= parameters.count)
    precondition(parameters.count == gradient.count && velocity.count == gradient.count)
    for i in range {
      let w = unsafe parameters[unchecked: i]
      let g = unsafe step.factor * gradient[unchecked: i] + step.penalty * w
      let v = unsafe momentum * velocity[unchecked: i] - step.rate * g
      unsafe velocity[unchecked: i] = v
      unsafe parameters[unchecked: i] = w + v - step.decay * w
    }
  }

  /// Adam with the bias corrections folded into `rate`.
  static func moveByMoments(
    _ parameters: inout MutableSpan<Float>, first: inout MutableSpan<Float>,
    second: inout MutableSpan<Float>, gradient: Span<Float>, in range: Range<Int>, beta1: Float,
    beta2: Float, epsilon: Float, _ step: Step
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= parameters.count)
    precondition(
      parameters.count == gradient.count && first.count == gradient.count
        && second.count == gradient.count)
    for i in range {
      let w = unsafe parameters[unchecked: i]
      let g = unsafe step.factor * gradient[unchecked: i] + step.penalty * w
      let m = unsafe beta1 * first[unchecked: i] + (1 - beta1) * g
      let v = unsafe beta2 * second[unchecked: i] + (1 - beta2) * g * g
      unsafe first[unchecked: i] = m
      unsafe second[unchecked: i] = v
      unsafe parameters[unchecked: i] =
        w - step.rate * m / (v.squareRoot() + epsilon) - step.decay * w
    }
  }

  /// `sums ← sums + terms`.
  static func add(_ terms: Span<Float>, to sums: inout MutableSpan<Float>) {
    precondition(terms.count == sums.count)
    for i in 0..<terms.count { unsafe sums[unchecked: i] += terms[unchecked: i] }
  }

  /// The sum of squares, in sixteen running sums.
  static func sumOfSquares(_ values: Span<Float>) -> Double {
    var sums = SIMD16<Double>(repeating: 0)
    var i = 0
    while i &+ 16 <= values.count {
      for k in 0..<16 {
        let x = unsafe Double(values[unchecked: i &+ k])
        sums[k] += x * x
      }
      i &+= 16
    }
    var total = sums.sum()
    while i < values.count {
      let x = unsafe Double(values[unchecked: i])
      total += x * x
      i &+= 1
    }
    return total
  }
}
