public import CandorData
public import CandorScoring
import CandorNumerics

/// Integrated gradients on the straight path from a baseline row.
///
/// `(x_c − x0_c) ∫₀¹ ∂f/∂x_c (x0 + t (x − x0)) dt`, summed with signs over each player's encoded
/// columns. The integral is taken by Gauss–Legendre nodes, doubled until the attributions add up to
/// `f(x) − f(x0)` within tolerance. Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
public enum IntegratedGradients {
  /// The nodes of the first try.
  public static let firstNodes = 16
  /// The nodes of the last try; what is still missing then is printed as a warning.
  public static let mostNodes = 2048

  /// Explains each row against the baseline.
  ///
  /// The tolerance is the larger of `completenessShare · |f(x) − f(x0)|` and `completenessSpread`
  /// times the standard deviation of the value over the background. A try costs one batch of
  /// gradients, a row a node.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with gradients.
  ///   - quantity: What is explained; it must have a derivative.
  ///   - players: Who shares the difference.
  ///   - background: Where the spread of the value is measured.
  ///   - baseline: Where the path starts.
  ///   - threads: At most so many threads, over rows; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, without standard errors.
  /// - Throws: `ExplanationError.unsupported` where the quantity has no derivative everywhere.
  public static func explain(
    _ rows: EncodedRows, of scorer: some DifferentiableScorer, quantity: ExplainedQuantity,
    players: Players, background: Background, baseline: GradientBaseline, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try players.check(rows: rows, background: background)
    try players.check(rows: rows, background: baseline.background)
    let spread = background.standardDeviation(
      of: try scorer.values(of: background.rows, as: quantity))
    let explained = try scorer.values(of: rows, as: quantity)
    let base = try scorer.values(of: baseline.background.rows, as: quantity)[0]
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> Explanation in
      let row = Array(rows.matrix.row(r))
      let difference = explained[r] - base
      let tolerance = max(
        thresholds.completenessShare * abs(difference), thresholds.completenessSpread * spread)
      var nodes = firstNodes
      var perColumn: [Double]
      var residual: Double
      while true {
        perColumn = try integral(
          from: baseline.row, to: row, of: scorer, quantity: quantity, nodes: nodes)
        residual = difference - OrderedReduction.sum(perColumn)
        if abs(residual) <= tolerance || nodes >= mostNodes { break }
        nodes *= 2
      }
      return Explanation(
        method: .integratedGradients, scale: quantity.scale, background: baseline.background,
        baseValue: base, explainedValue: explained[r],
        attributions: zip(players.names, players.sums(of: perColumn)).map {
          Attribution(source: $0, value: $1, standardError: nil)
        },
        fidelity: Fidelity(
          .completeness(residual: residual, tolerance: tolerance, nodes: nodes),
          thresholds: thresholds))
    }
  }

  private static func integral(
    from start: [Double], to end: [Double], of scorer: some DifferentiableScorer,
    quantity: ExplainedQuantity, nodes: Int
  ) throws(ExplanationError) -> [Double] {
    let rule = GaussLegendre.nodesAndWeights(order: nodes)
    let width = start.count
    let path = Matrix(rows: nodes, columns: width) { node, c in
      start[c] + rule.nodes[node] * (end[c] - start[c])
    }
    let gradients = try scorer.gradients(at: EncodedRows(path), of: quantity)
    var sums = [Double](repeating: 0, count: width)
    for node in 0..<nodes {
      let weight = rule.weights[node]
      for (c, slope) in gradients.row(node).enumerated() { sums[c] += weight * slope }
    }
    for c in 0..<width { sums[c] *= end[c] - start[c] }
    return sums
  }
}
