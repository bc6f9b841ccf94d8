public import CandorData
import CandorModels
public import CandorScoring

/// The one place that names every family: study files, command lines and bundles go through it.
public enum ModelLibrary {
  /// A family by the key that studies use.
  private struct Family: Sendable {
    let key: String
    let options: [String]
    let prepare: @Sendable (inout EncodingOptions) -> Void
    let learner: @Sendable (OptionReader) throws(TrainingError) -> any Learner
    let model: any PersistableScorer.Type
  }

  private static let families: [Family] = [
    Family(
      key: "logistic", options: ["ridge", "tolerance", "maximum_iterations"],
      prepare: { options in
        // A full set of levels beside an intercept is not identified; the reference is dropped.
        if case .oneHot = options.categorical { options.categorical = .oneHot(dropReference: true) }
        if case .oneHot = options.ordinal { options.ordinal = .oneHot(dropReference: true) }
      }, learner: logistic, model: LogisticRegression.self),
    Family(
      key: "svm",
      options: [
        "c", "loss", "bias", "class_weights", "tolerance", "maximum_iterations", "maximum_passes",
      ],
      prepare: { _ in }, learner: svm, model: LinearSVM.self),
    Family(
      key: "forest",
      options: [
        "trees", "criterion", "features_per_split", "minimum_leaf", "maximum_depth", "bins",
        "bootstrap", "sample_share", "class_weights", "splits", "monotone", "out_of_bag",
      ],
      // Trees see order alone, and thresholds read better on the feature's own scale.
      prepare: { $0.scaling = .none }, learner: forest, model: RandomForest.self),
    Family(
      key: "network",
      options: [
        "hidden", "activation", "output", "loss", "optimiser", "learning_rate", "momentum", "batch",
        "epochs", "patience", "validation_share", "l2", "class_weights",
      ],
      prepare: { _ in }, learner: network, model: NeuralNetwork.self),
  ]

  /// The keys of all families, in the order of reports.
  public static var familyKeys: [String] { families.map(\.key) }

  /// The key of the family whose models have this name in files.
  public static func key(ofModelNamed name: String) -> String? {
    families.first { $0.model.familyName == name }?.key
  }

  /// The families that bundles can hold.
  public static var registry: FamilyRegistry {
    var registry = FamilyRegistry()
    for family in families { registry.register(family.model) }
    return registry
  }

  /// The option names of a family, empty for an unknown one.
  public static func optionNames(of key: String) -> [String] {
    families.first { $0.key == key }?.options ?? []
  }

  /// A learner of a family.
  ///
  /// - Parameters:
  ///   - key: The family's key.
  ///   - options: Its options; what is left out has the family's default.
  /// - Returns: The learner, its options validated.
  /// - Throws: `TrainingError` for an unknown family or option, or a value out of range.
  public static func learner(
    family key: String, options: [ModelOption] = []
  ) throws(TrainingError) -> any Learner {
    guard let family = families.first(where: { $0.key == key }) else {
      throw TrainingError(
        .badOption,
        "There is no family \(key); the families are \(familyKeys.joined(separator: ", ")).")
    }
    return try family.learner(OptionReader(options, known: family.options, family: key))
  }

  /// How a family wants its rows encoded, given the study's preparation.
  public static func encoding(of key: String, _ preparation: EncodingOptions) -> EncodingOptions {
    var options = preparation
    families.first { $0.key == key }?.prepare(&options)
    return options
  }
}

extension ModelLibrary {
  @Sendable private static func logistic(
    _ read: OptionReader
  ) throws(TrainingError) -> any Learner {
    var options = LogisticOptions()
    options.ridge = try read.number("ridge", or: options.ridge)
    options.tolerance = try read.number("tolerance", or: options.tolerance)
    options.maximumIterations = try read.integer(
      "maximum_iterations", or: options.maximumIterations)
    return LogisticLearner(options: try options.validated())
  }

  @Sendable private static func svm(_ read: OptionReader) throws(TrainingError) -> any Learner {
    var options = LinearSVMOptions()
    options.c = try read.number("c", or: options.c)
    options.loss = try read.word("loss", or: options.loss)
    options.bias = try read.number("bias", or: options.bias)
    options.classWeights = try read.classWeights("class_weights")
    options.tolerance = try read.number("tolerance", or: options.tolerance)
    options.maximumIterations = try read.integer(
      "maximum_iterations", or: options.maximumIterations)
    options.maximumPasses = try read.integer("maximum_passes", or: options.maximumPasses)
    return LinearSVMLearner(options: try options.validated())
  }

  @Sendable private static func forest(_ read: OptionReader) throws(TrainingError) -> any Learner {
    var options = ForestOptions()
    options.trees = try read.integer("trees", or: options.trees)
    options.criterion = try read.word("criterion", or: options.criterion)
    options.featuresPerSplit = try read.featuresPerSplit("features_per_split")
    options.minimumLeaf = try read.integer("minimum_leaf", or: options.minimumLeaf)
    options.maximumDepth = try read.optionalInteger("maximum_depth")
    options.bins = try read.integer("bins", or: options.bins)
    options.bootstrap = try read.flag("bootstrap", or: options.bootstrap)
    options.sampleShare = try read.number("sample_share", or: options.sampleShare)
    options.classWeights = try read.classWeights("class_weights")
    options.splitter = try read.word("splits", or: options.splitter)
    options.monotone = try read.flag("monotone", or: options.monotone)
    options.outOfBag = try read.flag("out_of_bag", or: options.outOfBag)
    return ForestLearner(options: try options.validated())
  }

  /// The optimisers by the names that studies use.
  private enum OptimiserName: String, CaseIterable {
    case adam, momentum
    case gradientDescent = "gradient-descent"
  }

  @Sendable private static func network(
    _ read: OptionReader
  ) throws(TrainingError) -> any Learner {
    var options = NetworkOptions()
    options.hidden = try read.integers("hidden", or: options.hidden)
    options.activation = try read.word("activation", or: options.activation)
    options.output = try read.word("output", or: options.output)
    options.loss = try read.word("loss", or: options.loss)
    let optimiser = try read.word("optimiser", or: OptimiserName.adam)
    guard optimiser == .momentum || !read.isGiven("momentum") else {
      throw TrainingError(
        .badOption,
        "momentum is given, and the network's optimiser is \(optimiser.rawValue), which has none; "
          + "set optimiser to momentum, or leave momentum out.")
    }
    switch optimiser {
    case .adam: options.optimiser = .adam(rate: try read.number("learning_rate", or: 1e-3))
    case .momentum:
      options.optimiser = .momentum(
        rate: try read.number("learning_rate", or: 0.01),
        momentum: try read.number("momentum", or: 0.9))
    case .gradientDescent:
      options.optimiser = .gradientDescent(rate: try read.number("learning_rate", or: 0.1))
    }
    options.batchSize = try read.integer("batch", or: options.batchSize)
    options.epochs = try read.integer("epochs", or: options.epochs)
    options.patience =
      try read.optionalInteger("patience") ?? (read.isNone("patience") ? nil : options.patience)
    options.validationShare = try read.number("validation_share", or: options.validationShare)
    options.l2 = try read.number("l2", or: options.l2)
    options.classWeights = try read.classWeights("class_weights")
    return NetworkLearner(options: try options.validated())
  }
}
