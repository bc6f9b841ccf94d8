/// Steps with a velocity that decays: Polyak, "Some methods of speeding up the convergence of
/// iteration methods", 1964, doi:10.1016/0041-5553(64)90137-5.
struct Momentum: ParameterOptimiser {
  let rate: Float
  let momentum: Float
  private var velocities: [[Float]]

  init(rate: Float, momentum: Float, lengths: [Int]) {
    self.rate = rate
    self.momentum = momentum
    velocities = lengths.map { [Float](repeating: 0, count: $0) }
  }

  mutating func beginStep() {}

  mutating func update(
    _ parameters: inout [Float], gradient: [Float], penalty: Float, slot: Int
  ) {
    let (rate, momentum) = (rate, momentum)
    var span = parameters.mutableSpan
    var velocity = velocities[slot].mutableSpan
    OptimiserKernel.moveWithMomentum(
      &span, velocity: &velocity, gradient: gradient.span, rate: rate, momentum: momentum,
      penalty: penalty)
  }
}
