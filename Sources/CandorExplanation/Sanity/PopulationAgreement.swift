public import CandorEvaluation
public import CandorNumerics

/// How far two lists of explanations of the same applicants agree, with intervals over applicants.
///
/// Two methods on one model, or one method on two models on one scale (the families of a study). What
/// holds for one applicant is `MethodAgreement`; here it is averaged, and applicants are resampled.
/// Krishna and others 2022, arXiv:2202.01602, found that methods in use disagree often; how often they
/// do on this model is a measured number.
public struct PopulationAgreement: Sendable, Equatable, Codable {
  /// What the first list is called.
  public let first: String
  /// What the second list is called.
  public let second: String
  /// The number of applicants.
  public let applicants: Int
  /// How many top players were compared.
  public let top: Int
  /// The mean share of common players among the top ones.
  public let topOverlap: Estimate?
  /// The mean of Spearman's rank correlation of signed attributions; nil where it has no value for
  /// any applicant.
  public let rankCorrelation: Estimate?
  /// The mean share of equal signs; nil where no applicant has signs in both.
  public let signAgreement: Estimate?
  /// Whether both start from the same background everywhere.
  public let sameBackground: Bool

  /// Compares two lists, applicant by applicant.
  ///
  /// - Parameters:
  ///   - a: Explanations of some applicants.
  ///   - b: Explanations of the same applicants in the same order, on the same scale and players.
  ///   - names: What the lists are called; the methods' names unless told otherwise.
  ///   - top: How many top players to compare.
  ///   - replicates: The bootstrap's resamples of applicants.
  ///   - seeds: The randomness.
  /// - Returns: The agreement.
  /// - Throws: `ExplanationError.badShape` where the lists are empty or of different lengths,
  ///   `.mixedScales` or `.differentPlayers` where numbers do not mean the same.
  public static func between(
    _ a: [Explanation], _ b: [Explanation], names: (first: String, second: String)? = nil,
    top: Int = 4, replicates: Int = 1000, seeds: SeedTree
  ) throws(ExplanationError) -> PopulationAgreement {
    guard let first = a.first, let second = b.first, a.count == b.count else {
      throw ExplanationError(
        .badShape,
        "There are \(a.count) and \(b.count) explanations; give one of each for every applicant.")
    }
    var found: [MethodAgreement] = []
    found.reserveCapacity(a.count)
    for i in a.indices { found.append(try MethodAgreement.between(a[i], b[i], top: top)) }
    func mean(_ purpose: String, _ value: (MethodAgreement) -> Double?) -> Estimate? {
      ApplicantMean.estimate(
        found.map(value), replicates: replicates, seeds: seeds.child(purpose))
    }
    return PopulationAgreement(
      first: names?.first ?? first.method.rawValue,
      second: names?.second ?? second.method.rawValue, applicants: a.count, top: top,
      topOverlap: mean("top overlap") { $0.topOverlap },
      rankCorrelation: mean("rank correlation") { $0.rankCorrelation },
      signAgreement: mean("sign agreement") { $0.signAgreement },
      sameBackground: found.allSatisfy(\.sameBackground))
  }

  /// Compares every pair of methods, in order; one agreement a pair.
  ///
  /// - Parameters:
  ///   - lists: One list of explanations a method.
  ///   - top: How many top players to compare.
  ///   - seeds: The randomness.
  /// - Returns: The agreements.
  /// - Throws: As `between`.
  public static func table(
    _ lists: [[Explanation]], top: Int = 4, seeds: SeedTree
  ) throws(ExplanationError) -> [PopulationAgreement] {
    var rows: [PopulationAgreement] = []
    for j in lists.indices {
      for i in 0..<j {
        rows.append(
          try between(lists[i], lists[j], top: top, seeds: seeds.child(j).child(i)))
      }
    }
    return rows
  }
}

extension PopulationAgreement {
  /// The agreement of one list with several, averaged over these for each applicant.
  static func average(
    _ a: [Explanation], _ others: [[Explanation]], names: (first: String, second: String),
    top: Int, seeds: SeedTree
  ) throws(ExplanationError) -> PopulationAgreement {
    guard !a.isEmpty, !others.isEmpty, others.allSatisfy({ $0.count == a.count }) else {
      throw ExplanationError(
        .badShape, "Every model must explain the same applicants, one at least.")
    }
    var found: [[MethodAgreement]] = []
    for i in a.indices {
      var own: [MethodAgreement] = []
      for list in others { own.append(try MethodAgreement.between(a[i], list[i], top: top)) }
      found.append(own)
    }
    func mean(_ purpose: String, _ value: (MethodAgreement) -> Double?) -> Estimate? {
      let perApplicant: [Double?] = found.map { own in
        let known = own.compactMap(value)
        return known.isEmpty ? nil : OrderedReduction.sum(known) / Double(known.count)
      }
      return ApplicantMean.estimate(perApplicant, seeds: seeds.child(purpose))
    }
    return PopulationAgreement(
      first: names.first, second: names.second, applicants: a.count, top: top,
      topOverlap: mean("top overlap") { $0.topOverlap },
      rankCorrelation: mean("rank correlation") { $0.rankCorrelation },
      signAgreement: mean("sign agreement") { $0.signAgreement },
      sameBackground: found.allSatisfy { $0.allSatisfy(\.sameBackground) })
  }
}
