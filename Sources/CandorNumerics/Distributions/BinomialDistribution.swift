/// The binomial distribution and intervals for a proportion.
public enum BinomialDistribution {
  /// The probability of exactly this number of successes (Loader, 2000).
  ///
  /// - Parameters:
  ///   - successes: The number of successes.
  ///   - trials: The number of trials.
  ///   - probability: The probability of success.
  /// - Returns: The probability; NaN where trials are negative or the probability is outside 0…1.
  public static func mass(_ successes: Int, trials: Int, probability: Double) -> Double {
    guard trials >= 0, probability >= 0, probability <= 1 else { return .nan }
    guard successes >= 0, successes <= trials else { return 0 }
    let n = Double(trials)
    if probability == 0 { return successes == 0 ? 1 : 0 }
    if probability == 1 { return successes == trials ? 1 : 0 }
    if successes == 0 { return SystemMath.exp(n * SystemMath.log1p(-probability)) }
    if successes == trials { return SystemMath.exp(n * SystemMath.log(probability)) }
    let k = Double(successes)
    let rest = n - k
    let exponent =
      SpecialFunctions.stirlingError(n) - SpecialFunctions.stirlingError(k)
      - SpecialFunctions.stirlingError(rest) - SpecialFunctions.deviance(k, n * probability)
      - SpecialFunctions.deviance(rest, n * (1 - probability))
    return SystemMath.exp(exponent) * (n / (2 * Double.pi * k * rest)).squareRoot()
  }

  /// The probability of at most this number of successes.
  ///
  /// - Parameters:
  ///   - successes: The number of successes.
  ///   - trials: The number of trials.
  ///   - probability: The probability of success.
  /// - Returns: The probability; NaN where trials are negative or the probability is outside 0…1.
  public static func cumulative(_ successes: Int, trials: Int, probability: Double) -> Double {
    tails(successes, trials, probability).lower
  }

  /// The probability of more than this number of successes, accurate where it is small.
  ///
  /// - Parameters:
  ///   - successes: The number of successes.
  ///   - trials: The number of trials.
  ///   - probability: The probability of success.
  /// - Returns: The probability; NaN where trials are negative or the probability is outside 0…1.
  public static func survival(_ successes: Int, trials: Int, probability: Double) -> Double {
    tails(successes, trials, probability).upper
  }

  /// The smallest number of successes that is not exceeded with at least the probability p.
  ///
  /// - Parameters:
  ///   - p: The probability to reach.
  ///   - trials: The number of trials.
  ///   - probability: The probability of success.
  /// - Returns: The number; nil where p or the probability is outside 0…1 or trials are negative.
  public static func quantile(_ p: Double, trials: Int, probability: Double) -> Int? {
    guard p >= 0, p <= 1, probability >= 0, probability <= 1, trials >= 0 else { return nil }
    var low = 0
    var high = trials
    while low < high {
      let middle = low + (high - low) / 2
      if cumulative(middle, trials: trials, probability: probability) >= p {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  /// Wilson's score interval for a proportion (1927, doi:10.1080/01621459.1927.10502953).
  ///
  /// - Parameters:
  ///   - successes: The number of successes, fractional where rows are weighted.
  ///   - trials: The number of trials.
  ///   - confidence: The coverage, between 0 and 1.
  /// - Returns: The limits, 0 and 1 where there are no trials; NaN for arguments out of range.
  public static func wilsonInterval(
    successes: Double, trials: Double, confidence: Double = 0.95
  ) -> (lower: Double, upper: Double) {
    guard successes >= 0, successes <= trials, confidence > 0, confidence < 1 else {
      return (.nan, .nan)
    }
    if trials == 0 { return (0, 1) }
    let z = -Normal.quantile((1 - confidence) / 2)
    let share = successes / trials
    let square = z * z / trials
    let centre = (share + square / 2) / (1 + square)
    let half =
      z / (1 + square) * (share * (1 - share) / trials + square / (4 * trials)).squareRoot()
    return (
      successes == 0 ? 0 : max(centre - half, 0), successes == trials ? 1 : min(centre + half, 1)
    )
  }

  /// Wilson's score interval for counts.
  ///
  /// - Parameters:
  ///   - successes: The number of successes.
  ///   - trials: The number of trials.
  ///   - confidence: The coverage, between 0 and 1.
  /// - Returns: The limits, 0 and 1 where there are no trials; NaN for arguments out of range.
  public static func wilsonInterval(
    successes: Int, trials: Int, confidence: Double = 0.95
  ) -> (lower: Double, upper: Double) {
    wilsonInterval(
      successes: Double(successes), trials: Double(trials), confidence: confidence)
  }

  /// The exact interval of Clopper and Pearson (1934, doi:10.1093/biomet/26.4.404).
  ///
  /// - Parameters:
  ///   - successes: The number of successes.
  ///   - trials: The number of trials.
  ///   - confidence: The coverage, between 0 and 1.
  /// - Returns: The limits, 0 and 1 where there are no trials; NaN for arguments out of range.
  public static func clopperPearson(
    successes: Int, trials: Int, confidence: Double = 0.95
  ) -> (lower: Double, upper: Double) {
    guard successes >= 0, successes <= trials, confidence > 0, confidence < 1 else {
      return (.nan, .nan)
    }
    let tail = (1 - confidence) / 2
    let k = Double(successes)
    let rest = Double(trials - successes)
    return (
      successes == 0 ? 0 : BetaDistribution.quantile(tail, alpha: k, beta: rest + 1),
      successes == trials ? 1 : BetaDistribution.quantile(1 - tail, alpha: k + 1, beta: rest)
    )
  }

  private static func tails(
    _ successes: Int, _ trials: Int, _ probability: Double
  ) -> (lower: Double, upper: Double) {
    guard trials >= 0, probability >= 0, probability <= 1 else { return (.nan, .nan) }
    if successes < 0 { return (0, 1) }
    if successes >= trials { return (1, 0) }
    let result = SpecialFunctions.incompleteBeta(
      probability, 1 - probability, Double(successes) + 1, Double(trials - successes))
    return (result.upper, result.lower)
  }
}
