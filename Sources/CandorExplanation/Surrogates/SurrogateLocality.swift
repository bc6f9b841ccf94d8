/// How local a surrogate is, and how far from the applicant it holds.
public struct SurrogateLocality: Sendable, Equatable, Codable {
  /// A kernel width that was tried.
  public struct Width: Sendable, Equatable, Codable {
    /// The width.
    public let width: Double
    /// The weighted R² on rows that the fits did not see, mean over designs.
    public let rSquared: Double
    /// Its standard error over designs.
    public let standardError: Double
  }

  /// Rows at about the same distance.
  public struct Shell: Sendable, Equatable, Codable {
    /// The least share of players replaced.
    public let from: Double
    /// The largest share of players replaced.
    public let through: Double
    /// The rows in the shell.
    public let rows: Int
    /// R² of the surrogate in the shell, around the shell's own mean; nil where the model's value
    /// does not vary there.
    public let rSquared: Double?
  }

  /// The kernel's width: a row's weight is `exp(−share / width²)`, share being that of the players
  /// replaced.
  public let kernelWidth: Double
  /// The widths tried, empty where the width was given.
  public let widths: [Width]
  /// Kish's effective number of the rows' weights, (Σw)² / Σw² (1965), over all designs.
  public let effectiveRows: Double
  /// Shells of rising distance; empty where they were not measured.
  public let shells: [Shell]
  /// The share of players replaced from which R² lies under the limit of a warning: the inner end of
  /// the first shell below it; nil where no shell is, or none was measured.
  public let fidelityDistance: Double?
  /// The coefficient stability index of Visani and others (2022, arXiv:2001.11757): over players, the
  /// mean share of pairs of designs whose 95% intervals of the attribution overlap; each interval
  /// from its own design by the sandwich estimator (White 1980, doi:10.2307/1912934). Nil where it was
  /// not measured. Their variables stability index is `SurrogateEvidence.topOverlap`.
  public let coefficientStability: Double?

  /// Joins the measurements.
  package init(
    kernelWidth: Double, widths: [Width] = [], effectiveRows: Double, shells: [Shell] = [],
    fidelityDistance: Double? = nil, coefficientStability: Double? = nil
  ) {
    self.kernelWidth = kernelWidth
    self.widths = widths
    self.effectiveRows = effectiveRows
    self.shells = shells
    self.fidelityDistance = fidelityDistance
    self.coefficientStability = coefficientStability
  }

  /// Kish's effective number.
  static func effectiveRows(_ weights: [Double]) -> Double {
    let sum = weights.reduce(0, +)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? sum * sum / squares : 0
  }
}
