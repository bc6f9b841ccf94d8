/// What a coalition is worth: the question that Shapley values answer depends on it, so that it is
/// named with every answer.
public enum ShapleyGame: String, Sendable, Codable {
  /// Features outside the coalition come from the background, whatever the coalition's features are:
  /// how the model reacts (Janzing, Minorics and Blöbaum 2020, arXiv:1910.13413).
  case interventional
  /// Features outside the coalition are expected given the coalition's features under a joint normal
  /// distribution: what the features tell (Chen, Janizek, Lundberg and Lee 2020, arXiv:2006.16234). A
  /// feature that the model does not use may get credit.
  case conditionalNormal
  /// Features outside the coalition are averaged over the training rows that reach each node of a tree:
  /// close to neither of the others (Lundberg and others 2020, doi:10.1038/s42256-019-0138-9).
  case pathDependent

  /// The game in plain words.
  public var words: String {
    switch self {
    case .interventional: "interventional: other features as in the background"
    case .conditionalNormal: "conditional: other features as expected under a normal distribution"
    case .pathDependent: "path-dependent: other features as the training rows at each node"
    }
  }
}

extension ExplanationMethod {
  /// The game behind Shapley values; nil for methods that are none.
  public var game: ShapleyGame? {
    switch self {
    case .linearShapley, .enumeratedShapley, .sampledShapley, .treeShapley, .kernelShapley,
      .owenValues:
      .interventional
    case .pathDependentTreeShapley: .pathDependent
    case .conditionalLinearShapley: .conditionalNormal
    default: nil
    }
  }
}
