public import CandorData
public import CandorEvaluation
public import CandorExplanation
public import CandorReport
public import CandorScoring

/// Everything that a run of a study found, before it is laid out.
public struct StudyResult: Sendable {
  /// The study.
  public let study: Study
  /// Its data.
  public let data: StudyData
  /// What the data checks found.
  public let checks: [DataCheckResult]
  /// One profile a feature and protected column, on all rows.
  public let profiles: [ColumnProfile]
  /// Information value of each feature on the training rows.
  public let informationValues: [InformationValue]
  /// The families as trained, in the study's order.
  public let families: [FamilyRun]
  /// The position of the champion among the families.
  public let champion: Int
  /// The families' models, in the same order.
  public let models: [RiskModel]
  /// The families on the test rows, in the same order.
  public let tests: [TestEvaluation]
  /// The families side by side.
  public let comparison: FamilyComparison
  /// The champion's decisions by protected group.
  public let fairness: [GroupOutcomes]
  /// What each family does as a whole.
  public let explanations: [GlobalExplanation]
  /// What the champion does beside the importance of its features.
  public let behaviour: BehaviourInput
  /// The quality of the champion's explanations on test rows.
  public let scorecard: ExplanationScorecard
  /// The fits on permuted outcomes behind it.
  public let labelRefits: RefitExtent
  /// What the champion's refused test applicants could change; nil where nobody was refused.
  public let recourse: RecourseInput?
  /// Decisions of the champion on test rows.
  public let decisions: [ExplainedDecision]
  /// The reasons of the champion's refusals on test rows, as a population.
  public let reasonAudit: ReasonAudit
  /// How well each feature, and the champion's score, tells protected groups.
  public let proxies: ProxyScreen
  /// Whether the champion, saved and loaded, scores the test rows alike to the bit.
  public let bundleRoundTrip: Bool
  /// Wall times in seconds by stage; they belong in the manifest's clock alone.
  public let seconds: [String: Double]

  /// The champion's model.
  public var championModel: RiskModel { models[champion] }
  /// The champion on the test rows.
  public var championTest: TestEvaluation { tests[champion] }
}

/// How strongly a feature alone tells good from bad.
public struct InformationValue: Sendable, Equatable {
  /// The feature.
  public let feature: String
  /// Its information value, in the bins of `WeightOfEvidence`.
  public let value: Double
}

/// One decision that the report explains.
public struct ExplainedDecision: Sendable {
  /// Why this applicant was chosen.
  public enum Choice: String, Sendable, Codable {
    case typicalRefusal, narrowRefusal, typicalApproval, methodsDisagree
  }

  /// Why this applicant was chosen.
  public let choice: Choice
  /// The applicant's row in the data file, from 1 at the first data row.
  public let row: Int
  /// The explanation.
  public let explanation: ApplicantExplanation
  /// What another method says, where the decision was chosen for that.
  public let disagreement: MethodDisagreement?
}
