/// The measures that a study may set limits on; the raw value is the name in the study file.
public enum LimitName: String, Sendable, CaseIterable, Codable {
  /// Area under the ROC curve on the test sample.
  case auc
  /// Gini coefficient on the test sample.
  case gini
  /// Kolmogorov-Smirnov statistic on the test sample.
  case ks
  /// Average precision on the test sample.
  case averagePrecision = "average_precision"
  /// Training AUC less test AUC.
  case overfitGap = "overfit_gap"
  /// Observed over expected bads.
  case observedOverExpected = "observed_over_expected"
  /// Calibration intercept.
  case calibrationIntercept = "calibration_intercept"
  /// Calibration slope.
  case calibrationSlope = "calibration_slope"
  /// Brier score.
  case brier
  /// Log loss.
  case logLoss = "log_loss"
  /// Expected calibration error.
  case expectedCalibrationError = "ece"
  /// Accuracy at the cut-off.
  case accuracy
  /// Precision at the cut-off.
  case precision
  /// Recall at the cut-off.
  case recall
  /// F1 at the cut-off.
  case f1
  /// Approval rate at the cut-off.
  case approvalRate = "approval_rate"
  /// Bad rate among the approved.
  case badRateAmongApproved = "bad_rate_among_approved"
  /// Population stability index between training and test score.
  case psi
  /// Adverse impact ratio of every group.
  case adverseImpactRatio = "adverse_impact_ratio"
  /// Equal opportunity gap of every group, absolute.
  case equalOpportunityGap = "equal_opportunity_gap"
  /// AUC gap of every group, absolute.
  case groupAUCGap = "group_auc_gap"
  /// Share of explained decisions whose evidence is within the fidelity limits.
  case explanationsWithinLimits = "explanations_within_limits"
  /// Share of refusals that turn into approvals when the printed reasons move to the reference.
  case reasonSufficiency = "reason_sufficiency"
  /// AUC of telling a protected group from one feature alone.
  case proxyPower = "proxy_power"
}
