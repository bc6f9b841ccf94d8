import CandorData
import CandorNumerics

/// One applicant's exact interventional values against every single row of a background.
///
/// The values against a background are the weighted mean of those against its rows, so that a
/// resampled background costs a mean and no explanation. In the game of two rows a coalition and its
/// complement change places when the rows do, hence `φ(x; z) = −φ(z; x)`: all rows are explained at
/// once against the applicant.
package struct ReferenceContributions: Sendable {
  private let method: ExplanationMethod
  private let scale: ExplainedScale
  private let background: Background
  private let names: [String]
  private let perRow: [[Double]]
  private let rowValues: [Double]
  private let applicantValue: Double

  /// Explains the background's rows against the applicant; nil where values against this background
  /// are sampled.
  package init?(
    _ model: ExplainedModel, applicant: [Double], players: Players, background: Background,
    threads: Int
  ) throws(ExplanationError) {
    method = MethodSelection.shapleyMethod(for: model, players: players, background: background)
    guard method.isExact else { return nil }
    let own = EncodedRows(row: applicant)
    let found = try MethodSelection.shapley(
      for: model, rows: background.rows, players: players,
      background: try Background(name: background.name, rows: own, hash: background.hash),
      seeds: SeedTree(seed: 0), threads: threads)
    guard found.allSatisfy({ $0.method.isExact }), let first = found.first else { return nil }
    perRow = found.map { $0.attributions.map { -$0.value } }
    rowValues = found.map(\.explainedValue)
    applicantValue = first.baseValue
    names = players.names
    scale = model.scale
    self.background = background
  }

  /// The explanation against the background with other weights.
  ///
  /// - Parameter weights: One non-negative weight a background row, not all zero.
  /// - Returns: What the method would say, to rounding.
  package func explanation(weights: [Double]) -> Explanation {
    let total = OrderedReduction.sum(weights)
    let base = OrderedReduction.sum(zip(weights, rowValues).map(*)) / total
    let values = names.indices.map { player in
      OrderedReduction.sum(zip(weights, perRow).map { $0 * $1[player] }) / total
    }
    let sum = OrderedReduction.sum(values)
    let residual = applicantValue - base - sum
    let largest = values.reduce(max(1, abs(applicantValue), abs(base))) { max($0, abs($1)) }
    return Explanation(
      method: method, scale: scale, background: background, baseValue: base,
      explainedValue: applicantValue,
      attributions: zip(names, values).map {
        Attribution(source: $0, value: $1, standardError: 0)
      },
      fidelity: Fidelity(.additivity(residual: residual, relative: abs(residual) / largest)))
  }
}
