public import CandorData
public import CandorScoring
import CandorNumerics

/// Integrated gradients on the straight path from a baseline row.
///
/// `(x_c − x0_c) ∫₀¹ ∂f/∂x_c (x0 + t (x − x0)) dt`, summed with signs over each player's encoded
/// columns. Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
///
/// A net of rectifiers is a straight line between the places where a unit changes its side: there the
/// integral is a sum over pieces, exact to rounding (`explain` for a `LayeredScorer`). Elsewhere panels
/// of sixteen Gauss–Legendre nodes are halved until the completeness residual is within tolerance, so
/// that nodes double where the gradient jumps and nowhere else; what is still missing with
/// `mostNodes` is printed as a warning.
public enum IntegratedGradients {
  /// The nodes of a panel.
  public static let panelNodes = PathQuadrature.panelNodes
  /// The most nodes of all panels tried; what is still missing then is printed as a warning.
  public static let mostNodes = PathQuadrature.mostNodes

  /// Explains each row against the baseline by quadrature.
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
    let frame = try Frame(
      rows, scorer, quantity, players, background, baseline, threads, thresholds)
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> Explanation in
      try frame.byQuadrature(r, of: scorer)
    }
  }

  /// Explains each row against the baseline: exactly where the scorer is a net of rectifiers (ReLU,
  /// leaky ReLU, identity), else by quadrature with gradients from matrix products.
  ///
  /// The pieces of the path stand in the evidence as its nodes. A row whose pieces do not add up to
  /// its difference within tolerance is integrated by quadrature instead.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with layers.
  ///   - quantity: What is explained; it must have a derivative.
  ///   - players: Who shares the difference.
  ///   - background: Where the spread of the value is measured.
  ///   - baseline: Where the path starts.
  ///   - threads: At most so many threads, over tiles of rows; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, without standard errors.
  /// - Throws: `ExplanationError.unsupported` where the quantity has no derivative everywhere.
  public static func explain(
    _ rows: EncodedRows, of scorer: some LayeredScorer, quantity: ExplainedQuantity,
    players: Players, background: Background, baseline: GradientBaseline, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    guard let tiled = TiledGradients(scorer) else {
      let general: any DifferentiableScorer = scorer
      return try explain(
        rows, of: general, quantity: quantity, players: players, background: background,
        baseline: baseline, threads: threads, thresholds: thresholds)
    }
    guard let path = RectifierPath(tiled.net), quantity.isDifferentiable else {
      return try explain(
        rows, of: tiled, quantity: quantity, players: players, background: background,
        baseline: baseline, threads: threads, thresholds: thresholds)
    }
    let frame = try Frame(
      rows, tiled, quantity, players, background, baseline, threads, thresholds)
    let start = path.start(at: baseline.row)
    let tiles = Parallel.blocks(of: rows.count, size: LayeredNet.tileRows)
    return try Parallel.map(count: tiles.count, threads: threads) {
      t throws(ExplanationError) -> [Explanation] in
      let found = path.walk(from: start, to: frame.values, tiles[t], quantity: quantity)
      var explanations: [Explanation] = []
      explanations.reserveCapacity(tiles[t].count)
      for (i, r) in tiles[t].enumerated() {
        let width = frame.players.width
        let perColumn = found.contributions[i * width..<(i + 1) * width]
        if found.pieces[i] > 0, abs(frame.residual(r, perColumn)) <= frame.tolerance(r) {
          explanations.append(frame.explanation(r, perColumn, nodes: found.pieces[i]))
        } else {
          explanations.append(try frame.byQuadrature(r, of: tiled))
        }
      }
      return explanations
    }.flatMap { $0 }
  }

  /// What every row of one call shares.
  private struct Frame: Sendable {
    let values: [Double]
    let quantity: ExplainedQuantity
    let players: Players
    let baseline: GradientBaseline
    let thresholds: FidelityThresholds
    let spread: Double
    let explained: [Double]
    let base: Double

    init(
      _ rows: EncodedRows, _ scorer: some DifferentiableScorer, _ quantity: ExplainedQuantity,
      _ players: Players, _ background: Background, _ baseline: GradientBaseline, _ threads: Int,
      _ thresholds: FidelityThresholds
    ) throws(ExplanationError) {
      try players.check(rows: rows, background: background)
      try players.check(rows: rows, background: baseline.background)
      values = rows.matrix.values
      self.quantity = quantity
      self.players = players
      self.baseline = baseline
      self.thresholds = thresholds
      spread = background.standardDeviation(
        of: try scorer.values(of: background.rows, as: quantity, threads: threads))
      explained = try scorer.values(of: rows, as: quantity, threads: threads)
      base = try scorer.values(of: baseline.background.rows, as: quantity)[0]
    }

    func tolerance(_ r: Int) -> Double {
      max(
        thresholds.completenessShare * abs(explained[r] - base),
        thresholds.completenessSpread * spread)
    }

    func residual(_ r: Int, _ perColumn: ArraySlice<Double>) -> Double {
      explained[r] - base - OrderedReduction.sum(Array(perColumn))
    }

    func explanation(_ r: Int, _ perColumn: ArraySlice<Double>, nodes: Int) -> Explanation {
      Explanation(
        method: .integratedGradients, scale: quantity.scale, background: baseline.background,
        baseValue: base, explainedValue: explained[r],
        attributions: zip(players.names, players.sums(of: perColumn)).map {
          Attribution(source: $0, value: $1, standardError: nil)
        },
        fidelity: Fidelity(
          .completeness(
            residual: residual(r, perColumn), tolerance: tolerance(r), nodes: nodes),
          thresholds: thresholds))
    }

    func byQuadrature(
      _ r: Int, of scorer: some DifferentiableScorer
    ) throws(ExplanationError) -> Explanation {
      let start = baseline.row
      let width = start.count
      let step = (0..<width).map { values[r * width + $0] - start[$0] }
      func points(_ places: [Double]) -> EncodedRows {
        EncodedRows(
          Matrix(rows: places.count, columns: width) { start[$1] + places[$0] * step[$1] })
      }
      let found = try PathQuadrature.integrals(
        first: base, last: explained[r], tolerance: tolerance(r),
        values: { places throws(ExplanationError) in
          try scorer.values(of: points(places), as: quantity)
        },
        integrand: { places throws(ExplanationError) in
          let slopes = try scorer.gradients(at: points(places), of: quantity)
          return Matrix(rows: places.count, columns: width) { slopes[$0, $1] * step[$1] }
        })
      return explanation(r, found.perColumn[...], nodes: found.nodes)
    }
  }
}
