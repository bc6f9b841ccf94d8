import CandorConformance
import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Testing

/// A family as the suite meets it: a learner, and what is known of it.
struct FamilyCase: Sendable, CustomTestStringConvertible {
  let name: String
  let learner: any Learner
  let outOfRange: [any Learner]
  let isDeterministic: Bool
  var tolerance = 1e-6
  /// The rows on which the family is tried, by their number and a seed.
  var rows: @Sendable (Int, UInt64) throws -> TrainingRows = {
    try FamilyCase.training(rows: $0, seed: $1)
  }
  var testDescription: String { name }

  /// Rows on which every family is tried: continuous, skewed, whole-number and one-hot columns, with
  /// an interaction.
  static func training(rows count: Int = 240, seed: UInt64 = 3) throws -> TrainingRows {
    var generator = SeedTree(seed: seed).child("family cases").generator()
    var matrix = Matrix(rows: count, columns: 6)
    var targets: [Double] = []
    for r in 0..<count {
      let level = generator.nextInteger(below: 3)
      let normal = generator.nextNormal()
      let other = generator.nextNormal()
      matrix.setRow(
        r,
        to: [
          normal, other * other, Double(generator.nextInteger(below: 4)), level == 0 ? 1 : 0,
          level == 1 ? 1 : 0, generator.nextNormal(),
        ])
      let logOdds = 1.5 * normal - other * other * (level == 0 ? 1 : 0.2) + 0.3
      targets.append(generator.nextUniform() < sigmoid(logOdds) ? 1 : 0)
    }
    let names = ["normal", "skewed", "count", "level=a", "level=b", "noise"]
    let map = FeatureMap(
      sources: [
        .init(name: "normal", columns: 0..<1), .init(name: "skewed", columns: 1..<2),
        .init(name: "count", columns: 2..<3), .init(name: "level", columns: 3..<5),
        .init(name: "noise", columns: 5..<6),
      ], columnNames: names)
    return try TrainingRows(rows: EncodedRows(matrix), targets: targets, featureMap: map)
  }
}

/// Every family; a new one is a row here.
let families: [FamilyCase] = [
  FamilyCase(
    name: "random forest",
    learner: ForestLearner(options: ForestOptions(trees: 40)),
    outOfRange: [
      ForestLearner(options: ForestOptions(trees: 0)),
      ForestLearner(options: ForestOptions(featuresPerSplit: .count(0))),
      ForestLearner(options: ForestOptions(featuresPerSplit: .share(1.5))),
      ForestLearner(options: ForestOptions(minimumLeaf: 0)),
      ForestLearner(options: ForestOptions(maximumDepth: 0)),
      ForestLearner(options: ForestOptions(bins: 256)),
      ForestLearner(options: ForestOptions(bins: 1)),
      ForestLearner(options: ForestOptions(sampleShare: 0)),
      ForestLearner(options: ForestOptions(sampleShare: .nan)),
      ForestLearner(options: ForestOptions(classWeights: .explicit(good: 0, bad: 1))),
    ], isDeterministic: false),
  FamilyCase(
    name: "random forest on weighted classes and entropy",
    learner: ForestLearner(
      options: ForestOptions(
        trees: 30, criterion: .entropy, featuresPerSplit: .share(0.5), maximumDepth: 6,
        classWeights: .balanced)), outOfRange: [], isDeterministic: false),
  FamilyCase(
    name: "single tree without chance",
    // Leaves of one row: the minimum counts drawn rows, which copies have more of.
    learner: ForestLearner(
      options: ForestOptions(
        trees: 1, featuresPerSplit: .share(1), minimumLeaf: 1, maximumDepth: 3, bins: 255,
        bootstrap: false)), outOfRange: [], isDeterministic: true),
  FamilyCase(
    name: "random forest on missing cells and levels",
    learner: ForestLearner(options: ForestOptions(trees: 30, featuresPerSplit: .count(3))),
    outOfRange: [], isDeterministic: false, rows: { try MixedRows.training(rows: $0, seed: $1) }),
  FamilyCase(
    name: "extremely randomised trees on missing cells, levels and weights",
    learner: ForestLearner(
      options: ForestOptions(
        trees: 30, criterion: .entropy, minimumLeaf: 2, bootstrap: false, sampleShare: 0.7,
        classWeights: .explicit(good: 1, bad: 3), splitter: .random)),
    outOfRange: [], isDeterministic: false,
    rows: { try MixedRows.training(rows: $0, seed: $1, weighted: true) }),
  FamilyCase(
    name: "regression forest on missing cells and levels",
    learner: ForestLearner(options: ForestOptions(trees: 25, featuresPerSplit: .share(0.5))),
    outOfRange: [
      ForestLearner(options: ForestOptions(criterion: .entropy)),
      ForestLearner(options: ForestOptions(classWeights: .balanced)),
    ], isDeterministic: false,
    rows: { try MixedRows.training(rows: $0, seed: $1, task: .regression) }),
  FamilyCase(
    name: "monotone regression tree without chance",
    learner: ForestLearner(
      options: ForestOptions(
        trees: 1, featuresPerSplit: .share(1), minimumLeaf: 1, maximumDepth: 4,
        bootstrap: false, monotone: true)), outOfRange: [], isDeterministic: true,
    rows: { try MixedRows.training(rows: $0, seed: $1, task: .regression) }),
  FamilyCase(
    name: "neural network",
    learner: NetworkLearner(options: NetworkOptions(epochs: 12)),
    outOfRange: [
      NetworkLearner(options: NetworkOptions(hidden: [0])),
      NetworkLearner(options: NetworkOptions(output: .identity)),
      NetworkLearner(options: NetworkOptions(output: .tanh, loss: .squaredError)),
      NetworkLearner(options: NetworkOptions(optimiser: .adam(rate: 0))),
      NetworkLearner(options: NetworkOptions(optimiser: .adam(beta2: 1))),
      NetworkLearner(options: NetworkOptions(optimiser: .momentum(momentum: -0.1))),
      NetworkLearner(options: NetworkOptions(batchSize: 0)),
      NetworkLearner(options: NetworkOptions(epochs: 0)),
      NetworkLearner(options: NetworkOptions(patience: 0)),
      NetworkLearner(options: NetworkOptions(validationShare: 1)),
      NetworkLearner(options: NetworkOptions(l2: -1)),
      NetworkLearner(options: NetworkOptions(l2: .infinity)),
      NetworkLearner(options: NetworkOptions(weightDecay: -1)),
      NetworkLearner(options: NetworkOptions(loss: .focal, focalGamma: .nan)),
      NetworkLearner(options: NetworkOptions(output: .identity, loss: .focal)),
      NetworkLearner(options: NetworkOptions(dropout: 1)),
      NetworkLearner(options: NetworkOptions(embeddings: .dimension(0))),
      NetworkLearner(options: NetworkOptions(schedule: .step(every: 0))),
      NetworkLearner(options: NetworkOptions(schedule: .step(factor: 1.5))),
      NetworkLearner(options: NetworkOptions(warmUpEpochs: -1)),
      NetworkLearner(options: NetworkOptions(clipNorm: 0)),
    ], isDeterministic: false),
  FamilyCase(
    name: "neural network with embeddings, dropout, batch normalisation and focal loss",
    learner: NetworkLearner(
      options: NetworkOptions(
        hidden: [16, 8], activation: .gelu, loss: .focal, epochs: 8, weightDecay: 0.01,
        classWeights: .balanced, dropout: 0.2, batchNormalisation: true,
        embeddings: .automatic, schedule: .cosine, warmUpEpochs: 1, clipNorm: 1)),
    outOfRange: [], isDeterministic: false),
  FamilyCase(
    name: "neural network with leaky ReLU by momentum and steps",
    learner: NetworkLearner(
      options: NetworkOptions(
        hidden: [12], activation: .leakyRelu, optimiser: .momentum(), batchSize: 70, epochs: 8,
        weightDecay: 0.1, schedule: .step(every: 3, factor: 0.5))),
    outOfRange: [], isDeterministic: false),
  FamilyCase(
    name: "neural network with tanh and squared error",
    learner: NetworkLearner(
      options: NetworkOptions(
        hidden: [7, 5, 3], activation: .tanh, output: .identity, loss: .squaredError,
        optimiser: .momentum(), batchSize: 50, epochs: 10)), outOfRange: [],
    isDeterministic: false),
  FamilyCase(
    name: "neural network without hidden layers by gradient descent",
    learner: NetworkLearner(
      options: NetworkOptions(
        hidden: [], optimiser: .gradientDescent(), epochs: 30, patience: nil)), outOfRange: [],
    isDeterministic: true, tolerance: 1e-4),
  FamilyCase(
    name: "logistic regression",
    learner: LogisticLearner(),
    outOfRange: [
      LogisticLearner(options: LogisticOptions(ridge: -1)),
      LogisticLearner(options: LogisticOptions(ridge: .infinity)),
      LogisticLearner(options: LogisticOptions(ridge: .nan)),
      LogisticLearner(options: LogisticOptions(maximumIterations: 0)),
      LogisticLearner(options: LogisticOptions(tolerance: 0)),
      LogisticLearner(options: LogisticOptions(tolerance: 1)),
    ], isDeterministic: true),
  FamilyCase(
    name: "logistic regression with a ridge",
    learner: LogisticLearner(options: LogisticOptions(ridge: 2)), outOfRange: [],
    isDeterministic: true),
  FamilyCase(
    name: "logistic regression with a lasso",
    learner: LogisticLearner(options: LogisticOptions(penalty: .lasso, lambda: 3)),
    outOfRange: [
      LogisticLearner(options: LogisticOptions(ridge: 1, penalty: .lasso)),
      LogisticLearner(options: LogisticOptions(penalty: .lasso, lambda: -1)),
      LogisticLearner(options: LogisticOptions(penalty: .lasso, lambda: .nan)),
      LogisticLearner(options: LogisticOptions(penalty: .lasso, firth: true)),
    ], isDeterministic: true),
  FamilyCase(
    name: "logistic regression with an elastic net",
    learner: LogisticLearner(
      options: LogisticOptions(penalty: .elasticNet, lambda: 2, l1Share: 0.3)),
    outOfRange: [
      LogisticLearner(options: LogisticOptions(penalty: .elasticNet, l1Share: 0)),
      LogisticLearner(options: LogisticOptions(penalty: .elasticNet, l1Share: 1.5)),
      LogisticLearner(options: LogisticOptions(penalty: .elasticNet, l1Share: .nan)),
    ], isDeterministic: true),
  FamilyCase(
    name: "logistic regression with Firth's correction",
    learner: LogisticLearner(options: LogisticOptions(firth: true)),
    outOfRange: [
      LogisticLearner(options: LogisticOptions(ridge: 1, firth: true)),
      LogisticLearner(options: LogisticOptions(firth: true, standardErrors: .robust)),
    ], isDeterministic: true),
  FamilyCase(
    name: "logistic regression on balanced classes with robust errors",
    learner: LogisticLearner(
      options: LogisticOptions(standardErrors: .robustHC1, classWeights: .balanced)),
    outOfRange: [
      LogisticLearner(options: LogisticOptions(classWeights: .explicit(good: 0, bad: 1)))
    ], isDeterministic: true),
  FamilyCase(
    name: "linear SVM with squared hinge",
    learner: LinearSVMLearner(),
    outOfRange: [
      LinearSVMLearner(options: LinearSVMOptions(c: 0)),
      LinearSVMLearner(options: LinearSVMOptions(c: .infinity)),
      LinearSVMLearner(options: LinearSVMOptions(bias: .nan)),
      LinearSVMLearner(options: LinearSVMOptions(classWeights: .explicit(good: 1, bad: 0))),
      LinearSVMLearner(options: LinearSVMOptions(tolerance: 0)),
      LinearSVMLearner(options: LinearSVMOptions(maximumIterations: 0)),
      LinearSVMLearner(options: LinearSVMOptions(maximumPasses: 0)),
    ], isDeterministic: true),
  // Coordinate descent runs in an order drawn from the seeds, but both orders meet one optimum.
  FamilyCase(
    name: "linear SVM with hinge",
    learner: LinearSVMLearner(options: LinearSVMOptions(loss: .hinge)),
    outOfRange: [
      LinearSVMLearner(options: LinearSVMOptions(c: -1, loss: .hinge)),
      LinearSVMLearner(options: LinearSVMOptions(loss: .hinge, tolerance: 1)),
      LinearSVMLearner(options: LinearSVMOptions(loss: .hinge, maximumPasses: 0)),
    ], isDeterministic: true, tolerance: 1e-3),
  FamilyCase(
    name: "linear SVM with absolute values",
    learner: LinearSVMLearner(options: LinearSVMOptions(c: 0.2, penalty: .l1)),
    outOfRange: [
      LinearSVMLearner(options: LinearSVMOptions(loss: .hinge, penalty: .l1)),
      LinearSVMLearner(options: LinearSVMOptions(penalty: .l1, solver: .dualCoordinate)),
    ], isDeterministic: true),
  FamilyCase(
    name: "linear SVM by dual coordinate descent",
    learner: LinearSVMLearner(
      options: LinearSVMOptions(solver: .dualCoordinate, maximumPasses: 2000)), outOfRange: [],
    isDeterministic: true, tolerance: 1e-3),
  FamilyCase(
    name: "linear SVM on balanced classes without intercept",
    learner: LinearSVMLearner(
      options: LinearSVMOptions(c: 0.1, bias: -1, classWeights: .balanced)), outOfRange: [],
    isDeterministic: true),
]

@Suite("Every family keeps the contracts")
struct EveryFamilyTests {
  @Test("A fitted scorer conforms", arguments: families, ScorerConformance.checks.map(\.name))
  func scorerConforms(family: FamilyCase, check name: String) throws {
    let scorer = try fitted(family.learner, family.rows(240, 3))
    let rows = try family.rows(150, 4).rows
    for check in ScorerConformance.checks where check.name == name {
      #expect(check.violations(of: scorer, rows: rows).isEmpty)
    }
  }

  @Test("A learner conforms", arguments: families, LearnerConformance.checks.map(\.name))
  func learnerConforms(family: FamilyCase, check name: String) throws {
    let trial = LearnerTrial(
      training: try family.rows(240, 3), outOfRange: family.outOfRange,
      isDeterministic: family.isDeterministic, tolerance: family.tolerance)
    for check in LearnerConformance.checks where check.name == name {
      #expect(check.violations(of: family.learner, in: trial).isEmpty)
    }
  }

  @Test("Settings have names and values, none twice", arguments: families)
  func settingsAreComplete(family: FamilyCase) {
    let settings = family.learner.settings
    #expect(!settings.isEmpty)
    #expect(settings.allSatisfy { !$0.name.isEmpty && !$0.value.isEmpty })
    #expect(Set(settings.map(\.name)).count == settings.count)
  }

  private func fitted<Family: Learner>(
    _ learner: Family, _ training: TrainingRows
  ) throws -> any Scorer {
    try learner.fit(training, context: TrainingContext(seeds: SeedTree(seed: 7))).model
  }
}
