public import CandorScoring

/// The choice of a calibrator by its name in a study file.
public enum CalibratorFitting {
  /// The kinds that can be asked for.
  public static let kinds = ["platt", "isotonic", "none"]

  /// Fits the calibrator of a kind.
  ///
  /// - Parameters:
  ///   - kind: `platt`, `isotonic` or `none`.
  ///   - margins: Finite margins, best of rows that the model was not fitted on.
  ///   - labels: 1 where bad, 0 where good.
  ///   - weights: One weight a row; nil means one each.
  ///   - scale: What the margins are; `none` takes log-odds as they stand, keeps probabilities
  ///     inside [1/(n + 2), 1 − 1/(n + 2)], and cannot be had for distances.
  ///   - notices: Gets a sentence where the fit could not do what was asked.
  /// - Returns: The calibrator.
  /// - Throws: `TrainingError` where the kind is unknown or does not go with the scale, or the fit
  ///   is refused.
  public static func fit(
    kind: String, margins: [Double], labels: [Double], weights: [Double]? = nil,
    scale: MarginScale, notices: inout [String]
  ) throws(TrainingError) -> Calibrator {
    switch kind {
    case "platt":
      return try PlattScaling.fit(
        margins: margins, labels: labels, weights: weights, notices: &notices)
    case "isotonic":
      return try IsotonicRegression.fit(margins: margins, labels: labels, weights: weights)
    case "none":
      switch scale {
      case .logOdds: return .identity
      case .probability: return .clamp(floor: 1 / (Double(margins.count) + 2))
      case .distance:
        throw TrainingError(
          .badOption,
          "calibration is none, but a linear SVM's margin is a distance and not a probability; "
            + "use platt or isotonic.")
      case .target:
        throw TrainingError(
          .unsupportedTask,
          "a regression's margin is in the target's own unit; there is no probability to calibrate."
        )
      }
    default:
      throw TrainingError(
        .badOption, "calibration is \"\(kind)\"; it must be platt, isotonic or none.")
    }
  }

  /// Fits the calibrator of a kind, without notices.
  ///
  /// - Parameters:
  ///   - kind: `platt`, `isotonic` or `none`.
  ///   - margins: Finite margins, best of rows that the model was not fitted on.
  ///   - labels: 1 where bad, 0 where good.
  ///   - weights: One weight a row; nil means one each.
  ///   - scale: What the margins are.
  /// - Returns: The calibrator.
  /// - Throws: `TrainingError` where the kind is unknown or does not go with the scale, or the fit
  ///   is refused.
  public static func fit(
    kind: String, margins: [Double], labels: [Double], weights: [Double]? = nil,
    scale: MarginScale
  ) throws(TrainingError) -> Calibrator {
    var notices: [String] = []
    return try fit(
      kind: kind, margins: margins, labels: labels, weights: weights, scale: scale,
      notices: &notices)
  }
}
