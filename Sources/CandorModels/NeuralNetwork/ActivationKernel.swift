/// Element-wise loops of a dense layer, row-major `rows × units`, each element on its own.
enum ActivationKernel {
  /// Adds the biases, and applies the activation in place.
  static func apply<Scalar: NetworkScalar>(
    _ activation: Activation, biases: Span<Scalar>, to values: inout MutableSpan<Scalar>
  ) {
    let units = biases.count
    precondition(units > 0 && values.count % units == 0)
    var start = 0
    while start < values.count {
      switch activation {
      case .relu:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe values[unchecked: start &+ u] = Scalar.rectified(z)
        }
      case .tanh:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe values[unchecked: start &+ u] = Scalar.hyperbolicTangent(z)
        }
      case .sigmoid:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe values[unchecked: start &+ u] = sigmoid(z)
        }
      case .identity:
        for u in 0..<units {
          unsafe values[unchecked: start &+ u] += biases[unchecked: u]
        }
      }
      start += units
    }
  }

  /// Multiplies each delta by the activation's derivative, found from the unit's output; a ReLU at
  /// zero counts as off.
  static func multiplyByDerivative<Scalar: NetworkScalar>(
    _ activation: Activation, outputs: Span<Scalar>, deltas: inout MutableSpan<Scalar>
  ) {
    precondition(outputs.count == deltas.count)
    switch activation {
    case .relu:
      for i in 0..<deltas.count {
        unsafe deltas[unchecked: i] = Scalar.gated(
          deltas[unchecked: i], by: outputs[unchecked: i])
      }
    case .tanh:
      for i in 0..<deltas.count {
        let y = unsafe outputs[unchecked: i]
        unsafe deltas[unchecked: i] *= 1 - y * y
      }
    case .sigmoid:
      for i in 0..<deltas.count {
        let y = unsafe outputs[unchecked: i]
        unsafe deltas[unchecked: i] *= y * (1 - y)
      }
    case .identity: break
    }
  }

  /// The product of `rows × weights.count` inputs with one unit's weights; four running sums, whose
  /// order is that of the columns and the same for every row.
  static func singleUnit<Scalar: NetworkScalar>(
    inputs: Span<Scalar>, weights: Span<Scalar>, into outputs: inout MutableSpan<Scalar>
  ) {
    let width = weights.count
    precondition(inputs.count == outputs.count * width)
    for r in 0..<outputs.count {
      let base = r &* width
      var a: Scalar = 0
      var b: Scalar = 0
      var c: Scalar = 0
      var d: Scalar = 0
      var i = 0
      while i &+ 4 <= width {
        a += unsafe inputs[unchecked: base &+ i] * weights[unchecked: i]
        b += unsafe inputs[unchecked: base &+ i &+ 1] * weights[unchecked: i &+ 1]
        c += unsafe inputs[unchecked: base &+ i &+ 2] * weights[unchecked: i &+ 2]
        d += unsafe inputs[unchecked: base &+ i &+ 3] * weights[unchecked: i &+ 3]
        i &+= 4
      }
      while i < width {
        a += unsafe inputs[unchecked: base &+ i] * weights[unchecked: i]
        i &+= 1
      }
      unsafe outputs[unchecked: r] = (a + b) + (c + d)
    }
  }

  /// The sum of each column of `rows × units` deltas, rows in rising order.
  static func columnSums<Scalar: NetworkScalar>(
    _ deltas: Span<Scalar>, into sums: inout MutableSpan<Scalar>
  ) {
    let units = sums.count
    precondition(units > 0 && deltas.count % units == 0)
    for u in 0..<units { unsafe sums[unchecked: u] = 0 }
    var start = 0
    while start < deltas.count {
      for u in 0..<units { unsafe sums[unchecked: u] += deltas[unchecked: start &+ u] }
      start += units
    }
  }

  /// Copies chosen rows of a row-major matrix one after another.
  static func gather<Scalar: NetworkScalar>(
    _ source: Span<Scalar>, width: Int, rows: Span<Int32>, into target: inout MutableSpan<Scalar>
  ) {
    precondition(target.count == rows.count * width)
    for r in 0..<rows.count {
      let from = Int(rows[r]) * width
      precondition(from >= 0 && from + width <= source.count)
      for c in 0..<width {
        unsafe target[unchecked: r &* width &+ c] = source[unchecked: from &+ c]
      }
    }
  }

  /// `1 / (1 + e^−z)` without overflow.
  @inline(__always)
  static func sigmoid<Scalar: NetworkScalar>(_ z: Scalar) -> Scalar {
    if z >= 0 { return 1 / (1 + Scalar.exponential(-z)) }
    let e = Scalar.exponential(z)
    return e / (1 + e)
  }
}
