import Foundation

/// How the learning rate goes over the training.
public enum LearningRateSchedule: Sendable, Equatable {
  /// The same rate throughout.
  case constant
  /// Half a cosine from the rate down to zero over all epochs: Loshchilov and Hutter, "SGDR:
  /// stochastic gradient descent with warm restarts", 2017, arXiv:1608.03983, equation 5 without
  /// restarts.
  case cosine
  /// Multiplied by `factor` after every so many epochs.
  case step(every: Int = 30, factor: Double = 0.1)

  /// The name in study files.
  public var name: String {
    switch self {
    case .constant: "constant"
    case .cosine: "cosine"
    case .step: "step"
    }
  }

  /// What the rate is multiplied by in one step.
  ///
  /// - Parameters:
  ///   - step: The step, from zero.
  ///   - stepsPerEpoch: The steps of an epoch.
  ///   - epochs: The most epochs.
  ///   - warmUp: The epochs at the start over which the factor rises from nothing in a straight line;
  ///     the schedule runs over the epochs after them.
  /// - Returns: A factor from 0 to 1.
  public func factor(step: Int, stepsPerEpoch: Int, epochs: Int, warmUp: Int) -> Double {
    let rising = warmUp * stepsPerEpoch
    if step < rising { return Double(step + 1) / Double(rising + 1) }
    let done = step - rising
    switch self {
    case .constant: return 1
    case .cosine:
      let whole = max((epochs - warmUp) * stepsPerEpoch, 1)
      return 0.5 * (1 + cos(Double.pi * min(Double(done) / Double(whole), 1)))
    case .step(let every, let factor):
      return pow(factor, Double(done / max(every * stepsPerEpoch, 1)))
    }
  }
}
