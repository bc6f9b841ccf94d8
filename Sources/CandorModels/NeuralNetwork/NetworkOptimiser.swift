import Foundation

/// A rule that moves the parameters along their gradient, with what it remembers of them.
///
/// Momentum: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964,
/// doi:10.1016/0041-5553(64)90137-5. Adam: Kingma and Ba, "Adam: a method for stochastic
/// optimization", 2015, arXiv:1412.6980, in the form at the end of its section 2. Decay apart from the
/// gradient: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, arXiv:1711.05101.
struct NetworkOptimiser: Sendable {
  private let rule: NetworkOptions.Optimiser
  /// The factor of a weight that is added to its gradient.
  private let penalty: Float
  /// The share of a weight that a step of rate one takes away.
  private let decay: Double
  /// The largest norm of a gradient; a longer one is scaled down (Pascanu, Mikolov and Bengio 2013,
  /// arXiv:1211.5063).
  private let clipNorm: Double?
  private let runs: [(range: Range<Int>, isPenalised: Bool)]
  /// The steps taken.
  var step = 0
  /// Velocities, or means of gradients; empty for gradient descent.
  var first: [Float]
  /// Means of squared gradients; Adam's alone.
  var second: [Float]

  init(_ options: NetworkOptions, plan: NetworkPlan) {
    rule = options.optimiser
    penalty = Float(options.l2)
    decay = options.weightDecay
    clipNorm = options.clipNorm
    runs = plan.runs
    let zeros = [Float](repeating: 0, count: plan.parameterCount)
    switch rule {
    case .gradientDescent: (first, second) = ([], [])
    case .momentum: (first, second) = (zeros, [])
    case .adam: (first, second) = (zeros, zeros)
    }
  }

  /// Takes one step at a learning rate.
  mutating func move(_ parameters: inout [Float], gradient: [Float], rate: Double) {
    step += 1
    var factor: Float = 1
    if let clipNorm {
      let norm = OptimiserKernel.sumOfSquares(gradient.span).squareRoot()
      if norm > clipNorm { factor = Float(clipNorm / norm) }
    }
    var kernel = OptimiserKernel.Step(rate: Float(rate), factor: factor, penalty: 0, decay: 0)
    if case .adam(_, let beta1, let beta2, _) = rule {
      let time = Double(step)
      kernel.rate = Float(rate * (1 - pow(beta2, time)).squareRoot() / (1 - pow(beta1, time)))
    }
    for run in runs {
      kernel.penalty = run.isPenalised ? penalty : 0
      kernel.decay = run.isPenalised ? Float(rate * decay) : 0
      Self.move(&parameters, &first, &second, gradient, run.range, rule, kernel)
    }
  }

  private static func move(
    _ parameters: inout [Float], _ first: inout [Float], _ second: inout [Float],
    _ gradient: [Float], _ range: Range<Int>, _ rule: NetworkOptions.Optimiser,
    _ step: OptimiserKernel.Step
  ) {
    var span = parameters.mutableSpan
    switch rule {
    case .gradientDescent:
      OptimiserKernel.descend(&span, gradient: gradient.span, in: range, step)
    case .momentum(_, let momentum):
      var velocity = first.mutableSpan
      OptimiserKernel.moveWithMomentum(
        &span, velocity: &velocity, gradient: gradient.span, in: range, momentum: Float(momentum),
        step)
    case .adam(_, let beta1, let beta2, let epsilon):
      var firstSpan = first.mutableSpan
      var secondSpan = second.mutableSpan
      OptimiserKernel.moveByMoments(
        &span, first: &firstSpan, second: &secondSpan, gradient: gradient.span, in: range,
        beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon), step)
    }
  }
}
