import Foundation

/// The correction of PDs where the training rows hold another share of bad than the population, as
/// when good rows were left out of a sample.
///
/// Under such sampling only the constant of the log-odds is wrong: the population's log-odds are the
/// sample's plus `logit(population rate) − logit(sample rate)`. King and Zeng 2001, "Logistic
/// Regression in Rare Events Data", Political Analysis 9, section 4.1,
/// doi:10.1093/oxfordjournals.pan.a004868.
public struct PriorShift: Sendable, Equatable {
  /// The share of bad in the population.
  public let populationRate: Double
  /// The share of bad among the training rows, by weight.
  public let sampleRate: Double

  /// Joins the two shares.
  ///
  /// - Throws: `ScoringError` where one is not above 0 and below 1.
  public init(populationRate: Double, sampleRate: Double) throws(ScoringError) {
    for rate in [populationRate, sampleRate] where !(rate > 0 && rate < 1) {
      throw ScoringError(
        .invalidModel, "A share of bad must be above 0 and below 1 to be corrected; found \(rate).")
    }
    self.populationRate = populationRate
    self.sampleRate = sampleRate
  }

  /// What is added to the log-odds of bad.
  public var logOdds: Double { logit(populationRate) - logit(sampleRate) }

  /// The weight of a row that lets the sample stand for the population, the total kept: the ratio of
  /// the population's share of its outcome to the sample's.
  ///
  /// - Parameter label: 1 where the row turned out bad, else 0.
  /// - Returns: The weight.
  public func weight(ofLabel label: Double) -> Double {
    label == 1
      ? populationRate / sampleRate : (1 - populationRate) / (1 - sampleRate)
  }
}

extension Calibrator {
  /// The calibrator whose log-odds are these plus a constant.
  ///
  /// Exact for straight lines; of a rising curve the knots are moved, and it stays linear in the PD
  /// between them.
  ///
  /// - Parameter shift: What is added to the log-odds of bad.
  /// - Returns: The shifted calibrator.
  /// - Throws: `ScoringError` for probabilities that are taken as they stand, which have no constant
  ///   to shift.
  public func shifted(by shift: Double) throws(ScoringError) -> Calibrator {
    switch self {
    case .identity: return .platt(slope: 1, offset: shift)
    case .platt(let slope, let offset): return .platt(slope: slope, offset: offset + shift)
    case .isotonic(let margins, let probabilities):
      return .isotonic(
        margins: margins, probabilities: probabilities.map { sigmoid(logit($0) + shift) })
    case .clamp:
      throw ScoringError(
        .unsupported,
        "A forest's probabilities that are not calibrated have no constant to correct; set "
          + "calibration to platt or isotonic, or leave prior out.")
    }
  }
}
