import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Foundation
import Testing

@Suite("Training networks")
struct NetworkLearnerTests {
  private let context = TrainingContext(seeds: SeedTree(seed: 21))

  /// One unit trained on all rows at once, in plain `Double` loops.
  private func plainRun(
    _ training: TrainingRows, weights: [Double], epochs: Int, l2: Double,
    update: (_ parameters: inout [Double], _ gradient: [Double], _ epoch: Int) -> Void
  ) -> [Double] {
    let width = training.rows.width
    var generator = context.seeds.child("neural-network").child("weights").child(1).generator()
    let start = DenseLayer<Float>(
      inputs: width, units: 1, activation: .sigmoid, using: &generator)
    var parameters = start.weights.map(Double.init) + [0]
    for epoch in 1...epochs {
      var gradient = [Double](repeating: 0, count: width + 1)
      for r in 0..<training.count {
        let row = Array(training.rows.matrix.row(r)) + [1]
        let margin = zip(row, parameters).reduce(0) { $0 + $1.0 * $1.1 }
        let slope = weights[r] * (sigmoid(margin) - training.targets[r]) / Double(training.count)
        for c in 0...width { gradient[c] += slope * row[c] }
      }
      for c in 0..<width { gradient[c] += l2 * parameters[c] }
      update(&parameters, gradient, epoch)
    }
    return parameters
  }

  private func trained(
    _ training: TrainingRows, _ optimiser: NetworkOptions.Optimiser, epochs: Int, l2: Double,
    classWeights: ClassWeights = .none, decay: Double = 0, clipNorm: Double? = nil
  ) throws -> [Double] {
    let options = NetworkOptions(
      hidden: [], optimiser: optimiser, batchSize: 1_000_000, epochs: epochs, patience: nil,
      l2: l2, weightDecay: decay, classWeights: classWeights, clipNorm: clipNorm)
    let model = try NetworkLearner(options: options).fit(training, context: context).model
    let layer = try #require(model.layers.first)
    return Array(layer.weights.row(0)) + layer.biases
  }

  private func expectEqual(_ a: [Double], _ b: [Double], _ tolerance: Double = 2e-4) {
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) { #expect(abs(x - y) < tolerance * max(1, abs(y))) }
  }

  @Test("Gradient descent takes the steps of its formula")
  func gradientDescent() throws {
    let training = try FamilyCase.training()
    let ones = [Double](repeating: 1, count: training.count)
    let plain = plainRun(training, weights: ones, epochs: 60, l2: 0.02) { parameters, g, _ in
      for i in g.indices { parameters[i] -= 0.3 * g[i] }
    }
    let found = try trained(training, .gradientDescent(rate: 0.3), epochs: 60, l2: 0.02)
    expectEqual(found, plain)
  }

  @Test("Momentum takes the steps of its formula")
  func momentum() throws {
    let training = try FamilyCase.training()
    let ones = [Double](repeating: 1, count: training.count)
    var velocity = [Double](repeating: 0, count: 7)
    let plain = plainRun(training, weights: ones, epochs: 40, l2: 0.02) { parameters, g, _ in
      for i in g.indices {
        velocity[i] = 0.8 * velocity[i] - 0.1 * g[i]
        parameters[i] += velocity[i]
      }
    }
    let found = try trained(
      training, .momentum(rate: 0.1, momentum: 0.8), epochs: 40, l2: 0.02)
    expectEqual(found, plain)
  }

  @Test("Adam takes the steps of its formula")
  func adam() throws {
    let training = try FamilyCase.training()
    let ones = [Double](repeating: 1, count: training.count)
    var m = [Double](repeating: 0, count: 7)
    var v = m
    let plain = plainRun(training, weights: ones, epochs: 40, l2: 0.02) { parameters, g, t in
      for i in g.indices {
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i]
        let first = m[i] / (1 - pow(0.9, Double(t)))
        let second = v[i] / (1 - pow(0.99, Double(t)))
        parameters[i] -= 0.02 * first / (second.squareRoot() + 1e-8)
      }
    }
    let found = try trained(
      training, .adam(rate: 0.02, beta2: 0.99), epochs: 40, l2: 0.02)
    expectEqual(found, plain, 1e-3)
  }

  @Test("Decay apart from the gradient takes the steps of AdamW's formula")
  func decoupledDecay() throws {
    let training = try FamilyCase.training()
    let ones = [Double](repeating: 1, count: training.count)
    var m = [Double](repeating: 0, count: 7)
    var v = m
    let plain = plainRun(training, weights: ones, epochs: 40, l2: 0) { parameters, g, t in
      for i in g.indices {
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
        let first = m[i] / (1 - pow(0.9, Double(t)))
        let second = v[i] / (1 - pow(0.999, Double(t)))
        let decay = i < 6 ? 0.02 * 0.3 * parameters[i] : 0
        parameters[i] -= 0.02 * first / (second.squareRoot() + 1e-8) + decay
      }
    }
    let found = try trained(training, .adam(rate: 0.02), epochs: 40, l2: 0, decay: 0.3)
    expectEqual(found, plain, 1e-3)
  }

  @Test("A gradient longer than the limit is scaled to it")
  func clipping() throws {
    let training = try FamilyCase.training()
    let ones = [Double](repeating: 1, count: training.count)
    var clipped = 0
    let plain = plainRun(training, weights: ones, epochs: 30, l2: 0) { parameters, g, _ in
      let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 0.1 { clipped += 1 }
      for i in g.indices { parameters[i] -= 0.5 * g[i] * min(1, 0.1 / norm) }
    }
    #expect(clipped > 5 && clipped < 30)
    let found = try trained(
      training, .gradientDescent(rate: 0.5), epochs: 30, l2: 0, clipNorm: 0.1)
    expectEqual(found, plain)
  }

  @Test("Row and class weights multiply the loss")
  func weightsMultiply() throws {
    let plain = try FamilyCase.training()
    let own = (0..<plain.count).map { 0.5 + Double($0 % 5) }
    let training = try TrainingRows(
      rows: plain.rows, targets: plain.targets, weights: own, featureMap: plain.featureMap)
    let raw = zip(own, plain.targets).map { $0 * ($1 == 1 ? 3 : 2) }
    let mean = raw.reduce(0, +) / Double(raw.count)
    let expected = plainRun(training, weights: raw.map { $0 / mean }, epochs: 50, l2: 0) {
      parameters, g, _ in
      for i in g.indices { parameters[i] -= 0.3 * g[i] }
    }
    let found = try trained(
      training, .gradientDescent(rate: 0.3), epochs: 50, l2: 0,
      classWeights: .explicit(good: 2, bad: 3))
    expectEqual(found, expected)
  }

  @Test("Early stopping keeps the weights of the best epoch")
  func earlyStopping() throws {
    let training = try FamilyCase.training(rows: 400)
    var options = NetworkOptions(hidden: [32], optimiser: .adam(rate: 0.01), batchSize: 32)
    let full = try NetworkLearner(options: options).fit(training, context: context)
    let best = try #require(full.log.measures["best epoch"].map { Int($0) })
    let validation = try #require(full.log.curves.first { $0.name == "validation loss" }).values
    #expect(full.log.converged)
    #expect(full.log.iterations == best + 10 && validation.count == best + 10)
    #expect(validation.min() == validation[best - 1])
    #expect(full.log.measures["validation loss"] == validation.min())
    options.epochs = best
    let short = try NetworkLearner(options: options).fit(training, context: context)
    #expect(short.model.archive == full.model.archive)
    #expect(!short.log.converged && !short.log.notices.isEmpty)
  }

  @Test("The validation part is a tenth of each outcome")
  func validationShare() throws {
    let training = try FamilyCase.training(rows: 400)
    let bads = training.targets.reduce(0, +)
    let fit = try NetworkLearner(options: NetworkOptions(hidden: [3], epochs: 1)).fit(
      training, context: context)
    let expected = (bads * 0.1).rounded() + ((400 - bads) * 0.1).rounded()
    #expect(fit.log.measures["validation rows"] == expected)
  }

  @Test("With too few rows of an outcome all epochs are taken, and a notice says so")
  func tooFewToHoldBack() throws {
    let training = try FamilyCase.training(rows: 12)
    let fit = try NetworkLearner(options: NetworkOptions(hidden: [3], epochs: 4)).fit(
      training, context: context)
    let bads = training.targets.reduce(0, +)
    #expect(min(bads, 12 - bads) < 5)
    #expect(fit.log.iterations == 4 && fit.log.notices.count == 1)
    #expect(fit.log.curves.map(\.name) == ["training loss"])
  }

  @Test("A penalty shrinks the weights")
  func penaltyShrinks() throws {
    let training = try FamilyCase.training()
    func norm(_ l2: Double) throws -> Double {
      let options = NetworkOptions(
        hidden: [16], optimiser: .gradientDescent(), epochs: 200, patience: nil, l2: l2)
      return try NetworkLearner(options: options).fit(training, context: context).model.layers
        .flatMap(\.weights.values).reduce(0) { $0 + $1 * $1 }
    }
    let (shrunk, free) = (try norm(0.3), try norm(0))
    #expect(shrunk < 0.5 * free)
  }

  @Test("A loss that leaves the finite numbers is an error")
  func divergence() throws {
    let training = try FamilyCase.training()
    let options = NetworkOptions(
      hidden: [8], output: .identity, loss: .squaredError,
      optimiser: .momentum(rate: 1e6, momentum: 0.9), epochs: 100, patience: nil)
    let found = #expect(throws: TrainingError.self) {
      try NetworkLearner(options: options).fit(training, context: context)
    }
    #expect(found?.code == .numerical)
  }

  @Test("A checkerboard that no linear model can see is learnt")
  func checkerboard() throws {
    var aucs: [Double] = []
    for seed in 0..<3 as Range<UInt64> {
      let train = try checkerboardRows(1500, seed: seed)
      let test = try checkerboardRows(1500, seed: seed + 50)
      let options = NetworkOptions(
        optimiser: .adam(rate: 0.005), batchSize: 64, patience: 40, l2: 0)
      let net = try NetworkLearner(options: options).fit(
        train, context: TrainingContext(seeds: SeedTree(seed: seed))
      ).model
      aucs.append(areaUnderCurve(try net.margins(of: test.rows), test.targets))
    }
    // One row in ten has the wrong label: the best that can be had is about 0.9.
    #expect(aucs.reduce(0, +) / 3 > 0.8)
  }
}
