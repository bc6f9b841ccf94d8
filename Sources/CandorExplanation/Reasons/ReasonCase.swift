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

  /// The reasons of this case by an explanation.
  ///
  /// - Parameters:
  ///   - explanation: Shapley values of the applicant by this case's model against its reference.
  ///   - seeds: The randomness of the simulation.
  /// - Returns: The reasons; nil where the applicant is not refused, the reference's mean is, or no
  ///   reason stands out.
  /// - Throws: `ExplanationError` as `PrincipalReasons.derive` does for other faults.
  public func reasons(
    by explanation: Explanation, seeds: SeedTree
  ) throws(ExplanationError) -> PrincipalReasons? {
    switch try outcome(of: explanation, seeds: seeds) {
    case .reasons(let reasons): reasons
    case .none, .approved: nil
    }
  }

  private enum Outcome {
    case reasons(PrincipalReasons)
    case none
    case approved
  }

  private func outcome(
    of explanation: Explanation, seeds: SeedTree
  ) throws(ExplanationError) -> Outcome {
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

  /// The subjects that this case prints by an explanation: empty where no reason can be given, nil
  /// where the applicant is not refused.
  ///
  /// - Parameters:
  ///   - explanation: Shapley values of the applicant by this case's model against its reference.
  ///   - seeds: The randomness of the simulation.
  /// - Returns: The subjects in printed order.
  /// - Throws: `ExplanationError` as `PrincipalReasons.derive` does for other faults.
  public func printed(
    by explanation: Explanation, seeds: SeedTree
  ) throws(ExplanationError) -> [String]? {
    switch try outcome(of: explanation, seeds: seeds) {
    case .reasons(let reasons): reasons.reasons.map(\.subject)
    case .none: []
    case .approved: nil
    }
  }
}
