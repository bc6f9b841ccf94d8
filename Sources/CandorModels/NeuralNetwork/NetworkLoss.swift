/// What training makes small, with what it needs to be computed.
package struct NetworkLoss: Sendable, Equatable {
  /// The formula.
  package let kind: NetworkOptions.Loss
  /// The activation of the output, for the squared error.
  package let output: Activation
  /// The exponent of the focal loss.
  package let gamma: Double

  /// Joins the parts.
  package init(kind: NetworkOptions.Loss, output: Activation, gamma: Double = 2) {
    self.kind = kind
    self.output = output
    self.gamma = gamma
  }
}
