/// The output unit and the losses.
enum OutputKernel {
  /// The product of `rows × width` inputs with one unit's weights, plus its bias; eight running sums,
  /// whose order is that of the columns and the same for every row.
  static func margins<Scalar: NetworkScalar>(
    inputs: Span<Scalar>, rows: Int, weights: Span<Scalar>, bias: Scalar,
    into margins: inout MutableSpan<Scalar>
  ) {
    let width = weights.count
    precondition(rows >= 0 && rows * width <= inputs.count && rows <= margins.count)
    for r in 0..<rows {
      let base = r &* width
      var sums = SIMD8<Scalar>(repeating: 0)
      var i = 0
      while i &+ 8 <= width {
        for k in 0..<8 {
          unsafe sums[k] += inputs[unchecked: base &+ i &+ k] * weights[unchecked: i &+ k]
        }
        i &+= 8
      }
      var tail: Scalar = 0
      while i < width {
        tail += unsafe inputs[unchecked: base &+ i] * weights[unchecked: i]
        i &+= 1
      }
      let half = sums.lowHalf + sums.highHalf
      let quarter = half.lowHalf + half.highHalf
      unsafe margins[unchecked: r] = bias + ((quarter[0] + quarter[1]) + tail)
    }
  }

  /// The gradient of one unit's weights, added at `place`, its bias's after them.
  static func addGradient<Scalar: NetworkScalar>(
    deltas: Span<Scalar>, inputs: Span<Scalar>, rows: Int, width: Int,
    into gradient: inout MutableSpan<Scalar>, at place: Int, biasAt bias: Int
  ) {
    precondition(rows >= 0 && rows <= deltas.count && rows * width <= inputs.count)
    precondition(place >= 0 && place + width <= gradient.count)
    precondition(bias >= 0 && bias < gradient.count)
    for r in 0..<rows {
      let delta = unsafe deltas[unchecked: r]
      let base = r &* width
      for i in 0..<width {
        unsafe gradient[unchecked: place &+ i] += delta * inputs[unchecked: base &+ i]
      }
      unsafe gradient[unchecked: bias] += delta
    }
  }

  /// The gradient in one unit's inputs: each delta times the weights.
  static func passBack<Scalar: NetworkScalar>(
    deltas: Span<Scalar>, rows: Int, weights: Span<Scalar>,
    into target: inout MutableSpan<Scalar>
  ) {
    let width = weights.count
    precondition(rows >= 0 && rows <= deltas.count && rows * width <= target.count)
    for r in 0..<rows {
      let delta = unsafe deltas[unchecked: r]
      let base = r &* width
      for i in 0..<width {
        unsafe target[unchecked: base &+ i] = delta * weights[unchecked: i]
      }
    }
  }

  /// The sum over rows of weight times loss; `deltas` takes its gradient in the margins times `scale`.
  ///
  /// The focal loss is that of Lin, Goyal, Girshick, He and Dollár, "Focal loss for dense object
  /// detection", 2017, arXiv:1708.02002, equation 4: `−(1 − q)^γ ln q`, q being the probability of the
  /// outcome that came.
  static func loss<Scalar: NetworkScalar>(
    _ loss: NetworkLoss, margins: Span<Scalar>, targets: Span<Scalar>, weights: Span<Scalar>,
    rows: Int, scale: Scalar, deltas: inout MutableSpan<Scalar>
  ) -> Double {
    precondition(rows >= 0 && rows <= margins.count && rows <= targets.count)
    precondition(rows <= weights.count && rows <= deltas.count)
    var total = 0.0
    for r in 0..<rows {
      let z = unsafe margins[unchecked: r]
      let t = unsafe targets[unchecked: r]
      let weight = unsafe weights[unchecked: r]
      let value: Scalar
      let slope: Scalar
      switch loss.kind {
      case .crossEntropy:
        let e = Scalar.exponential(-z.magnitude)
        value = Scalar.rectified(z) - t * z + Scalar.logOfOnePlus(e)
        slope = (z >= 0 ? 1 : e) / (1 + e) - t
      case .focal:
        // With x = z for a bad row and −z for a good one, q = sigmoid(x) and 1 − q = sigmoid(−x).
        let sign: Scalar = 2 * t - 1
        let x = sign * z
        let e = Scalar.exponential(-x.magnitude)
        let minusLog = Scalar.rectified(-x) + Scalar.logOfOnePlus(e)
        let q = (x >= 0 ? 1 : e) / (1 + e)
        let other = (x >= 0 ? e : 1) / (1 + e)
        let gamma = Scalar(loss.gamma)
        let focus = Scalar.power(other, gamma)
        value = focus * minusLog
        slope = -sign * focus * (gamma * q * minusLog + other)
      case .squaredError:
        let y = loss.output.value(z)
        let difference = y - t
        value = difference * difference
        slope = 2 * difference * loss.output.slope(z, y)
      }
      total += Double(weight * value)
      unsafe deltas[unchecked: r] = slope * weight * scale
    }
    return total
  }
}
