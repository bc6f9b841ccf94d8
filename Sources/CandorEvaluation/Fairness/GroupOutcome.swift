/// What a model and its cut-off mean for one group.
///
/// Everything but `label` and `rows` is nil where the group is suppressed; single numbers are nil
/// where their denominator is empty, and comparisons where there is no reference.
public struct GroupOutcome: Sendable, Equatable, Codable {
  /// The name of the group.
  public let label: String
  /// Rows that count.
  public let rows: Int
  /// Whether the group is too small to say anything without speaking of persons.
  public let isSuppressed: Bool
  /// Whether this is the reference group.
  public let isReference: Bool
  /// Whether the group has rows and bads enough for a verdict; numbers stand either way.
  public let verdictAllowed: Bool
  /// What the group says by itself.
  public let own: Own?
  /// What it says beside the reference; nil for the reference itself.
  public let comparison: Comparison?

  /// Statistics of the group alone.
  public struct Own: Sendable, Equatable, Codable {
    /// Bad rows.
    public let badRows: Int
    /// The sum of weights.
    public let weight: Double
    /// The share of bads.
    public let badRate: Estimate?
    /// The share approved, with Wilson's interval.
    public let approvalRate: Estimate
    /// The weighted mean probability of bad.
    public let meanProbability: Double
    /// The weighted mean score.
    public let meanScore: Double
    /// The area under the ROC curve within the group; nil with one class.
    public let auc: Estimate?
    /// The share of goods approved.
    public let goodsApproved: Estimate?
    /// The share of goods refused (false refusals).
    public let goodsRefused: Estimate?
    /// The share of bads refused (true refusals).
    public let badsRefused: Estimate?
    /// The share of bads among the approved.
    public let badRateAmongApproved: Estimate?
    /// Observed over expected bads.
    public let observedOverExpected: Estimate?
  }

  /// Statistics of the group against the reference.
  public struct Comparison: Sendable, Equatable, Codable {
    /// The adverse impact ratio with its test; nil where the reference approves nobody.
    public let adverseImpact: AdverseImpact?
    /// The refusal rate over that of the reference; nil where the reference refuses nobody.
    public let refusalRatio: Double?
    /// The approval rate minus that of the reference, Newcombe's interval.
    public let approvalGap: Estimate
    /// The mean score minus that of the reference, over the pooled standard deviation within the
    /// two groups (Cohen's d); nil where scores do not vary.
    public let standardisedMeanDifference: Estimate?
    /// The share of goods approved minus that of the reference.
    public let equalOpportunityGap: Estimate?
    /// The larger absolute gap of approvals among goods and refusals among bads.
    public let equalisedOddsGap: Double?
    /// The bad rate among the approved minus that of the reference.
    public let predictiveParityGap: Estimate?
    /// The area minus that of the reference; independent samples, normal interval.
    public let aucGap: Estimate?
  }
}
