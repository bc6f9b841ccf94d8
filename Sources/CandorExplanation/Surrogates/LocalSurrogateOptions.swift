/// How a local surrogate is drawn and fitted.
public struct LocalSurrogateOptions: Sendable, Equatable, Codable {
  /// The rows of one design, from 50 up; at least four times the encoded columns are used.
  public var rows: Int
  /// The designs drawn with different seeds, from 2 up: their mean is the answer, their spread its
  /// standard error.
  public var designs: Int
  /// The width of the kernel on the square root of the share of players replaced.
  public var kernelWidth: Double
  /// The ridge penalty on columns of unit spread.
  public var ridge: Double
  /// How many top players the overlap over seeds compares.
  public var top: Int
  /// Where replacing values come from.
  public var draws: SurrogateDraws
  /// Which players the fit takes.
  public var fit: SurrogateFit
  /// Kernel widths to choose from by R² on rows that the fits did not see: the widest whose R² is
  /// within one standard error of the best (Breiman and others 1984, section 3.4.3). Empty keeps
  /// `kernelWidth`.
  public var kernelWidths: [Double]
  /// A surrogate with R² below it is refused; nil refuses none.
  public var refusalFloor: Double?

  /// Options; ten designs of five hundred rows unless told otherwise.
  public init(
    rows: Int = 500, designs: Int = 10, kernelWidth: Double = 0.75, ridge: Double = 0,
    top: Int = 4, draws: SurrogateDraws = .joint, fit: SurrogateFit = .all,
    kernelWidths: [Double] = [], refusalFloor: Double? = nil
  ) {
    self.rows = rows
    self.designs = designs
    self.kernelWidth = kernelWidth
    self.ridge = ridge
    self.top = top
    self.draws = draws
    self.fit = fit
    self.kernelWidths = kernelWidths
    self.refusalFloor = refusalFloor
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> LocalSurrogateOptions {
    guard (50...1_000_000).contains(rows) else {
      throw ExplanationError(.badOption, "rows is \(rows); it must be from 50 to 1,000,000.")
    }
    guard (2...1000).contains(designs) else {
      throw ExplanationError(.badOption, "designs is \(designs); it must be from 2 to 1,000.")
    }
    guard kernelWidth > 0, kernelWidth.isFinite else {
      throw ExplanationError(
        .badOption, "kernelWidth is \(kernelWidth); it must be above zero and finite.")
    }
    guard ridge >= 0, ridge.isFinite else {
      throw ExplanationError(.badOption, "ridge is \(ridge); it must be zero or more, and finite.")
    }
    guard (1...1000).contains(top) else {
      throw ExplanationError(.badOption, "top is \(top); it must be from 1 to 1,000.")
    }
    guard kernelWidths.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ExplanationError(.badOption, "Every kernel width must be above zero and finite.")
    }
    try fit.check()
    return self
  }
}
