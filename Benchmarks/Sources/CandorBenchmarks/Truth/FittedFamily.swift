import Candor

/// A family fitted to simulated loans and calibrated by Platt, so that the log-odds of its PD are a
/// straight line of its margin and have exact Shapley values wherever the margin has.
struct FittedFamily {
  let name: String
  let encoder: CandorData.Encoder
  let training: TrainingRows
  let model: ExplainedModel
  let auc: Double
  /// Fits the same family anew, for what trains without a feature; nil where that takes too long.
  let learner: (any Learner)?

  static func all(_ world: TruthWorld) throws -> [FittedFamily] {
    var dropped = EncodingOptions()
    dropped.categorical = .oneHot(dropReference: true)
    let trees = ForestLearner(
      options: ForestOptions(trees: world.size.trees, minimumLeaf: 5))
    let fewTrees = ForestLearner(
      options: ForestOptions(trees: max(world.size.trees / 4, 10), minimumLeaf: 5, outOfBag: false))
    return [
      try FittedFamily(world, "logistic", dropped, LogisticLearner()) { training, context in
        try LogisticLearner().fit(training, context: context).model
      },
      try FittedFamily(world, "SVM", EncodingOptions(), nil) { training, context in
        try LinearSVMLearner().fit(training, context: context).model
      },
      try FittedFamily(world, "forest", TrueScorer.encoding, fewTrees) { training, context in
        try trees.fitKeepingOutOfBag(training, context: context).scorer
      },
      try FittedFamily(world, "network", EncodingOptions(), nil) { training, context in
        try NetworkLearner(options: NetworkOptions(hidden: [64, 32]))
          .fit(training, context: context).model
      },
    ]
  }

  private init(
    _ world: TruthWorld, _ name: String, _ options: EncodingOptions, _ learner: (any Learner)?,
    fit: (TrainingRows, TrainingContext) throws -> any Scorer
  ) throws {
    self.name = name
    self.learner = learner
    encoder = try Encoder.fit(world.training, features: world.features, options: options)
    training = try TrainingRows(
      rows: encoder.encodeCompact(world.training), targets: world.trainingLabels,
      featureMap: encoder.featureMap)
    let scorer = try fit(
      training,
      TrainingContext(seeds: world.seeds.child("fit").child(name), threads: world.threads))
    let calibrator = try PlattScaling.fit(
      margins: scorer.margins(of: encoder.encodeCompact(world.calibration)),
      labels: world.calibrationLabels)
    model = try ExplainedModel(
      scorer: scorer, calibrator: calibrator, featureMap: encoder.featureMap, scale: .logOdds)
    let margins = try scorer.margins(of: encoder.encodeCompact(world.test))
    auc = try AUC.value(
      of: ScoredSample(
        labels: world.testLabels, probabilities: margins.map(calibrator.probability),
        scores: margins))
  }
}
