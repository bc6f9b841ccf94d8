/// How the surrogates of a portfolio are drawn and fitted.
public struct PortfolioSurrogateOptions: Sendable, Equatable, Codable {
  /// Which rows stand behind the fits.
  public enum Design: String, Sendable, Codable, CaseIterable {
    /// Rows drawn from the training distribution, the same for every applicant, each source feature
    /// from a row of its own; a column of the fit is 1 where a row lies in the applicant's cell. The
    /// model is asked once a row, whatever the number of applicants. This is what the `lime` package
    /// draws for tables (its rows do not depend on the applicant either), with one draw for all.
    case pool
    /// As `pool`, with whole real rows, so that features stay together as they come.
    case realRows
    /// Rows that keep some of the applicant's values and take the others from one background row; a
    /// column of the fit is 1 where the value is kept. Which are kept is drawn once for all
    /// applicants, so that one factorisation and one matrix product give all fits; the model is asked
    /// once a row and applicant.
    case masks
  }

  /// Which rows stand behind the fits.
  public var design: Design
  /// The rows of the design, from 100 up.
  public var rows: Int
  /// The parts of the design, from 2 to 50: a fit's R² is measured on each part by the fit to the
  /// others; the standard error and the overlap come from fits to single parts.
  public var parts: Int
  /// The most cells of a number.
  public var bins: Int
  /// The width of the kernel on the square root of the share of players that differ; the default is
  /// that of the `lime` package, whose kernel is the root of one of width 0.75.
  public var kernelWidth: Double
  /// The ridge penalty on the coefficients of the 0/1 columns.
  public var ridge: Double
  /// Which players the fit takes.
  public var fit: SurrogateFit
  /// How many top players the overlap compares.
  public var top: Int
  /// Attributions of a surrogate with R² below it are left out; nil keeps all.
  public var refusalFloor: Double?

  /// Options; 5,000 rows of the pool in five parts unless told otherwise.
  public init(
    design: Design = .pool, rows: Int = 5_000, parts: Int = 5, bins: Int = 4,
    kernelWidth: Double = 0.75 * 1.4142135623730951, ridge: Double = 1, fit: SurrogateFit = .all,
    top: Int = 4, refusalFloor: Double? = nil
  ) {
    self.design = design
    self.rows = rows
    self.parts = parts
    self.bins = bins
    self.kernelWidth = kernelWidth
    self.ridge = ridge
    self.fit = fit
    self.top = top
    self.refusalFloor = refusalFloor
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> PortfolioSurrogateOptions {
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(ExplanationError) {
      if !holds { throw ExplanationError(.badOption, sentence()) }
    }
    try require(
      (100...1_000_000).contains(rows), "rows is \(rows); it must be from 100 to 1,000,000.")
    try require((2...50).contains(parts), "parts is \(parts); it must be from 2 to 50.")
    try require(
      rows >= 20 * parts, "rows is \(rows); \(parts) parts need \(20 * parts) at least.")
    try require((2...100).contains(bins), "bins is \(bins); it must be from 2 to 100.")
    try require(
      kernelWidth > 0 && kernelWidth.isFinite,
      "kernelWidth is \(kernelWidth); it must be above zero and finite.")
    try require(
      ridge >= 0 && ridge.isFinite, "ridge is \(ridge); it must be zero or more, and finite.")
    try require((1...1000).contains(top), "top is \(top); it must be from 1 to 1,000.")
    try fit.check()
    return self
  }
}
