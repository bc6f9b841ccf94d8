public import CandorData
public import CandorScoring
import CandorNumerics

/// How much of a difference flows through each unit of a hidden layer.
///
/// The conductance of unit u is `∫₀¹ ∂f/∂y_u · dy_u/dt dt` along the straight path from the baseline
/// to the row, y being the unit's answer: over one layer they add up to the difference of the value.
/// Dhamdhere, Sundararajan and Yan 2018, arXiv:1805.12233. Units are no source features: conductance
/// says where in a net a decision is made, and is never a reason.
public struct LayerConductance: Sendable, Equatable, Codable {
  /// The hidden layer, from 1.
  public let layer: Int
  /// The unit of the numbers.
  public let scale: ExplainedScale
  /// The baseline's name.
  public let baselineName: String
  /// The baseline's hash.
  public let baselineHash: String
  /// The value at the baseline.
  public let baseValue: Double
  /// The value that was explained.
  public let explainedValue: Double
  /// One conductance a unit of the layer; positive is towards bad.
  public let units: [Double]
  /// The completeness residual, its tolerance, and the nodes or exact pieces behind the integrals.
  public let fidelity: Fidelity

  /// Explains each row by one hidden layer: without quadrature where the scorer is a net of
  /// rectifiers, else by nodes that double until the sum is complete.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with layers.
  ///   - layer: Which hidden layer, from 1.
  ///   - quantity: What is explained; it must have a derivative.
  ///   - background: Where the spread of the value is measured, for the tolerance.
  ///   - baseline: Where the path starts.
  ///   - threads: At most so many threads, over rows; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One value a row.
  /// - Throws: `ExplanationError` where there is no such layer, an activation is unknown, shapes differ,
  ///   or the quantity has no derivative.
  public static func explain(
    _ rows: EncodedRows, of scorer: some LayeredScorer, layer: Int, quantity: ExplainedQuantity,
    background: Background, baseline: GradientBaseline, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [LayerConductance] {
    guard let net = LayeredNet(of: scorer), quantity.isDifferentiable else {
      throw ExplanationError(
        .unsupported,
        "Conductance needs a net of dense layers with known activations, on a scale that has a "
          + "derivative; explain the margin, or use integrated gradients.")
    }
    guard layer >= 1, layer <= net.hidden.count else {
      throw ExplanationError(
        .badOption, "layer is \(layer); it must be between 1 and \(net.hidden.count).")
    }
    for width in [rows.width, background.rows.width, baseline.row.count] where width != net.width {
      throw ExplanationError(
        .badShape, "There are rows of \(width) encoded columns where the net takes \(net.width).")
    }
    let spread = background.standardDeviation(
      of: try scorer.values(of: background.rows, as: quantity, threads: threads))
    let explained = try scorer.values(of: rows, as: quantity, threads: threads)
    let base = try scorer.values(of: baseline.background.rows, as: quantity)[0]
    let values = rows.matrix.values
    let path = RectifierPath(net)
    let start = path?.start(at: baseline.row)
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> LayerConductance in
      let difference = explained[r] - base
      let tolerance = max(
        thresholds.completenessShare * abs(difference), thresholds.completenessSpread * spread)
      var units: [Double] = []
      var nodes = 0
      if let path, let start {
        let walk = path.walk(
          from: start, to: values, r..<r + 1, quantity: quantity, watching: layer - 1)
        (units, nodes) = (walk.conducted, walk.pieces[0])
      }
      if nodes == 0 {
        let row = Array(values[r * net.width..<(r + 1) * net.width])
        let line = ConductancePath(
          net: net, quantity: quantity, start: baseline.row,
          step: zip(row, baseline.row).map { $0 - $1 }, layer: layer - 1)
        (units, nodes) = try PathQuadrature.integrals(
          first: base, last: explained[r], tolerance: tolerance,
          values: { places throws(ExplanationError) in places.map { line.value(at: $0) } },
          integrand: { places throws(ExplanationError) in
            var matrix = Matrix(rows: places.count, columns: net.hidden[layer - 1].units)
            for (i, place) in places.enumerated() { matrix.setRow(i, to: line.flow(at: place)) }
            return matrix
          })
      }
      return LayerConductance(
        layer: layer, scale: quantity.scale, baselineName: baseline.name,
        baselineHash: baseline.hash, baseValue: base, explainedValue: explained[r], units: units,
        fidelity: Fidelity(
          .completeness(
            residual: difference - OrderedReduction.sum(units), tolerance: tolerance, nodes: nodes),
          thresholds: thresholds))
    }
  }
}

/// One straight path through a net, with the rates at which its units answer.
private struct ConductancePath {
  let net: LayeredNet
  let quantity: ExplainedQuantity
  let start: [Double]
  let step: [Double]
  let layer: Int

  private func row(at t: Double) -> [Double] { zip(start, step).map { $0 + t * $1 } }

  func value(at t: Double) -> Double { quantity.value(net.margin(at: row(at: t))) }

  /// The gradient in each unit's answer times the rate of the answer.
  func flow(at t: Double) -> [Double] {
    var inputs = row(at: t)
    var rates = step
    var slopes: [[Double]] = []
    var answered: [Double] = []
    for (l, hidden) in net.hidden.enumerated() {
      var sums = hidden.biases
      LayeredNetKernel.addProduct(
        hidden.weights.span, rows: hidden.units, columns: hidden.inputs, inputs.span, into: &sums)
      var changes = [Double](repeating: 0, count: hidden.units)
      LayeredNetKernel.addProduct(
        hidden.weights.span, rows: hidden.units, columns: hidden.inputs, rates.span, into: &changes)
      let answers = sums.map { hidden.answer($0) }
      inputs = answers.map(\.value)
      slopes.append(answers.map(\.slope))
      rates = zip(changes, answers).map { $0 * $1.slope }
      if l == layer { answered = rates }
    }
    let margin = zip(net.output, inputs).reduce(net.bias) { $0 + $1.0 * $1.1 }
    let slope = quantity.derivative(margin) ?? 0
    var gradients = net.output.map { $0 * slope }
    for l in stride(from: net.hidden.count - 1, to: layer, by: -1) {
      let deltas = zip(gradients, slopes[l]).map { $0 * $1 }
      let hidden = net.hidden[l]
      gradients = [Double](repeating: 0, count: hidden.inputs)
      LayeredNetKernel.addProduct(
        hidden.transposed.span, rows: hidden.inputs, columns: hidden.units, deltas.span,
        into: &gradients)
    }
    return zip(gradients, answered).map { $0 * $1 }
  }
}
