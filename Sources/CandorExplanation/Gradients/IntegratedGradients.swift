public import CandorData
public import CandorScoring
import CandorNumerics

/// Integrated gradients on the straight path from a baseline row.
///
/// `(x_c − x0_c) ∫₀¹ ∂f/∂x_c (x0 + t (x − x0)) dt`, summed with signs over each player's encoded
/// columns. Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
///
/// The path is cut into panels of sixteen Gauss–Legendre nodes. In each panel the integrals must add
/// up to the difference of the value at its ends; panels that miss it are halved, so that nodes
/// double where the gradient jumps and nowhere else. Halving stops when the absolute residuals of all
/// panels together are within tolerance.
public enum IntegratedGradients {
  /// The nodes of a panel.
  public static let panelNodes = 16
  /// The most nodes of all panels tried; what is still missing then is printed as a warning.
  public static let mostNodes = 16_384

  /// Explains each row against the baseline.
  ///
  /// The tolerance is the larger of `completenessShare · |f(x) − f(x0)|` and `completenessSpread`
  /// times the standard deviation of the value over the background. A round of halving costs one
  /// batch of gradients, a row a node.
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
      let path = try integral(
        from: baseline.row, to: row, base: base, explained: explained[r], of: scorer,
        quantity: quantity, tolerance: tolerance)
      let perColumn = path.perColumn
      let residual = difference - OrderedReduction.sum(perColumn)
      return Explanation(
        method: .integratedGradients, scale: quantity.scale, background: baseline.background,
        baseValue: base, explainedValue: explained[r],
        attributions: zip(players.names, players.sums(of: perColumn)).map {
          Attribution(source: $0, value: $1, standardError: nil)
        },
        fidelity: Fidelity(
          .completeness(residual: residual, tolerance: tolerance, nodes: path.nodes),
          thresholds: thresholds))
    }
  }

  /// A part of the path with its integrals.
  private struct Panel: Sendable {
    let start: Double
    let end: Double
    let valueAtStart: Double
    let valueAtEnd: Double
    var integrals: [Double] = []
    var residual = Double.infinity
  }

  private static func integral(
    from start: [Double], to end: [Double], base: Double, explained: Double,
    of scorer: some DifferentiableScorer, quantity: ExplainedQuantity, tolerance: Double
  ) throws(ExplanationError) -> (perColumn: [Double], nodes: Int) {
    let step = zip(start, end).map { $1 - $0 }
    let width = start.count
    var nodes = 0
    var panels: [Panel] = []
    var fresh = [Panel(start: 0, end: 1, valueAtStart: base, valueAtEnd: explained)]
    while true {
      try integrate(&fresh, from: start, step: step, of: scorer, quantity: quantity)
      nodes += fresh.count * panelNodes
      panels = (panels + fresh).sorted { $0.start < $1.start }
      let missing = OrderedReduction.sum(panels.map { abs($0.residual) })
      // A panel may keep an equal share of half the tolerance; narrower ones are all rounding.
      let share = tolerance / Double(2 * panels.count)
      let wide = panels.filter { abs($0.residual) > share && $0.end - $0.start > 0x1p-30 }
      if missing <= tolerance || wide.isEmpty || nodes + 2 * wide.count * panelNodes > mostNodes {
        break
      }
      panels.removeAll { panel in wide.contains { $0.start == panel.start } }
      let middles = wide.map { ($0.start + $0.end) / 2 }
      let points = Matrix(rows: wide.count, columns: width) { start[$1] + middles[$0] * step[$1] }
      let values = try scorer.values(of: EncodedRows(points), as: quantity)
      fresh = zip(wide, zip(middles, values)).flatMap { panel, middle in
        [
          Panel(
            start: panel.start, end: middle.0, valueAtStart: panel.valueAtStart,
            valueAtEnd: middle.1),
          Panel(
            start: middle.0, end: panel.end, valueAtStart: middle.1, valueAtEnd: panel.valueAtEnd),
        ]
      }
    }
    return (OrderedReduction.sum(panels.map(\.integrals)), nodes)
  }

  /// Integrates panels in one batch of gradients.
  private static func integrate(
    _ panels: inout [Panel], from start: [Double], step: [Double],
    of scorer: some DifferentiableScorer, quantity: ExplainedQuantity
  ) throws(ExplanationError) {
    let rule = GaussLegendre.nodesAndWeights(order: panelNodes)
    let width = start.count
    let batch = panels
    let points = Matrix(rows: batch.count * panelNodes, columns: width) { r, c in
      let panel = batch[r / panelNodes]
      let t = panel.start + rule.nodes[r % panelNodes] * (panel.end - panel.start)
      return start[c] + t * step[c]
    }
    let gradients = try scorer.gradients(at: EncodedRows(points), of: quantity)
    for position in panels.indices {
      let length = panels[position].end - panels[position].start
      var sums = [Double](repeating: 0, count: width)
      for node in 0..<panelNodes {
        let weight = rule.weights[node] * length
        for (c, slope) in gradients.row(position * panelNodes + node).enumerated() {
          sums[c] += weight * slope * step[c]
        }
      }
      panels[position].integrals = sums
      panels[position].residual =
        panels[position].valueAtEnd - panels[position].valueAtStart - OrderedReduction.sum(sums)
    }
  }
}
