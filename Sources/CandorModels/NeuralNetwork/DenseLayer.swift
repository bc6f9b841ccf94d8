package import CandorNumerics
import Foundation

/// One dense layer: `activation(weights · input + biases)`.
package struct DenseLayer<Scalar: NetworkScalar>: Sendable, Equatable {
  /// The number of inputs.
  package let inputs: Int
  /// The number of units.
  package let units: Int
  /// The weights, a row a unit.
  package var weights: [Scalar]
  /// One bias a unit.
  package var biases: [Scalar]
  /// How the units answer.
  package let activation: Activation

  /// A layer from its numbers; `weights` has `units · inputs` elements, `biases` has `units`.
  package init(
    inputs: Int, units: Int, weights: [Scalar], biases: [Scalar], activation: Activation
  ) {
    self.inputs = inputs
    self.units = units
    self.weights = weights
    self.biases = biases
    self.activation = activation
  }

  /// A layer at the start of training: biases zero, weights uniform with variance `2 / inputs`
  /// before a ReLU of any kind (He et al. 2015, doi:10.1109/ICCV.2015.123), else
  /// `2 / (inputs + units)` (Glorot and Bengio 2010).
  package init(
    inputs: Int, units: Int, activation: Activation, using generator: inout CounterGenerator
  ) {
    let variance =
      activation.isRectifier ? 2 / Double(inputs) : 2 / Double(inputs + units)
    let bound = (3 * variance).squareRoot()
    var weights: [Scalar] = []
    weights.reserveCapacity(inputs * units)
    for _ in 0..<inputs * units {
      weights.append(Scalar((2 * generator.nextUniform() - 1) * bound))
    }
    self.init(
      inputs: inputs, units: units, weights: weights,
      biases: [Scalar](repeating: 0, count: units), activation: activation)
  }

  /// The same numbers in another precision.
  package func converted<Other: NetworkScalar>(to _: Other.Type) -> DenseLayer<Other> {
    DenseLayer<Other>(
      inputs: inputs, units: units, weights: weights.map { Other($0) },
      biases: biases.map { Other($0) }, activation: activation)
  }
}
