import CandorConformance
import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Foundation
import Testing

/// Rows with a smooth target in euros, compact: two numbers and a block of eight levels.
private func regressionRows(_ count: Int, seed: UInt64, weights: [Double]? = nil) throws
  -> TrainingRows
{
  var generator = SeedTree(seed: seed).child("regression").generator()
  var (a, b): ([Double], [Double]) = ([], [])
  var levels: [Int32] = []
  var targets: [Double] = []
  for _ in 0..<count {
    a.append(generator.nextNormal())
    b.append(generator.nextNormal())
    levels.append(Int32(generator.nextInteger(below: 8)))
    let effect = [0, 3, -2, 5, 1, 1, -4, 2][Int(levels[levels.count - 1])]
    let mean = 3 * a[a.count - 1] + b[b.count - 1] * b[b.count - 1] + Double(effect)
    targets.append(5_000 + 700 * (mean + 0.5 * generator.nextNormal()))
  }
  let map = FeatureMap(
    sources: [
      .init(name: "a", columns: 0..<1), .init(name: "b", columns: 1..<2),
      .init(name: "level", columns: 2..<10),
    ], columnNames: (0..<10).map { "c\($0)" })
  return try TrainingRows(
    rows: EncodedRows(
      blocks: [.numbers(a), .numbers(b), .indicators(levels, width: 8)], count: count),
    targets: targets, weights: weights, featureMap: map, task: .regression)
}

@Suite("What networks can be made of")
struct NetworkDepthTests {
  private let context = TrainingContext(seeds: SeedTree(seed: 31))

  @Test(
    "Folded layers give the margins of the network in training",
    arguments: LayerCase.all, Activation.allCases)
  func folding(layer: LayerCase, activation: Activation) throws {
    let plan = layer.plan(activation, .sigmoid)
    var generator = SeedTree(seed: 2).generator()
    let parameters = (0..<plan.parameterCount).map { _ in Float(0.4 * generator.nextNormal()) }
    let means = (0..<plan.statisticCount).map { _ in Float(generator.nextNormal()) }
    let variances = (0..<plan.statisticCount).map { _ in Float(0.5 + generator.nextUniform()) }
    // Encoded columns: block of three, number, number, block of five, number, number.
    let columns = [3, 4, 10, 11, 0, 5]
    let layers = plan.folded(parameters, statistics: means + variances, columns: columns)
    var passes = Backpropagation<Double>(plan: plan, capacity: 20)
    var matrix = Matrix(rows: 20, columns: 12)
    for r in 0..<20 {
      for c in 0..<4 {
        let x = generator.nextNormal()
        passes.inputs[r * plan.inputWidth + c] = x
        matrix[r, columns[c]] = x
      }
      for (b, width) in [3, 5].enumerated() {
        let code = generator.nextInteger(below: width + 1) - 1
        passes.codes[2 * r + b] = Int32(code)
        if code >= 0 { matrix[r, columns[4 + b] + code] = 1 }
      }
    }
    passes.evaluate(
      parameters.map(Double.init), statistics: (means + variances).map(Double.init))
    var archive = TensorArchive()
    for (l, layer) in layers.enumerated() {
      archive.tensors["layer-\(l)-weights"] = .init(
        shape: [layer.units, layer.inputs], elements: .float32(layer.weights))
      archive.tensors["layer-\(l)-biases"] = .init(
        shape: [layer.units], elements: .float32(layer.biases))
    }
    archive.attributes["activations"] = layers.map(\.activation.rawValue).joined(separator: ",")
    let margins = try NeuralNetwork(archive: archive).margins(of: EncodedRows(matrix))
    for (found, expected) in zip(margins, passes.margins) {
      // Folded weights are rounded to single precision.
      #expect(abs(found - expected) < 1e-4 * max(1, abs(expected)))
    }
  }

  @Test("Dense and compact rows that say the same give one network")
  func denseAndCompact() throws {
    let compact = try regressionRows(300, seed: 1)
    let dense = try TrainingRows(
      rows: compact.rows.dense, targets: compact.targets, featureMap: compact.featureMap,
      task: .regression)
    for embeddings in [NetworkOptions.Embeddings.none, .automatic] {
      let learner = NetworkLearner(
        options: NetworkOptions(hidden: [8], epochs: 4, embeddings: embeddings))
      let (a, b) = (
        try learner.fit(compact, context: context).model,
        try learner.fit(dense, context: context).model
      )
      #expect(a.archive == b.archive)
      let margins = try a.margins(of: compact.rows)
      #expect(margins == (try a.margins(of: dense.rows)))
    }
  }

  @Test("A regression gives the target in its own unit")
  func regression() throws {
    var shares: [Double] = []
    for embeddings in [NetworkOptions.Embeddings.none, .dimension(3)] {
      let learner = NetworkLearner(
        options: NetworkOptions(
          hidden: [32], activation: .gelu, optimiser: .adam(rate: 0.01), batchSize: 64,
          epochs: 60, embeddings: embeddings))
      let train = try regressionRows(1200, seed: 1)
      let fit = try learner.fit(train, context: context)
      #expect(fit.model.marginScale == .target)
      let test = try regressionRows(1000, seed: 2)
      let margins = try fit.model.margins(of: test.rows)
      let mean = test.targets.reduce(0, +) / 1000
      let total = test.targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let left = zip(margins, test.targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      shares.append(1 - left / total)
      // Losses are in the target's unit squared: the noise alone is 350².
      let loss = try #require(fit.log.measures["validation loss"])
      #expect(loss > 0.5 * 350 * 350 && loss < 4 * 350 * 350)
      let restored = try NeuralNetwork(archive: fit.model.archive)
      #expect(restored.marginScale == .target)
      #expect(ScorerConformance.check(fit.model, rows: test.rows.selecting(rows: [0, 1, 2])) == [])
    }
    #expect(shares.allSatisfy { $0 > 0.95 }, "\(shares)")
  }

  @Test("A regression keeps the promises of a learner that ask for no classes")
  func regressionConforms() throws {
    let trial = LearnerTrial(
      training: try regressionRows(150, seed: 3, weights: (0..<150).map { Double($0 % 3) }),
      isDeterministic: false)
    let learner = NetworkLearner(options: NetworkOptions(hidden: [8], epochs: 5))
    let names = [
      "equal seeds give equal archives", "threads change no byte of the archive",
    ]
    let checks = LearnerConformance.checks.filter { names.contains($0.name) }
    #expect(checks.count == 2)
    for check in checks { #expect(check.violations(of: learner, in: trial) == []) }
  }

  @Test("What a network cannot do is refused in a sentence")
  func refusals() throws {
    let rows = try regressionRows(60, seed: 1)
    func code(_ training: TrainingRows, _ options: NetworkOptions) -> TrainingError.Code? {
      #expect(throws: TrainingError.self) {
        try NetworkLearner(options: options).fit(training, context: context)
      }?.code
    }
    #expect(code(rows, NetworkOptions(classWeights: .balanced)) == .badOption)
    let plain = try FamilyCase.training()
    let directed = try TrainingRows(
      rows: plain.rows, targets: plain.targets, featureMap: plain.featureMap,
      directions: [0: .increasing])
    #expect(code(directed, NetworkOptions()) == .badOption)
    let codes = try TrainingRows(
      rows: plain.rows, targets: plain.targets,
      featureMap: FeatureMap(
        sources: plain.featureMap.sources, columnNames: plain.featureMap.columnNames,
        levelCounts: [2: 4]))
    #expect(code(codes, NetworkOptions()) == .shapeMismatch)
  }

  @Test("The margin of a focal loss is not called log-odds, and survives a file")
  func focalScale() throws {
    let model = try NetworkLearner(options: NetworkOptions(hidden: [4], loss: .focal, epochs: 2))
      .fit(try FamilyCase.training(), context: context).model
    #expect(model.marginScale == .distance)
    #expect(try NeuralNetwork(archive: model.archive).marginScale == .distance)
    var archive = model.archive
    archive.attributes["margin"] = nil
    #expect(try NeuralNetwork(archive: archive).marginScale == .logOdds)
    archive.attributes["margin"] = "probability"
    #expect(throws: ScoringError.self) { try NeuralNetwork(archive: archive) }
  }

  @Test("Schedules follow their formulas")
  func schedules() {
    func factors(_ schedule: LearningRateSchedule, warmUp: Int) -> [Double] {
      (0..<20).map {
        schedule.factor(step: $0, stepsPerEpoch: 2, epochs: 10, warmUp: warmUp)
      }
    }
    #expect(factors(.constant, warmUp: 0) == [Double](repeating: 1, count: 20))
    let warm = factors(.constant, warmUp: 2)
    #expect(warm.prefix(5) == [0.2, 0.4, 0.6, 0.8, 1])
    let cosine = factors(.cosine, warmUp: 0)
    for step in 0..<20 {
      #expect(abs(cosine[step] - (1 + cos(Double.pi * Double(step) / 20)) / 2) < 1e-15)
    }
    let steps = factors(.step(every: 3, factor: 0.5), warmUp: 1)
    #expect(steps[2] == 1 && steps[7] == 1 && steps[8] == 0.5 && steps[14] == 0.25)
  }

  @Test("Embeddings have the dimensions of their rule, and never more than levels")
  func embeddingDimensions() throws {
    let rows = try regressionRows(100, seed: 1)
    for embeddings in [NetworkOptions.Embeddings.automatic, .dimension(9_000)] {
      let fit = try NetworkLearner(
        options: NetworkOptions(hidden: [4], epochs: 1, embeddings: embeddings)
      ).fit(rows, context: context)
      #expect(fit.model.layers[0].weights.columns == 10)
    }
    // The first layer's part of an embedded block has the rank of the embedding.
    let fit = try NetworkLearner(
      options: NetworkOptions(hidden: [6], epochs: 3, embeddings: .dimension(1))
    ).fit(rows, context: context)
    let weights = fit.model.layers[0].weights
    for u in 1..<6 {
      for level in 3..<10 {
        let determinant =
          weights[0, 2] * weights[u, level] - weights[0, level] * weights[u, 2]
        #expect(abs(determinant) < 1e-6)
      }
    }
  }

  @Test("Every kind of network learns a checkerboard as the plain one does")
  func learns() throws {
    let train = try checkerboardRows(1500, seed: 1)
    let test = try checkerboardRows(1500, seed: 51)
    var options = NetworkOptions(
      optimiser: .adam(rate: 0.005), batchSize: 64, patience: 40, l2: 0)
    var areas: [String: Double] = [:]
    func area(_ name: String) throws {
      let net = try NetworkLearner(options: options).fit(train, context: context).model
      areas[name] = areaUnderCurve(try net.margins(of: test.rows), test.targets)
    }
    options.dropout = 0.1
    try area("dropout")
    options.dropout = 0
    options.batchNormalisation = true
    try area("batch normalisation")
    options.batchNormalisation = false
    options.loss = .focal
    options.activation = .leakyRelu
    try area("focal")
    options.loss = .crossEntropy
    options.activation = .gelu
    options.weightDecay = 0.01
    options.clipNorm = 1
    options.schedule = .cosine
    options.epochs = 100
    try area("gelu, decay, clipping, cosine")
    #expect(areas.values.allSatisfy { $0 > 0.78 }, "\(areas)")
  }

  @Test("The learning rate is a curve where it changes")
  func rateCurve() throws {
    let fit = try NetworkLearner(
      options: NetworkOptions(
        hidden: [3], optimiser: .gradientDescent(rate: 0.2), epochs: 5, patience: nil,
        schedule: .step(every: 2, factor: 0.5))
    ).fit(try FamilyCase.training(), context: context)
    #expect(
      fit.log.curves.first { $0.name == "learning rate" }?.values == [0.2, 0.2, 0.1, 0.1, 0.05])
  }
}
