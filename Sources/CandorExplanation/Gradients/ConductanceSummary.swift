/// How evenly a hidden layer of a net carries decisions: conductance averaged over applicants.
///
/// Units are no source features: this says where in a net decisions are made, and is never a reason.
public struct ConductanceSummary: Sendable, Equatable, Codable {
  /// One unit of the layer.
  public struct Unit: Sendable, Equatable, Codable {
    /// The unit, from 1.
    public let unit: Int
    /// The mean absolute conductance, on `scale`.
    public let meanAbsolute: Double
    /// The mean conductance; positive is towards bad.
    public let mean: Double
  }

  /// The hidden layer, from 1.
  public let layer: Int
  /// The unit of the numbers; nil without applicants.
  public let scale: ExplainedScale?
  /// The baseline's name; nil without applicants.
  public let baselineName: String?
  /// The applicants averaged over.
  public let applicants: Int
  /// The units, those that carry most first; equal ones by number.
  public let units: [Unit]
  /// So many units together carry half of the mean absolute conductance.
  public let unitsForHalf: Int
  /// The largest completeness residual in multiples of its tolerance.
  public let largestResidual: Double
  /// The applicants whose conductances miss the difference by more than the tolerance.
  public let incomplete: Int

  /// Sums up one layer.
  ///
  /// - Parameters:
  ///   - conductances: One an applicant, all of the same layer.
  ///   - layer: The layer, from 1.
  public init(_ conductances: [LayerConductance], layer: Int) {
    self.layer = layer
    scale = conductances.first?.scale
    baselineName = conductances.first?.baselineName
    applicants = conductances.count
    let count = Double(max(conductances.count, 1))
    let width = conductances.first?.units.count ?? 0
    units = (0..<width).map { unit in
      let own = conductances.map { $0.units[unit] }
      return Unit(
        unit: unit + 1, meanAbsolute: own.reduce(0) { $0 + abs($1) } / count,
        mean: own.reduce(0, +) / count)
    }.sorted { ($1.meanAbsolute, $0.unit) < ($0.meanAbsolute, $1.unit) }
    let total = units.reduce(0) { $0 + $1.meanAbsolute }
    var sum = 0.0
    unitsForHalf =
      units.firstIndex { unit in
        sum += unit.meanAbsolute
        return sum >= total / 2
      }.map { $0 + 1 } ?? 0
    var largest = 0.0
    for one in conductances {
      guard case .completeness(let residual, let tolerance, _) = one.fidelity.evidence else {
        continue
      }
      largest = max(largest, tolerance > 0 ? abs(residual) / tolerance : abs(residual))
    }
    largestResidual = largest
    incomplete = conductances.count { !$0.fidelity.warnings.isEmpty }
  }
}
