import CandorData
public import CandorNumerics

/// How often a printed list of reasons would have been another one, had something that is a matter
/// of chance turned out differently: the reference rows, or the rows that the model was fitted on.
public struct ReasonStability: Sendable, Equatable, Codable {
  /// What was drawn anew.
  public enum Kind: String, Sendable, Codable {
    /// The reference, resampled with replacement (Efron 1979, doi:10.1214/aos/1176344552).
    case resampledReference
    /// The model, fitted on other rows of the training part.
    case refit
  }

  /// One printed reason.
  public struct Reason: Sendable, Equatable, Codable {
    /// The feature or group.
    public let subject: String
    /// The share of draws that refuse as well and do not print it.
    public let changeProbability: Double
  }

  /// What was drawn anew.
  public let kind: Kind
  /// How many draws were made.
  public let draws: Int
  /// In how many of them the applicant was refused as well, so that there is a list to compare.
  public let refusals: Int
  /// One entry a printed reason, in printed order; with no refusal among the draws there is none.
  public let reasons: [Reason]
  /// The share of those lists that hold another set of reasons; nil where there is no list.
  public let setChangeProbability: Double?
  /// The share of those lists that begin with another reason; nil where there is no list.
  public let firstChangeProbability: Double?

  /// Compares a list with those of draws; a draw without any reason counts as another list.
  ///
  /// - Parameters:
  ///   - printed: The printed subjects, in order.
  ///   - lists: One list a draw that refuses, empty where it could give no reason.
  ///   - draws: How many draws were made.
  ///   - kind: What was drawn anew.
  init(printed: [String], lists: [[String]], draws: Int, kind: Kind) {
    func share(_ differs: ([String]) -> Bool) -> Double? {
      lists.isEmpty ? nil : Double(lists.count(where: differs)) / Double(lists.count)
    }
    self.kind = kind
    self.draws = draws
    refusals = lists.count
    reasons = printed.compactMap { subject in
      share { !$0.contains(subject) }.map { Reason(subject: subject, changeProbability: $0) }
    }
    let set = Set(printed)
    setChangeProbability = share { Set($0) != set }
    firstChangeProbability = share { $0.first != printed.first }
  }
}

extension ReasonStability {
  /// Derives the list anew with resampled references.
  ///
  /// - Parameters:
  ///   - printed: The printed list.
  ///   - found: The case that it was derived from.
  ///   - draws: How many references are drawn, from 2 up; each costs one explanation.
  ///   - sampling: How many orders, where values are sampled.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: How often the list changed.
  /// - Throws: `ExplanationError.badOption` for fewer than two draws, or as the method does.
  public static func underResampledReference(
    _ printed: PrincipalReasons, of found: ReasonCase, draws: Int = 50,
    sampling: SampledShapleyOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> ReasonStability {
    guard draws >= 2 else {
      throw ExplanationError(.badOption, "draws is \(draws); it must be 2 or more.")
    }
    let reference = found.reference
    let own = reference.weights ?? Array(repeating: 1, count: reference.count)
    let perRow = try ReferenceContributions(
      found.model, applicant: found.applicant, players: found.players, background: reference,
      threads: threads)
    var lists: [[String]] = []
    for draw in 0..<draws {
      var generator = seeds.child("reference resample").child(draw).generator()
      var weights: [Double]
      repeat {
        let counts = Sampling.bootstrapCounts(reference.count, using: &generator)
        weights = zip(own, counts).map { $0 * Double($1) }
      } while !weights.contains { $0 > 0 }
      let explanation: Explanation
      if let perRow {
        explanation = perRow.explanation(weights: weights)
      } else {
        // The orders stay the same, so that only the reference differs.
        explanation = try MethodSelection.shapley(
          for: found.model, rows: EncodedRows(row: found.applicant), players: found.players,
          background: try Background(
            name: reference.name, rows: reference.rows, weights: weights, hash: reference.hash),
          options: sampling, seeds: seeds, threads: threads)[0]
      }
      if let list = try found.printed(by: explanation, seeds: seeds) { lists.append(list) }
    }
    return ReasonStability(
      printed: printed.reasons.map(\.subject), lists: lists, draws: draws,
      kind: .resampledReference)
  }

  /// Derives the list anew by other fits of the model, each with its own encoding, reference and
  /// cut-off; fits that approve the applicant give no list and are counted apart.
  ///
  /// - Parameters:
  ///   - printed: The printed list.
  ///   - refits: The same applicant under each refit with its Shapley values there, at least one.
  ///   - seeds: The randomness of the simulation.
  /// - Returns: How often the list changed.
  /// - Throws: `ExplanationError.badOption` without a refit, or as `PrincipalReasons.derive` does.
  public static func underRefits(
    _ printed: PrincipalReasons, refits: [(refit: ReasonCase, explanation: Explanation)],
    seeds: SeedTree
  ) throws(ExplanationError) -> ReasonStability {
    guard !refits.isEmpty else {
      throw ExplanationError(.badOption, "There is no refit to compare with; fit one at least.")
    }
    var lists: [[String]] = []
    for (refit, explanation) in refits {
      if let list = try refit.printed(by: explanation, seeds: seeds) { lists.append(list) }
    }
    return ReasonStability(
      printed: printed.reasons.map(\.subject), lists: lists, draws: refits.count, kind: .refit)
  }
}
