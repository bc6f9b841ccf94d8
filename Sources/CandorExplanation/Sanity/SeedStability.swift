public import CandorEvaluation
public import CandorNumerics

/// How far the top features of an explanation depend on the seed of its random draws.
///
/// The method is run with several seeds on the same applicants; every pair of runs is compared. An exact
/// method has the value one, which shows that it draws nothing.
public struct SeedStability: Sendable, Equatable, Codable {
  /// The method.
  public let method: ExplanationMethod
  /// The runs.
  public let runs: Int
  /// The number of applicants.
  public let applicants: Int
  /// How many top players were compared.
  public let top: Int
  /// The mean share of common players among the top ones, over pairs of runs and applicants.
  public let topOverlap: Estimate?
  /// The mean of Spearman's rank correlation over pairs of runs and applicants; nil where it has no
  /// value.
  public let rankCorrelation: Estimate?
  /// The largest standard deviation of an attribution over runs, over players and applicants.
  public let largestDeviation: Double

  /// Runs a method with several seeds; costs as many explanations as runs.
  ///
  /// - Parameters:
  ///   - runs: How many, from 2 up.
  ///   - top: How many top players to compare.
  ///   - seeds: The randomness; run k gets the k-th child.
  ///   - explain: Explains always the same applicants with the seeds that it is given.
  /// - Returns: The stability.
  /// - Throws: `ExplanationError` where there are fewer than two runs or no applicants, or as the method
  ///   does.
  public static func measure(
    runs: Int = 3, top: Int = 4, seeds: SeedTree,
    explain: (SeedTree) throws(ExplanationError) -> [Explanation]
  ) throws(ExplanationError) -> SeedStability {
    guard runs >= 2 else {
      throw ExplanationError(.badOption, "runs is \(runs); it must be 2 or more.")
    }
    var found: [[Explanation]] = []
    for run in 0..<runs { found.append(try explain(seeds.child("run").child(run))) }
    guard let first = found[0].first, found.allSatisfy({ $0.count == found[0].count }) else {
      throw ExplanationError(
        .badShape, "Every run must explain the same applicants, one at least.")
    }
    var overlaps: [Double?] = []
    var ranks: [Double?] = []
    var largest = 0.0
    for applicant in found[0].indices {
      let lists = found.map { $0[applicant].attributions.map(\.value) }
      overlaps.append(TopSets.meanOverlap(lists, top: top))
      var correlations: [Double] = []
      for j in 0..<runs {
        for i in 0..<j where lists[i].count == lists[j].count && lists[i].count > 1 {
          correlations.append(Correlation.spearman(lists[i], lists[j]))
        }
      }
      let known = correlations.filter(\.isFinite)
      ranks.append(
        known.isEmpty ? nil : OrderedReduction.sum(known) / Double(known.count))
      for player in lists[0].indices {
        largest = max(largest, Moments.standardDeviation(lists.map { $0[player] }))
      }
    }
    return SeedStability(
      method: first.method, runs: runs, applicants: found[0].count, top: top,
      topOverlap: ApplicantMean.estimate(overlaps, seeds: seeds.child("top overlap")),
      rankCorrelation: ApplicantMean.estimate(ranks, seeds: seeds.child("rank correlation")),
      largestDeviation: largest)
  }
}
