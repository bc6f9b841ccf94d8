public import CandorData
public import CandorNumerics
public import CandorScoring

/// Path-dependent Shapley values of a tree ensemble, exact for their own game: not for reasons.
///
/// A coalition's worth is the mean over the leaves where, at tests of players outside the coalition,
/// both sides count with their share of the training rows: Lundberg, Erion and Lee 2018,
/// arXiv:1802.03888. That is the conditional expectation only where the columns are independent given
/// the path, and it compares with no applicants that one could name; so these values are shown for
/// comparison with other tools, and never give reasons. Where a node saw no training row, its sides
/// count alike.
///
/// Computed by Gauss–Legendre quadrature (`TreeQuadratureKernel`), exact for any depth; O(nodes ·
/// players on a path) a row, the same for one row and for many.
public struct PathDependentTreeShapley<Model: TreeEnsembleScorer>: Sendable {
  /// The scorer.
  public let model: Model
  /// Who shares the value.
  public let players: Players
  let trees: PlayerTrees
  private let rule: TreeQuadrature

  /// Rows that are worked together, so that a tree is fetched once for all of them.
  private static var rowBlock: Int { 32 }

  /// Lays out the trees; O(nodes).
  ///
  /// - Parameters:
  ///   - model: A scorer made of trees, with the cover of their nodes.
  ///   - players: Who shares the value.
  /// - Throws: `ExplanationError.unsupported` where a tree is not one.
  public init(_ model: Model, players: Players) throws(ExplanationError) {
    self.model = model
    self.players = players
    trees = try PlayerTrees(model.ensemble, players: players)
    rule = TreeQuadrature(mostOnPath: trees.mostOnPath)
  }

  /// The name that explanations have for what they compare with.
  public static var backgroundName: String { "training rows of each path" }

  /// Explains each row.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - quantity: What is explained; it must be a straight line of the margin.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, errors zero; the base is the value of the cover-weighted mean
  ///   margin.
  /// - Throws: `ExplanationError.unsupported` where the quantity is no straight line of the margin,
  ///   `.notAdditive` where the trees and the scorer's margins disagree.
  public func explain(
    _ rows: EncodedRows, quantity: ExplainedQuantity, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let line = try quantity.straightLine()
    let margins = try marginValues(of: rows, threads: threads)
    let explained = try model.values(of: rows, as: quantity)
    let base = quantity.value(trees.coverMean)
    let hash = trees.coverHash
    var results: [Explanation] = []
    results.reserveCapacity(rows.count)
    for r in 0..<rows.count {
      let values = margins.row(r).map { line.slope * $0 }
      results.append(
        Explanation(
          method: .pathDependentTreeShapley, scale: quantity.scale,
          backgroundName: Self.backgroundName, backgroundHash: hash, baseValue: base,
          explainedValue: explained[r],
          attributions: zip(players.names, values).map {
            Attribution(source: $0, value: $1, standardError: 0)
          },
          fidelity: try LinearShapley.exactFidelity(
            residual: explained[r] - base - OrderedReduction.sum(values),
            magnitudes: values + [explained[r], base], thresholds: thresholds)))
    }
    return results
  }

  /// Exact values of the raw margin, one row a row and one column a player, without evidence.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: `rows × players`.
  /// - Throws: `ExplanationError.badShape` where the rows have another width.
  public func marginValues(
    of rows: EncodedRows, threads: Int = 1
  ) throws(ExplanationError) -> Matrix {
    try players.check(rows: rows)
    let cells = trees.cells(of: rows)
    let treeBlocks = trees.blocks
    let rowBlocks = Parallel.blocks(of: rows.count, size: Self.rowBlock)
    let parts = Parallel.map(count: rowBlocks.count * treeBlocks.count, threads: threads) {
      unit -> [Double] in
      rule.values(
        of: rowBlocks[unit / treeBlocks.count], in: trees,
        block: treeBlocks[unit % treeBlocks.count], cells: cells)
    }
    return Matrix(
      rows: rows.count, columns: players.count,
      joining: parts, rowBlocks: rowBlocks, partsEach: treeBlocks.count)
  }
}

extension PlayerTrees {
  /// An identity for the shares of cover that path-dependent values compare with.
  var coverHash: String { BitHash.text(of: nodes.lazy.map(\.leftShare)) }
}

extension Explanation {
  /// Joins the parts of an explanation that compares with no rows.
  init(
    method: ExplanationMethod, scale: ExplainedScale, backgroundName: String,
    backgroundHash: String, baseValue: Double, explainedValue: Double,
    attributions: [Attribution], fidelity: Fidelity
  ) {
    self.method = method
    self.scale = scale
    self.backgroundName = backgroundName
    self.backgroundHash = backgroundHash
    self.baseValue = baseValue
    self.explainedValue = explainedValue
    self.attributions = attributions
    self.fidelity = fidelity
  }
}
