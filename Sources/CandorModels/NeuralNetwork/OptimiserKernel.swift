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
        w - step.rate * m / (root(v) + epsilon) - step.decay * w
    }
  }

  /// The square root of a number from zero up, to a unit or two in the last place: the system's is a
  /// call with a branch, which keeps a loop from being vectorised. Newton's iteration for the inverse
  /// root from the bits' logarithm (Lomont, "Fast inverse square root", 2003); the products stand in an
  /// order that keeps a zero a zero.
  @inline(__always)
  static func root(_ x: Float) -> Float {
    var y = Float(bitPattern: 0x5F37_5A86 &- (x.bitPattern >> 1))
    let half = 0.5 * x
    y *= 1.5 - (half * y) * y
    y *= 1.5 - (half * y) * y
    y *= 1.5 - (half * y) * y
    return x * y
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
