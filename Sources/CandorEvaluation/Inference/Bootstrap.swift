public import CandorNumerics

/// Resampling of rows with replacement, as weights.
///
/// A replicate multiplies each row's weight by the number of times that the row was drawn. Rows
/// stay where they are in the ranking, so that nothing is sorted again and weighted statistics are
/// reused. Replicate r draws from `seeds.child("bootstrap").child(r)`: results do not depend on
/// threads, nor on the order of rows. Efron and Tibshirani, "An Introduction to the Bootstrap",
/// 1993, chapters 13 and 14.
public struct Bootstrap: Sendable {
  /// A number computed from a ranking and weights along it; nil where it is not defined.
  public typealias Statistic =
    @Sendable (_ sample: RankedSample, _ weights: [Double]) -> Double?

  /// How replicates become an interval.
  public enum Interval: String, Sendable, Codable {
    /// The quantiles of the replicates.
    case percentile
    /// The quantiles reflected at the value, which undoes the bias of statistics such as maxima.
    case reflected
  }

  /// The number of replicates.
  public let replicates: Int
  /// Where randomness comes from.
  public let seeds: SeedTree
  /// The number of threads; results do not depend on it.
  public let threads: Int
  /// Whether bads and goods are drawn apart, so that their numbers stay as they are.
  public let stratified: Bool

  /// Sets up a bootstrap; throws where there are fewer than 20 replicates.
  public init(
    replicates: Int = 500, seeds: SeedTree, threads: Int = 1, stratified: Bool = false
  ) throws(EvaluationError) {
    guard replicates >= 20 else {
      throw EvaluationError(
        .badOption, "The bootstrap has \(replicates) replicates; it needs at least 20.")
    }
    self.replicates = replicates
    self.seeds = seeds
    self.threads = threads
    self.stratified = stratified
  }

  /// All statistics on the same replicates; throws where one is not defined on the sample itself.
  public func run(_ sample: RankedSample, statistics: [Statistic]) throws(EvaluationError)
    -> [BootstrapDistribution]
  {
    var values: [Double] = []
    for (place, statistic) in statistics.enumerated() {
      guard let value = statistic(sample, sample.weights) else {
        throw EvaluationError(
          .oneClass, "Statistic \(place + 1) of the bootstrap is not defined on this sample.")
      }
      values.append(value)
    }
    let bads = stratified ? (0..<sample.count).filter { sample.labels[$0] == 1 } : []
    let goods = stratified ? (0..<sample.count).filter { sample.labels[$0] == 0 } : []
    let root = seeds.child("bootstrap")
    let stratified = stratified
    let draws: [[Double?]] = Parallel.map(count: replicates, threads: threads) { replicate in
      var generator = root.child(replicate).generator()
      var weights = [Double](repeating: 0, count: sample.count)
      if stratified {
        Self.draw(from: bads, into: &weights, &generator)
        Self.draw(from: goods, into: &weights, &generator)
      } else {
        for _ in 0..<weights.count { weights[generator.nextInteger(below: weights.count)] += 1 }
      }
      if sample.hasUnequalWeights {
        let own = sample.weights
        for i in 0..<weights.count { weights[i] *= own[i] }
      }
      let drawn = weights
      return statistics.map { $0(sample, drawn) }
    }
    return values.enumerated().map { place, value in
      let column = draws.map { $0[place] }
      return BootstrapDistribution(
        value: value, replicates: column.compactMap { $0 }.sorted(),
        undefined: column.count { $0 == nil })
    }
  }

  private static func draw(
    from rows: [Int], into weights: inout [Double], _ generator: inout CounterGenerator
  ) {
    for _ in 0..<rows.count { weights[rows[generator.nextInteger(below: rows.count)]] += 1 }
  }
}

/// A statistic and its bootstrap replicates.
public struct BootstrapDistribution: Sendable, Equatable, Codable {
  /// The statistic on the sample itself.
  public let value: Double
  /// The statistic on the replicates where it was defined, ascending.
  public let replicates: [Double]
  /// The number of replicates where it was not defined.
  public let undefined: Int

  /// The standard deviation of the replicates; nil below two.
  public var standardError: Double? {
    guard replicates.count > 1 else { return nil }
    let count = Double(replicates.count)
    let mean = replicates.reduce(0, +) / count
    let squares = replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / (count - 1)).squareRoot()
  }

  /// The estimate with an interval; no interval where over a tenth of replicates are undefined.
  public func estimate(_ interval: Bootstrap.Interval = .percentile, level: Double = 0.95)
    -> Estimate
  {
    let drawn = replicates.count + undefined
    var method = "\(interval.rawValue) bootstrap, \(drawn) replicates"
    if undefined > 0 { method += ", \(undefined) of them undefined" }
    guard replicates.count >= 20, undefined * 10 <= drawn else {
      return Estimate(value: value, level: level, method: method + ", too few for an interval")
    }
    let tail = (1 - level) / 2
    let low = Quantiles.sorted(replicates, at: tail)
    let high = Quantiles.sorted(replicates, at: 1 - tail)
    return Estimate(
      value: value, standardError: standardError,
      lower: interval == .percentile ? low : 2 * value - high,
      upper: interval == .percentile ? high : 2 * value - low, level: level, method: method)
  }
}
