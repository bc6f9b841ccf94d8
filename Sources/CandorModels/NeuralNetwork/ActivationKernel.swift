/// Element-wise loops of a dense layer over the first `rows` rows of row-major `rows × units` lists,
/// each element on its own.
enum ActivationKernel {
  /// Adds the biases, and applies the activation in place; `sums` takes the values before a GELU, and
  /// is empty for the others.
  static func apply<Scalar: NetworkScalar>(
    _ activation: Activation, rows: Int, biases: Span<Scalar>,
    to values: inout MutableSpan<Scalar>, sums: inout MutableSpan<Scalar>
  ) {
    let units = biases.count
    precondition(rows >= 0 && rows * units <= values.count)
    precondition(activation != .gelu || rows * units <= sums.count)
    for r in 0..<rows {
      let start = r &* units
      switch activation {
      case .relu:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe values[unchecked: start &+ u] = Scalar.rectified(z)
        }
      case .gelu:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe sums[unchecked: start &+ u] = z
          unsafe values[unchecked: start &+ u] = Activation.gelu(z)
        }
      case .identity:
        for u in 0..<units {
          unsafe values[unchecked: start &+ u] += biases[unchecked: u]
        }
      case .leakyRelu:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe values[unchecked: start &+ u] = z * (z > 0 ? 1 : Scalar(Activation.leak))
        }
      case .tanh, .sigmoid:
        for u in 0..<units {
          let z = unsafe values[unchecked: start &+ u] + biases[unchecked: u]
          unsafe values[unchecked: start &+ u] = activation.value(z)
        }
      }
    }
  }

  /// Multiplies each delta by the activation's derivative, and adds each column's deltas to `sums`,
  /// rows in rising order; a ReLU at zero counts as off.
  ///
  /// - Parameters:
  ///   - activation: The activation.
  ///   - rows: The number of rows.
  ///   - units: The number of columns.
  ///   - outputs: The unit's outputs, or before a GELU its inputs.
  ///   - deltas: The gradient in the outputs; becomes that in the inputs.
  ///   - sums: Takes the columns' sums.
  ///   - place: Where in `sums` the first column's is.
  static func multiplyByDerivative<Scalar: NetworkScalar>(
    _ activation: Activation, rows: Int, units: Int, outputs: Span<Scalar>,
    deltas: inout MutableSpan<Scalar>, sums: inout MutableSpan<Scalar>, at place: Int
  ) {
    precondition(rows >= 0 && units >= 0 && place >= 0)
    precondition(rows * units <= outputs.count && rows * units <= deltas.count)
    precondition(place + units <= sums.count)
    for r in 0..<rows {
      let start = r &* units
      switch activation {
      case .relu:
        for u in 0..<units {
          let d = unsafe Scalar.gated(
            deltas[unchecked: start &+ u], by: outputs[unchecked: start &+ u])
          unsafe deltas[unchecked: start &+ u] = d
          unsafe sums[unchecked: place &+ u] += d
        }
      case .identity:
        for u in 0..<units {
          unsafe sums[unchecked: place &+ u] += deltas[unchecked: start &+ u]
        }
      case .leakyRelu:
        for u in 0..<units {
          let on = unsafe outputs[unchecked: start &+ u] > 0
          let d = unsafe deltas[unchecked: start &+ u] * (on ? 1 : Scalar(Activation.leak))
          unsafe deltas[unchecked: start &+ u] = d
          unsafe sums[unchecked: place &+ u] += d
        }
      case .gelu, .tanh, .sigmoid:
        for u in 0..<units {
          let y = unsafe outputs[unchecked: start &+ u]
          let d = unsafe deltas[unchecked: start &+ u] * activation.slope(y, y)
          unsafe deltas[unchecked: start &+ u] = d
          unsafe sums[unchecked: place &+ u] += d
        }
      }
    }
  }

  /// `output = input · mask`, element by element.
  static func mask<Scalar: NetworkScalar>(
    rows: Int, units: Int, inputs: Span<Scalar>, mask: Span<Scalar>,
    into outputs: inout MutableSpan<Scalar>
  ) {
    let count = rows * units
    precondition(count <= inputs.count && count <= mask.count && count <= outputs.count)
    for i in 0..<count {
      unsafe outputs[unchecked: i] = inputs[unchecked: i] * mask[unchecked: i]
    }
  }

  /// `value ← value · mask`, element by element.
  static func applyMask<Scalar: NetworkScalar>(
    rows: Int, units: Int, _ mask: Span<Scalar>, to values: inout MutableSpan<Scalar>
  ) {
    let count = rows * units
    precondition(count <= mask.count && count <= values.count)
    for i in 0..<count { unsafe values[unchecked: i] *= mask[unchecked: i] }
  }
}
