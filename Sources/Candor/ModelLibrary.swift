public import CandorData
import CandorModels
public import CandorScoring

/// The one place that names every family: study files, command lines and bundles go through it.
public enum ModelLibrary {
  /// A family by the key that studies use.
  private struct Family: Sendable {
    let key: String
    let options: [String]
    let prepare: @Sendable (inout EncodingOptions, OptionReader) throws(TrainingError) -> Void
    let learner: @Sendable (OptionReader) throws(TrainingError) -> any Learner
    let model: any PersistableScorer.Type
  }

  private static let families: [Family] = [
    Family(
      key: "logistic",
      options: [
        "ridge", "penalty", "lambda", "l1_share", "firth", "standard_errors", "class_weights",
        "tolerance", "maximum_iterations",
      ],
      prepare: { options, _ in
        // A full set of levels beside an intercept is not identified; the reference is dropped.
        if case .oneHot = options.categorical { options.categorical = .oneHot(dropReference: true) }
        if case .oneHot = options.ordinal { options.ordinal = .oneHot(dropReference: true) }
      }, learner: logistic, model: LogisticRegression.self),
    Family(
      key: "svm",
      options: [
        "c", "loss", "penalty", "solver", "bias", "class_weights", "tolerance",
        "maximum_iterations", "maximum_passes",
      ],
      prepare: { _, _ in }, learner: svm, model: LinearSVM.self),
    Family(
      key: "forest",
      options: [
        "trees", "criterion", "features_per_split", "minimum_leaf", "maximum_depth", "bins",
        "bootstrap", "sample_share", "class_weights", "splits", "monotone", "out_of_bag",
        "categories", "missing",
      ],
      prepare: native, learner: forest, model: RandomForest.self),
    Family(
      key: "network",
      options: [
        "hidden", "activation", "output", "loss", "optimiser", "learning_rate", "momentum", "batch",
        "epochs", "patience", "validation_share", "l2", "weight_decay", "class_weights",
        "focal_gamma", "dropout", "batch_norm", "embeddings", "schedule", "schedule_epochs",
        "schedule_factor", "warm_up", "clip_norm",
      ],
      prepare: { _, _ in }, learner: network, model: NeuralNetwork.self),
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

  /// How a family wants its rows encoded, given the study's preparation and the family's options.
  ///
  /// A forest takes levels and missing cells as they are, unless its options `categories` and
  /// `missing` say `one-hot` and `impute`; weights of evidence and codes that the preparation asks for
  /// stay.
  ///
  /// - Parameters:
  ///   - key: The family's key.
  ///   - preparation: The study's preparation.
  ///   - options: The family's options.
  /// - Returns: The encoding.
  /// - Throws: `TrainingError` for an unknown option or a value out of range.
  public static func encoding(
    of key: String, _ preparation: EncodingOptions, options: [ModelOption] = []
  ) throws(TrainingError) -> EncodingOptions {
    guard let family = families.first(where: { $0.key == key }) else { return preparation }
    var encoding = preparation
    try family.prepare(&encoding, OptionReader(options, known: family.options, family: key))
    return encoding
  }

  /// How a forest gets the levels of features.
  private enum CategoryForm: String, CaseIterable {
    case native
    case oneHot = "one-hot"
  }

  /// How a forest gets missing cells.
  private enum MissingForm: String, CaseIterable { case native, impute }

  @Sendable private static func native(
    _ encoding: inout EncodingOptions, _ read: OptionReader
  ) throws(TrainingError) {
    // Trees see order alone, and thresholds read better on the feature's own scale.
    encoding.scaling = .none
    if try read.word("categories", or: CategoryForm.native) == .native,
      case .oneHot = encoding.categorical
    {
      encoding.categorical = .levelCodes
    }
    if try read.word("missing", or: MissingForm.native) == .native {
      encoding.numericImputation = .keepMissing
    }
  }
}

extension ModelLibrary {
  @Sendable private static func logistic(
    _ read: OptionReader
  ) throws(TrainingError) -> any Learner {
    var options = LogisticOptions()
    options.ridge = try read.number("ridge", or: options.ridge)
    options.penalty = try read.word("penalty", or: options.penalty)
    for name in ["lambda", "l1_share"] where read.isGiven(name) {
      guard options.penalty != .ridge, name == "lambda" || options.penalty == .elasticNet else {
        throw TrainingError(
          .badOption,
          "\(name) is given with penalty \(options.penalty.rawValue), which has none; set penalty to "
            + "\(name == "lambda" ? "lasso or elastic-net" : "elastic-net"), or leave it out.")
      }
    }
    options.lambda = try read.number("lambda", or: options.lambda)
    options.l1Share = try read.number("l1_share", or: options.l1Share)
    options.firth = try read.flag("firth", or: options.firth)
    options.standardErrors = try read.word("standard_errors", or: options.standardErrors)
    options.classWeights = try read.classWeights("class_weights")
    options.tolerance = try read.number("tolerance", or: options.tolerance)
    options.maximumIterations = try read.integer(
      "maximum_iterations", or: options.maximumIterations)
    return LogisticLearner(options: try options.validated())
  }

  @Sendable private static func svm(_ read: OptionReader) throws(TrainingError) -> any Learner {
    var options = LinearSVMOptions()
    options.c = try read.number("c", or: options.c)
    options.loss = try read.word("loss", or: options.loss)
    options.penalty = try read.word("penalty", or: options.penalty)
    options.solver = try read.word("solver", or: options.solver)
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
    // These two shape the encoding; here they are only checked.
    _ = try read.word("categories", or: CategoryForm.native)
    _ = try read.word("missing", or: MissingForm.native)
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
    options.weightDecay = try read.number("weight_decay", or: options.weightDecay)
    options.classWeights = try read.classWeights("class_weights")
    options.dropout = try read.number("dropout", or: options.dropout)
    options.batchNormalisation = try read.flag("batch_norm", or: options.batchNormalisation)
    options.embeddings = try read.embeddings("embeddings")
    options.schedule = try schedule(read)
    options.warmUpEpochs = try read.integer("warm_up", or: options.warmUpEpochs)
    options.clipNorm = try read.optionalNumber("clip_norm")
    if read.isGiven("focal_gamma"), options.loss != .focal {
      throw TrainingError(
        .badOption,
        "focal_gamma is given, and the network's loss is \(options.loss.rawValue); set loss to "
          + "focal, or leave focal_gamma out.")
    }
    options.focalGamma = try read.number("focal_gamma", or: options.focalGamma)
    return NetworkLearner(options: try options.validated())
  }

  /// The schedules by the names that studies use.
  private enum ScheduleName: String, CaseIterable {
    case constant, cosine, step
  }

  private static func schedule(
    _ read: OptionReader
  ) throws(TrainingError) -> LearningRateSchedule {
    let name = try read.word("schedule", or: ScheduleName.constant)
    for option in ["schedule_epochs", "schedule_factor"]
    where name != .step && read.isGiven(option) {
      throw TrainingError(
        .badOption,
        "\(option) is given, and the network's schedule is \(name.rawValue); set schedule to step, "
          + "or leave \(option) out.")
    }
    switch name {
    case .constant: return .constant
    case .cosine: return .cosine
    case .step:
      return .step(
        every: try read.integer("schedule_epochs", or: 30),
        factor: try read.number("schedule_factor", or: 0.1))
    }
  }
}
