import CandorNumerics

/// Integrals along a path whose sum is known: the difference of a value at its ends.
///
/// The path is cut into panels of sixteen Gauss–Legendre nodes. In each panel the integrals must add
/// up to the difference of the value at its ends; panels that miss it are halved, so that nodes
/// double where the integrand jumps and nowhere else. Halving stops when the absolute residuals of all
/// panels together are within tolerance.
enum PathQuadrature {
  /// The nodes of a panel.
  static let panelNodes = 16
  /// The most nodes of all panels tried.
  static let mostNodes = 16_384

  /// A part of the path with its integrals.
  private struct Panel: Sendable {
    let start: Double
    let end: Double
    let valueAtStart: Double
    let valueAtEnd: Double
    var integrals: [Double] = []
    var residual = Double.infinity
  }

  /// Integrates over the path from 0 to 1.
  ///
  /// - Parameters:
  ///   - first: The value at 0.
  ///   - last: The value at 1.
  ///   - tolerance: What the integrals may miss the difference by.
  ///   - values: The value at some places of the path.
  ///   - integrand: A row a place; the rows' sums integrate to the difference of the value.
  /// - Returns: One integral a column of the integrand, and the number of nodes.
  /// - Throws: What the functions throw.
  static func integrals(
    first: Double, last: Double, tolerance: Double,
    values: ([Double]) throws(ExplanationError) -> [Double],
    integrand: ([Double]) throws(ExplanationError) -> Matrix
  ) throws(ExplanationError) -> (perColumn: [Double], nodes: Int) {
    var nodes = 0
    var panels: [Panel] = []
    var fresh = [Panel(start: 0, end: 1, valueAtStart: first, valueAtEnd: last)]
    while true {
      try integrate(&fresh, integrand)
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
      let between = try values(middles)
      fresh = zip(wide, zip(middles, between)).flatMap { panel, middle in
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

  /// Integrates panels by one call of the integrand.
  private static func integrate(
    _ panels: inout [Panel], _ integrand: ([Double]) throws(ExplanationError) -> Matrix
  ) throws(ExplanationError) {
    let rule = GaussLegendre.nodesAndWeights(order: panelNodes)
    let places = panels.flatMap { panel in
      rule.nodes.map { panel.start + $0 * (panel.end - panel.start) }
    }
    let found = try integrand(places)
    for position in panels.indices {
      let length = panels[position].end - panels[position].start
      var sums = [Double](repeating: 0, count: found.columns)
      for node in 0..<panelNodes {
        let weight = rule.weights[node] * length
        for (c, value) in found.row(position * panelNodes + node).enumerated() {
          sums[c] += weight * value
        }
      }
      panels[position].integrals = sums
      panels[position].residual =
        panels[position].valueAtEnd - panels[position].valueAtStart - OrderedReduction.sum(sums)
    }
  }
}
