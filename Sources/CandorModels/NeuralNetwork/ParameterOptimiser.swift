/// A rule that moves lists of parameters along their gradients, with what it remembers of them.
protocol ParameterOptimiser {
  /// Starts a step; every list is then updated once.
  mutating func beginStep()

  /// Moves one list.
  ///
  /// - Parameters:
  ///   - parameters: The list.
  ///   - gradient: Its gradient without the penalty.
  ///   - penalty: The factor of the parameter that is added to the gradient.
  ///   - slot: Which list it is.
  mutating func update(
    _ parameters: inout [Float], gradient: [Float], penalty: Float, slot: Int)
}

extension NetworkOptions.Optimiser {
  /// The rule, at its start, for lists of these lengths.
  func starting(lengths: [Int]) -> any ParameterOptimiser {
    switch self {
    case .gradientDescent(let rate): GradientDescent(rate: Float(rate))
    case .momentum(let rate, let momentum):
      Momentum(rate: Float(rate), momentum: Float(momentum), lengths: lengths)
    case .adam(let rate, let beta1, let beta2, let epsilon):
      Adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, lengths: lengths)
    }
  }
}
