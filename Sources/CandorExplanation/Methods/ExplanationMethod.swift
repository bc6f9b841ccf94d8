/// The methods by name, as they stand in results.
public enum ExplanationMethod: String, Sendable, Codable, CaseIterable {
  /// Interventional Shapley values of an additive scorer, in closed form.
  case linearShapley
  /// Interventional Shapley values by all coalitions of few players.
  case enumeratedShapley
  /// Interventional Shapley values from antithetic pairs of random orders.
  case sampledShapley
  /// Integrated gradients from a baseline row.
  case integratedGradients
  /// The gradient, summed over each player's encoded columns.
  case gradient
  /// The gradient times the difference from a baseline row.
  case gradientTimesDifference
  /// A weighted linear fit around one applicant.
  case localSurrogate
  /// A linear fit over a sample.
  case globalSurrogate
  /// The mean gradient around one applicant.
  case smoothGradient
  /// Integrated gradients averaged over a background.
  case expectedGradients
  /// Interventional Shapley values of a tree ensemble, from its leaves.
  case treeShapley
  /// Shapley values of a tree ensemble by the cover of its nodes: another game, without a background.
  case pathDependentTreeShapley
  /// Interventional Shapley values by constrained weighted least squares over coalitions (KernelSHAP).
  case kernelShapley
  /// Interventional Shapley values of players in groups (Owen values).
  case owenValues
  /// Shapley values of a linear scorer in the conditional game of a normal distribution.
  case conditionalLinearShapley

  /// Whether reasons for refusal may come from it: Shapley values against a reference only.
  public var givesReasons: Bool {
    switch self {
    case .linearShapley, .enumeratedShapley, .sampledShapley, .treeShapley, .kernelShapley: true
    default: false
    }
  }

  /// Whether its answer is exact given model and background.
  public var isExact: Bool {
    switch self {
    case .linearShapley, .enumeratedShapley, .treeShapley, .pathDependentTreeShapley: true
    default: false
    }
  }
}
