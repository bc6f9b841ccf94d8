import CandorData
public import CandorNumerics

/// One refusal ready to be given reasons: who, by which model, against what, by which rules.
public struct ReasonCase: Sendable {
  /// The score function, on log-odds, margin or points.
  public var model: ExplainedModel
  /// The applicant's encoded row.
  public var applicant: [Double]
  /// Source features and groups, as the catalogue has them.
  public var players: Players
  /// Applicants on the approving side.
  public var reference: Background
  /// The catalogue's entries.
  public var subjects: [ReasonSubject]
  /// The value from which on an applicant is refused, on the model's scale.
  public var refusedFrom: Double
  /// The limits of the choice.
  public var options: PrincipalReasonOptions

  /// Joins the parts.
  public init(
    model: ExplainedModel, applicant: [Double], players: Players, reference: Background,
    subjects: [ReasonSubject], refusedFrom: Double, options: PrincipalReasonOptions = .init()
  ) {
    self.model = model
    self.applicant = applicant
    self.players = players
    self.reference = reference
    self.subjects = subjects
    self.refusedFrom = refusedFrom
    self.options = options
  }

  /// The reasons of this case, computed once.
  ///
  /// - Parameters:
  ///   - sampling: How many orders, where values are sampled.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The reasons; nil where the applicant is not refused, the reference's mean is, or no
  ///   reason stands out.
  /// - Throws: `ExplanationError` as the method does.
  public func reasons(
    sampling: SampledShapleyOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> PrincipalReasons? {
    switch try outcome(sampling: sampling, seeds: seeds, threads: threads) {
    case .reasons(let reasons): reasons
    case .none, .approved: nil
    }
  }

  enum Outcome {
    case reasons(PrincipalReasons)
    case none
    case approved
  }

  func outcome(
    sampling: SampledShapleyOptions, seeds: SeedTree, threads: Int
  ) throws(ExplanationError) -> Outcome {
    let explanation = try MethodSelection.shapley(
      for: model, rows: EncodedRows(row: applicant), players: players, background: reference,
      options: sampling, seeds: seeds, threads: threads)[0]
    do throws(ExplanationError) {
      return .reasons(
        try PrincipalReasons.derive(
          from: explanation, subjects: subjects, refusedFrom: refusedFrom, options: options,
          seeds: seeds))
    } catch {
      switch error.code {
      case .notRefused: return .approved
      case .noPrincipalReason, .referenceRefused: return .none
      default: throw error
      }
    }
  }

  /// The subjects that this case prints: empty where no reason can be given, nil where the applicant
  /// is not refused.
  func printed(
    sampling: SampledShapleyOptions, seeds: SeedTree, threads: Int
  ) throws(ExplanationError) -> [String]? {
    switch try outcome(sampling: sampling, seeds: seeds, threads: threads) {
    case .reasons(let reasons): reasons.reasons.map(\.subject)
    case .none: []
    case .approved: nil
    }
  }
}
