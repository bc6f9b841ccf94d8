import Foundation

/// Steps scaled by running moments of the gradient: Kingma and Ba, "Adam: a method for stochastic
/// optimization", 2015, arXiv:1412.6980, in the form at the end of its section 2.
struct Adam: ParameterOptimiser {
  private let rate: Double
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private var step = 0
  private var stepRate: Float = 0
  private var first: [[Float]]
  private var second: [[Float]]

  init(rate: Double, beta1: Double, beta2: Double, epsilon: Double, lengths: [Int]) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    first = lengths.map { [Float](repeating: 0, count: $0) }
    second = first
  }

  mutating func beginStep() {
    step += 1
    let time = Double(step)
    stepRate = Float(rate * (1 - pow(beta2, time)).squareRoot() / (1 - pow(beta1, time)))
  }

  mutating func update(
    _ parameters: inout [Float], gradient: [Float], penalty: Float, slot: Int
  ) {
    Self.move(
      &parameters, &first[slot], &second[slot], gradient, rate: stepRate, beta1: Float(beta1),
      beta2: Float(beta2), epsilon: Float(epsilon), penalty: penalty)
  }

  private static func move(
    _ parameters: inout [Float], _ first: inout [Float], _ second: inout [Float],
    _ gradient: [Float], rate: Float, beta1: Float, beta2: Float, epsilon: Float, penalty: Float
  ) {
    var span = parameters.mutableSpan
    var firstSpan = first.mutableSpan
    var secondSpan = second.mutableSpan
    OptimiserKernel.moveByMoments(
      &span, first: &firstSpan, second: &secondSpan, gradient: gradient.span, rate: rate,
      beta1: beta1, beta2: beta2, epsilon: epsilon, penalty: penalty)
  }
}
