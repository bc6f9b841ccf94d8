import Foundation

/// Two ends of an interval.
public struct ConfidenceInterval: Sendable, Equatable, Codable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// Puts two ends together.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Wilson's score interval of a share found among `count` rows (may be fractional, an effective
  /// number); Wilson, JASA 22 (1927), doi:10.1080/01621459.1927.10502953.
  public static func wilson(share: Double, count: Double, level: Double = 0.95)
    -> ConfidenceInterval
  {
    let z = Tail.twoSidedNormal(level)
    let scale = 1 + z * z / count
    let centre = (share + z * z / (2 * count)) / scale
    let half = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot() / scale
    return ConfidenceInterval(
      lower: share == 0 ? 0 : max(0, centre - half), upper: share == 1 ? 1 : min(1, centre + half))
  }

  /// The interval of a number within 0…1 that is normal on the logit scale; nil at 0 and 1.
  public static func logit(value: Double, standardError: Double, level: Double = 0.95)
    -> ConfidenceInterval?
  {
    guard value > 0, value < 1 else { return nil }
    let z = Tail.twoSidedNormal(level)
    let centre = log(value / (1 - value))
    let half = z * standardError / (value * (1 - value))
    return ConfidenceInterval(
      lower: 1 / (1 + exp(half - centre)), upper: 1 / (1 + exp(-centre - half)))
  }

  /// The exact interval of a Poisson mean after `count` events (Garwood, 1936); a fractional
  /// count is an effective number.
  public static func poisson(count: Double, level: Double = 0.95) -> ConfidenceInterval {
    let tail = (1 - level) / 2
    return ConfidenceInterval(
      lower: count > 0 ? Tail.chiSquaredQuantile(tail, degrees: 2 * count) / 2 : 0,
      upper: Tail.chiSquaredQuantile(1 - tail, degrees: 2 * count + 2) / 2)
  }

  /// Newcombe's interval of a difference of two independent shares from their own Wilson
  /// intervals; Newcombe, Statistics in Medicine 17 (1998), method 10.
  public static func newcombe(_ first: Estimate, minus second: Estimate) -> ConfidenceInterval? {
    guard let l1 = first.lower, let u1 = first.upper, let l2 = second.lower, let u2 = second.upper
    else { return nil }
    let difference = first.value - second.value
    let down = ((first.value - l1) * (first.value - l1) + (u2 - second.value) * (u2 - second.value))
      .squareRoot()
    let up = ((u1 - first.value) * (u1 - first.value) + (second.value - l2) * (second.value - l2))
      .squareRoot()
    return ConfidenceInterval(lower: difference - down, upper: difference + up)
  }
}

/// A share by weight with what its Wilson interval needs.
struct WeightedShare {
  var hit = 0.0
  var total = 0.0
  var squares = 0.0

  mutating func add(weight: Double, hit isHit: Bool) {
    total += weight
    squares += weight * weight
    if isHit { hit += weight }
  }

  /// Kish's effective number of rows; the number itself where weights are equal.
  var effectiveCount: Double { squares > 0 ? total * total / squares : 0 }

  /// The share with its Wilson interval; nil where no row stands below the line.
  func estimate(level: Double) -> Estimate? {
    guard total > 0 else { return nil }
    let share = hit / total
    let interval = ConfidenceInterval.wilson(share: share, count: effectiveCount, level: level)
    return Estimate(
      value: share, standardError: (share * (1 - share) / effectiveCount).squareRoot(),
      lower: interval.lower, upper: interval.upper, level: level, method: "Wilson")
  }
}

/// The weighted mean of row values with a linearised standard error and normal interval.
struct WeightedMean {
  /// Σw(x-m)² · n/(n-1), with squared weights, over (Σw)²: the plain s²/n where weights are equal.
  static func estimate(of values: [Double], weights: [Double], level: Double) -> Estimate {
    var total = 0.0
    var sum = 0.0
    for i in 0..<values.count {
      total += weights[i]
      sum += weights[i] * values[i]
    }
    let mean = sum / total
    let count = Double(values.count)
    guard values.count > 1 else {
      return Estimate(value: mean, level: level, method: "no interval from one row")
    }
    var squares = 0.0
    for i in 0..<values.count {
      let deviation = weights[i] * (values[i] - mean)
      squares += deviation * deviation
    }
    let error = (squares * count / (count - 1)).squareRoot() / total
    let half = Tail.twoSidedNormal(level) * error
    return Estimate(
      value: mean, standardError: error, lower: mean - half, upper: mean + half, level: level,
      method: "mean of rows, normal interval")
  }
}
