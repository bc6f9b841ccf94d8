public import CandorScoring

extension NetworkOptions {
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
    default:
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
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw TrainingError(
        .badOption,
        "The network's weight_decay is \(weightDecay); it must be a finite number, 0 or more.")
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
    try validateExtras()
    return self
  }

  private func validateExtras() throws(TrainingError) {
    guard focalGamma >= 0, focalGamma <= 20 else {
      throw TrainingError(
        .badOption, "The network's focal_gamma is \(focalGamma); it must be from 0 to 20.")
    }
    try OptionRange.require("network", "dropout", dropout, above: -1e-300, below: 1)
    if case .dimension(let dimension) = embeddings {
      try OptionRange.require("network", "embeddings", dimension, in: 1...10_000)
    }
    if case .step(let every, let factor) = schedule {
      try OptionRange.require("network", "schedule_epochs", every, in: 1...1_000_000)
      guard factor > 0, factor <= 1 else {
        throw TrainingError(
          .badOption,
          "The network's schedule_factor is \(factor); it must be above 0 and at most 1.")
      }
    }
    try OptionRange.require("network", "warm_up", warmUpEpochs, in: 0...1_000_000)
    if let clipNorm, !(clipNorm > 0 && clipNorm.isFinite) {
      throw TrainingError(
        .badOption, "The network's clip_norm is \(clipNorm); it must be a finite number above 0.")
    }
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
      ("weight_decay", "\(weightDecay)"), ("class_weights", classWeights.name),
      ("dropout", "\(dropout)"), ("batch_norm", "\(batchNormalisation)"),
      ("embeddings", embeddings.name), ("schedule", schedule.name),
    ]
    if loss == .focal { settings.append(("focal_gamma", "\(focalGamma)")) }
    if case .step(let every, let factor) = schedule {
      settings += [("schedule_epochs", "\(every)"), ("schedule_factor", "\(factor)")]
    }
    settings += [
      ("warm_up", "\(warmUpEpochs)"), ("clip_norm", clipNorm.map { "\($0)" } ?? "none"),
    ]
    return settings
  }
}
