public import CandorNumerics

/// Reasons for one refusal together with the explanation that they were chosen from.
public struct ReasonDerivation: Sendable, Equatable, Codable {
  /// The Shapley values against the reference.
  public let explanation: Explanation
  /// The reasons.
  public let reasons: PrincipalReasons
  /// How often the values were computed: more than once where a tie or an error was too large.
  public let rounds: Int
  /// Whether the probability of another set of reasons is within the limit; where it is not, the
  /// notice goes to a person.
  public let isSettled: Bool

  /// Explains a refused applicant and chooses the reasons, with more orders where they are not yet
  /// settled.
  ///
  /// Exact values are computed once. Sampled ones are drawn anew with four times the pairs while a
  /// tie straddles the limit of reasons, the list stops at a contribution within its error, or the
  /// probability of another set is above the limit, up to `sampling.mostPairs`.
  ///
  /// - Parameters:
  ///   - model: The score function, on log-odds, margin or points.
  ///   - applicant: The applicant's encoded row.
  ///   - players: Source features and groups, as the catalogue has them.
  ///   - reference: Applicants on the approving side.
  ///   - subjects: The catalogue's entries.
  ///   - refusedFrom: The value from which on an applicant is refused, on the model's scale.
  ///   - options: The limits of the choice.
  ///   - sampling: How many orders, where values are sampled.
  ///   - mostChangeProbability: The limit on the probability of another set.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: Explanation and reasons.
  /// - Throws: `ExplanationError` as `PrincipalReasons.derive` and the Shapley methods do.
  public static func derive(
    for model: ExplainedModel, applicant: [Double], players: Players, reference: Background,
    subjects: [ReasonSubject], refusedFrom: Double, options: PrincipalReasonOptions = .init(),
    sampling: SampledShapleyOptions = .init(), mostChangeProbability: Double = 0.05,
    seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> ReasonDerivation {
    try derive(
      by: PreparedShapley(model, players: players, background: reference, threads: threads),
      applicant: applicant, subjects: subjects, refusedFrom: refusedFrom, options: options,
      sampling: sampling, mostChangeProbability: mostChangeProbability, seeds: seeds,
      threads: threads)
  }

  /// The same where model and reference were prepared beforehand, for decisions one at a time.
  ///
  /// - Parameters:
  ///   - shapley: The score function, on log-odds, margin or points, with players and reference.
  ///   - applicant: The applicant's encoded row.
  ///   - subjects: The catalogue's entries.
  ///   - refusedFrom: The value from which on an applicant is refused, on the model's scale.
  ///   - options: The limits of the choice.
  ///   - sampling: How many orders, where values are sampled.
  ///   - mostChangeProbability: The limit on the probability of another set.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: Explanation and reasons.
  /// - Throws: `ExplanationError` as `PrincipalReasons.derive` and the Shapley methods do.
  public static func derive(
    by shapley: PreparedShapley, applicant: [Double], subjects: [ReasonSubject],
    refusedFrom: Double, options: PrincipalReasonOptions = .init(),
    sampling: SampledShapleyOptions = .init(), mostChangeProbability: Double = 0.05,
    seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> ReasonDerivation {
    var sampling = try sampling.validated()
    var rounds = 0
    while true {
      rounds += 1
      let explanation = try shapley.explain(
        .init(row: applicant), options: sampling, seeds: seeds.child(rounds), threads: threads)[0]
      let drawn =
        SampledShapley.pairsEach(for: sampling.pairs, background: shapley.background)
        * shapley.background.count
      let mayGrow = !explanation.method.isExact && 4 * drawn <= sampling.mostPairs
      do throws(ExplanationError) {
        let reasons = try PrincipalReasons.derive(
          from: explanation, subjects: subjects, refusedFrom: refusedFrom, options: options,
          seeds: seeds)
        let isSettled = reasons.changeProbability <= mostChangeProbability
        if !mayGrow
          || (isSettled && !reasons.tieStraddlesLimit && reasons.stop != .withinError)
        {
          return ReasonDerivation(
            explanation: explanation, reasons: reasons, rounds: rounds, isSettled: isSettled)
        }
      } catch {
        guard error.code == .noPrincipalReason, mayGrow else { throw error }
      }
      sampling.pairs = 4 * drawn
    }
  }
}
