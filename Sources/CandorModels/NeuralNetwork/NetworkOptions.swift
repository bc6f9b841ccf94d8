public import CandorScoring

/// How a unit answers its input.
public enum Activation: String, Sendable, CaseIterable {
  /// `max(0, z)`.
  case relu
  /// The hyperbolic tangent.
  case tanh
  /// `1 / (1 + e^−z)`.
  case sigmoid
  /// `z` itself.
  case identity
}

/// The shape of a neural network and how it is trained.
public struct NetworkOptions: Sendable, Equatable {
  /// What training makes small, as a weighted mean over rows.
  public enum Loss: String, Sendable, CaseIterable {
    /// `−t ln p − (1 − t) ln(1 − p)`, with a sigmoid output.
    case crossEntropy = "cross-entropy"
    /// `(y − t)²`.
    case squaredError = "squared-error"
  }

  /// How weights are moved along the gradient.
  public enum Optimiser: Sendable, Equatable {
    /// One step an epoch on all rows.
    case gradientDescent(rate: Double = 0.1)
    /// Mini-batches with momentum (Polyak 1964).
    case momentum(rate: Double = 0.01, momentum: Double = 0.9)
    /// Mini-batches with Adam (Kingma and Ba, 2015, arXiv:1412.6980).
    case adam(
      rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

    var name: String {
      switch self {
      case .gradientDescent: "gradient-descent"
      case .momentum: "momentum"
      case .adam: "adam"
      }
    }

    var rate: Double {
      switch self {
      case .gradientDescent(let rate), .momentum(let rate, _), .adam(let rate, _, _, _): rate
      }
    }
  }

  /// The number of units of each hidden layer; empty for none.
  public var hidden: [Int]
  /// The activation of the hidden layers.
  public var activation: Activation
  /// The activation of the output: sigmoid, or identity with the squared error.
  public var output: Activation
  /// What training makes small.
  public var loss: Loss
  /// How weights are moved.
  public var optimiser: Optimiser
  /// The rows of a mini-batch; gradient descent ignores it.
  public var batchSize: Int
  /// The most passes over the rows.
  public var epochs: Int
  /// How many passes without a better validation loss end the training; nil to take all epochs and
  /// hold no rows back.
  public var patience: Int?
  /// The share of the rows, by outcome, that is held back to measure the validation loss.
  public var validationShare: Double
  /// Half of this times the sum of squared weights (not biases) is added to the mean loss.
  public var l2: Double
  /// How much a row counts by its outcome.
  public var classWeights: ClassWeights

  /// Options with the defaults of the study file.
  public init(
    hidden: [Int] = [128, 64], activation: Activation = .relu, output: Activation = .sigmoid,
    loss: Loss = .crossEntropy, optimiser: Optimiser = .adam(), batchSize: Int = 200,
    epochs: Int = 200, patience: Int? = 10, validationShare: Double = 0.1, l2: Double = 1e-3,
    classWeights: ClassWeights = .none
  ) {
    self.hidden = hidden
    self.activation = activation
    self.output = output
    self.loss = loss
    self.optimiser = optimiser
    self.batchSize = batchSize
    self.epochs = epochs
    self.patience = patience
    self.validationShare = validationShare
    self.l2 = l2
    self.classWeights = classWeights
  }

  /// Checks every field.
  ///
  /// - Returns: The same options.
  /// - Throws: `TrainingError` that names the field, its value and its range.
  public func validated() throws(TrainingError) -> NetworkOptions {
    try OptionRange.require("network", "number of hidden layers", hidden.count, in: 0...64)
    for units in hidden {
      try OptionRange.require(
        "network", "hidden layer size", units, in: 1...NetworkSize.mostUnits)
    }
    try NetworkSize.check(inputs: 1, hidden: hidden)
    try OptionRange.require("network", "batch", batchSize, in: 1...1_000_000)
    try OptionRange.require("network", "epochs", epochs, in: 1...1_000_000)
    if let patience { try OptionRange.require("network", "patience", patience, in: 1...1_000_000) }
    switch (output, loss) {
    case (.sigmoid, _), (.identity, .squaredError): break
    case (.identity, .crossEntropy), (.relu, _), (.tanh, _):
      throw TrainingError(
        .badOption,
        "The network's output is \(output.rawValue) with the loss \(loss.rawValue); it must be "
          + "sigmoid, or identity with the loss squared-error.")
    }
    try OptionRange.require("network", "validation_share", validationShare, above: 0, below: 1)
    guard l2 >= 0, l2.isFinite else {
      throw TrainingError(
        .badOption, "The network's l2 is \(l2); it must be a finite number, 0 or more.")
    }
    guard optimiser.rate > 0, optimiser.rate.isFinite else {
      throw TrainingError(
        .badOption,
        "The network's learning_rate is \(optimiser.rate); it must be a finite number above 0.")
    }
    switch optimiser {
    case .gradientDescent: break
    case .momentum(_, let momentum):
      try OptionRange.require("network", "momentum", momentum, above: -1e-300, below: 1)
    case .adam(_, let beta1, let beta2, let epsilon):
      try OptionRange.require("network", "beta1", beta1, above: -1e-300, below: 1)
      try OptionRange.require("network", "beta2", beta2, above: -1e-300, below: 1)
      try OptionRange.require("network", "epsilon", epsilon, above: 0, below: 1)
    }
    _ = try classWeights.validated()
    return self
  }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] {
    var settings = [
      ("hidden", "[" + hidden.map { "\($0)" }.joined(separator: ", ") + "]"),
      ("activation", activation.rawValue), ("output", output.rawValue), ("loss", loss.rawValue),
      ("optimiser", optimiser.name), ("learning_rate", "\(optimiser.rate)"),
    ]
    if case .momentum(_, let momentum) = optimiser { settings.append(("momentum", "\(momentum)")) }
    settings += [
      ("batch", "\(batchSize)"), ("epochs", "\(epochs)"),
      ("patience", patience.map { "\($0)" } ?? "none"),
      ("validation_share", "\(validationShare)"), ("l2", "\(l2)"),
      ("class_weights", classWeights.name),
    ]
    return settings
  }
}
