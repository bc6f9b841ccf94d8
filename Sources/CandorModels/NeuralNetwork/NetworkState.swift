import CandorScoring

/// Everything that a training run carries from one epoch to the next.
struct NetworkState: Sendable {
  /// The parameters.
  var parameters: [Float]
  /// Running means, then variances of batch normalisation.
  var statistics: [Float]
  /// The parameters of the best epoch so far.
  var bestParameters: [Float]
  /// The running moments of that epoch.
  var bestStatistics: [Float]
  /// The optimiser's step and moments.
  var optimiser: NetworkOptimiser
  /// The watch over the validation loss; nil without one.
  var watch: EarlyStopping?
  /// The mean loss over each epoch's batches.
  var trainingLosses: [Double] = []
  /// The validation loss after each epoch.
  var validationLosses: [Double] = []
  /// The learning rate of each epoch's last step.
  var rates: [Double] = []

  /// The epochs taken.
  var epoch: Int { trainingLosses.count }
  /// Whether the patience has run out.
  var isExhausted: Bool { watch?.isExhausted ?? false }
}

extension NetworkState {
  private static let kind = "candor-network-snapshot-1"

  /// The state as tensors, with the fingerprint of the fit that it belongs to.
  func archive(fingerprint: String) -> TensorArchive {
    var archive = TensorArchive()
    func set(_ name: String, _ values: [Float]) {
      archive.tensors[name] = .init(shape: [values.count], elements: .float32(values))
    }
    set("parameters", parameters)
    set("statistics", statistics)
    set("best-parameters", bestParameters)
    set("best-statistics", bestStatistics)
    set("first-moments", optimiser.first)
    set("second-moments", optimiser.second)
    archive.set("training-losses", trainingLosses)
    archive.set("validation-losses", validationLosses)
    archive.set("learning-rates", rates)
    archive.tensors["step"] = .init(shape: [1], elements: .int64([Int64(optimiser.step)]))
    archive.attributes["kind"] = Self.kind
    archive.attributes["fit"] = fingerprint
    return archive
  }

  /// Goes on from an archive; the watch is wound forward through the losses that it saw.
  ///
  /// - Parameters:
  ///   - archive: What `archive(fingerprint:)` wrote.
  ///   - fingerprint: That of this fit.
  /// - Throws: `TrainingError` where the archive is of another fit, or its parts do not fit.
  mutating func restore(
    _ archive: TensorArchive, fingerprint: String
  ) throws(TrainingError) {
    guard archive.attributes["kind"] == Self.kind, archive.attributes["fit"] == fingerprint else {
      throw TrainingError(
        .badSnapshot,
        "The snapshot belongs to a fit with other rows, options or seeds; remove it, or fit as "
          + "before.")
    }
    do throws(ScoringError) {
      parameters = try Self.floats(archive, "parameters", like: parameters)
      statistics = try Self.floats(archive, "statistics", like: statistics)
      bestParameters = try Self.floats(archive, "best-parameters", like: parameters)
      bestStatistics = try Self.floats(archive, "best-statistics", like: statistics)
      optimiser.first = try Self.floats(archive, "first-moments", like: optimiser.first)
      optimiser.second = try Self.floats(archive, "second-moments", like: optimiser.second)
      trainingLosses = try archive.doubles("training-losses")
      validationLosses = try archive.doubles("validation-losses")
      rates = try archive.doubles("learning-rates")
      guard case .int64(let steps)? = archive.tensors["step"]?.elements, steps.count == 1,
        steps[0] >= 0, steps[0] < 1 << 53, rates.count == trainingLosses.count,
        validationLosses.count == (watch == nil ? 0 : trainingLosses.count)
      else { throw ScoringError(.invalidModel, "its parts do not fit one another") }
      optimiser.step = Int(steps[0])
    } catch {
      throw TrainingError(
        .badSnapshot, "The snapshot of the network is damaged (\(error.description)); remove it.")
    }
    for loss in validationLosses { _ = watch?.note(loss) }
  }

  private static func floats(
    _ archive: TensorArchive, _ name: String, like present: [Float]
  ) throws(ScoringError) -> [Float] {
    let values = try archive.floats(name)
    guard values.count == present.count, values.allSatisfy(\.isFinite) else {
      throw ScoringError(.invalidModel, "the tensor \(name) does not fit")
    }
    return values
  }
}
