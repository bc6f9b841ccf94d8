/// Steps straight down the gradient.
struct GradientDescent: ParameterOptimiser {
  let rate: Float

  mutating func beginStep() {}

  mutating func update(
    _ parameters: inout [Float], gradient: [Float], penalty: Float, slot: Int
  ) {
    var span = parameters.mutableSpan
    OptimiserKernel.descend(&span, gradient: gradient.span, rate: rate, penalty: penalty)
  }
}
