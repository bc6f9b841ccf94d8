public import CandorDocument
public import CandorEvaluation
public import CandorExplanation
public import CandorScoring

/// What section 13 lays out.
public struct IndividualInput: Sendable {
  /// One decision explained.
  public struct Case: Sendable {
    /// Why this one was chosen: a typical approval, one near the cut-off, a typical refusal.
    public var title: Message
    /// The row in the data, from one; never an identifier of a person.
    public var row: Int
    /// PD, points and decision.
    public var scored: ScoredRow
    /// The Shapley values against the reference.
    public var explanation: Explanation
    /// The rows of the reference.
    public var referenceRows: Int
    /// The applicant's own value of each source feature, as text.
    public var values: [String: String]
    /// The principal reasons, for refusals.
    public var reasons: PrincipalReasons?
    /// Whether the printed reasons suffice.
    public var sufficiency: ReasonVerification?
    /// The deletion test.
    public var deletion: Deletion?
    /// Agreement with other methods.
    public var agreements: [MethodAgreement]
    /// What other methods say beside the reasons, each with its own evidence.
    public var evidence: [Explanation] = []
    /// What the applicant could change; nil where it was not sought.
    public var recourse: Recourse?
    /// A rule that is enough for the decision; nil where none was sought.
    public var anchor: Anchor?
    /// The nearest approved applicant of the training sample; nil where none was sought.
    public var comparable: ComparableApplicants.Item?
    /// What another method says, for the decision that was chosen for that.
    public var second: SecondMethod?
    /// Why a person looks at the list of reasons first; empty where a notice may be sent, or without
    /// a list.
    public var review: [ReasonReview]
    /// Why no reasons could be given, in the words of the program; nil where there are some.
    public var referral: String?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - title: Why this one was chosen.
    ///   - row: The row in the data, from one.
    ///   - scored: PD, points and decision.
    ///   - explanation: The Shapley values against the reference.
    ///   - referenceRows: The rows of the reference.
    ///   - values: The applicant's own value of each source feature.
    ///   - reasons: The principal reasons, for refusals.
    ///   - sufficiency: Whether the printed reasons suffice.
    ///   - deletion: The deletion test.
    ///   - agreements: Agreement with other methods.
    ///   - review: Why a person looks at the list of reasons first.
    ///   - referral: Why no reasons could be given, in the words of the program.
    public init(
      title: Message, row: Int, scored: ScoredRow, explanation: Explanation, referenceRows: Int,
      values: [String: String], reasons: PrincipalReasons? = nil,
      sufficiency: ReasonVerification? = nil, deletion: Deletion? = nil,
      agreements: [MethodAgreement] = [], review: [ReasonReview] = [], referral: String? = nil
    ) {
      self.title = title
      self.row = row
      self.scored = scored
      self.explanation = explanation
      self.referenceRows = referenceRows
      self.values = values
      self.reasons = reasons
      self.sufficiency = sufficiency
      self.deletion = deletion
      self.agreements = agreements
      self.review = review
      self.referral = referral
    }
  }

  /// What another method says of a decision, side by side with the method of the reasons.
  public struct SecondMethod: Sendable {
    /// Its contributions, on the same scale.
    public var explanation: Explanation
    /// How far both agree.
    public var agreement: MethodAgreement
    /// On how many decisions both were compared before this one was chosen.
    public var compared: Int

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - explanation: Its contributions, on the same scale.
    ///   - agreement: How far both agree.
    ///   - compared: On how many decisions both were compared before this one was chosen.
    public init(explanation: Explanation, agreement: MethodAgreement, compared: Int) {
      self.explanation = explanation
      self.agreement = agreement
      self.compared = compared
    }
  }

  /// Evidence over many decisions.
  public struct Fidelity: Sendable {
    /// The family.
    public var family: String
    /// The method.
    public var method: ExplanationMethod
    /// The rows that were explained, by name.
    public var sample: Message
    /// The name of the rows that they were compared with.
    public var reference: String
    /// How many rows those are.
    public var referenceRows: Int
    /// How many decisions were explained.
    public var decisions: Int
    /// How many of them have no fidelity warning.
    public var withinLimits: Int
    /// The largest standard error as a share of the total attribution; nil for exact methods.
    public var largestRelativeError: Double?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - family: The family.
    ///   - method: The method.
    ///   - sample: The rows that were explained, by name.
    ///   - reference: The name of the rows that they were compared with.
    ///   - referenceRows: How many rows those are.
    ///   - decisions: How many decisions were explained.
    ///   - withinLimits: How many of them have no fidelity warning.
    ///   - largestRelativeError: The largest standard error as a share of the total attribution.
    public init(
      family: String, method: ExplanationMethod, sample: Message, reference: String,
      referenceRows: Int, decisions: Int, withinLimits: Int, largestRelativeError: Double? = nil
    ) {
      self.family = family
      self.method = method
      self.sample = sample
      self.reference = reference
      self.referenceRows = referenceRows
      self.decisions = decisions
      self.withinLimits = withinLimits
      self.largestRelativeError = largestRelativeError
    }
  }

  /// The cut-off on PD.
  public var cutOff: Double
  /// The decisions, three as a rule.
  public var cases: [Case]
  /// Evidence over many decisions; the champion's first.
  public var fidelity: [Fidelity]
  /// The wording of reasons.
  public var catalogue: ReasonCatalogue
  /// The limits that were fixed before the run.
  public var limits: [LimitName: Limit]
  /// The limits on fidelity evidence.
  public var thresholds: FidelityThresholds
  /// The quality of the champion's explanations; nil where it was not measured.
  public var scorecard: ExplanationScorecard?
  /// The fits on permuted outcomes behind it; nil where none was made.
  public var labelRefits: RefitExtent?
  /// What refused applicants could change; nil where it was not sought.
  public var recourse: RecourseInput?
  /// How the reference of reasons was chosen: its rows, the approved training rows of the band that
  /// they were spread over, all approved training rows, and the lowest out-of-fold PD of the band;
  /// nil where it is not known here.
  public var reference: (rows: Int, band: Int, approved: Int, lowestProbability: Double)?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - cutOff: The cut-off on PD.
  ///   - cases: The decisions.
  ///   - fidelity: Evidence over many decisions; the champion's first.
  ///   - catalogue: The wording of reasons.
  ///   - limits: The limits that were fixed before the run.
  ///   - thresholds: The limits on fidelity evidence.
  public init(
    cutOff: Double, cases: [Case], fidelity: [Fidelity], catalogue: ReasonCatalogue,
    limits: [LimitName: Limit], thresholds: FidelityThresholds = .standard
  ) {
    self.cutOff = cutOff
    self.cases = cases
    self.fidelity = fidelity
    self.catalogue = catalogue
    self.limits = limits
    self.thresholds = thresholds
  }
}
