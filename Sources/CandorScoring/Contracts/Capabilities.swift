/// What a scorer can be asked, found out at run time.
public struct Capabilities: OptionSet, Sendable, Hashable {
  /// One bit a capability.
  public let rawValue: Int

  /// A set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Has gradients (`DifferentiableScorer`).
  public static let differentiable = Capabilities(rawValue: 1)
  /// Has dense layers (`LayeredScorer`).
  public static let layered = Capabilities(rawValue: 2)
  /// Has coefficients (`LinearScorer`).
  public static let linear = Capabilities(rawValue: 4)
  /// Is a sum of one-column terms (`AdditiveScorer`).
  public static let additive = Capabilities(rawValue: 8)
  /// Is made of trees (`TreeEnsembleScorer`).
  public static let treeEnsemble = Capabilities(rawValue: 16)
  /// Knows its out-of-bag rows (`OutOfBagScorer`).
  public static let outOfBag = Capabilities(rawValue: 32)
  /// Can be saved (`PersistableScorer`).
  public static let persistable = Capabilities(rawValue: 64)

  /// Asks a scorer; one of the two places where the question is asked at run time.
  public init(of scorer: any Scorer) {
    var found: Capabilities = []
    if scorer is any DifferentiableScorer { found.insert(.differentiable) }
    if scorer is any LayeredScorer { found.insert(.layered) }
    if scorer is any LinearScorer { found.insert(.linear) }
    if scorer is any AdditiveScorer { found.insert(.additive) }
    if scorer is any TreeEnsembleScorer { found.insert(.treeEnsemble) }
    if scorer is any OutOfBagScorer { found.insert(.outOfBag) }
    if scorer is any PersistableScorer { found.insert(.persistable) }
    self = found
  }

  /// The capabilities' names in a fixed order.
  public var names: [String] {
    let all: [(Capabilities, String)] = [
      (.differentiable, "differentiable"), (.layered, "layered"), (.linear, "linear"),
      (.additive, "additive"), (.treeEnsemble, "tree ensemble"), (.outOfBag, "out-of-bag"),
      (.persistable, "persistable"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
