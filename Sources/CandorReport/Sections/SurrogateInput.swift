public import CandorExplanation

/// Simple models of the champion, as section 12 lays them out.
public struct SurrogateInput: Sendable {
  /// Which of them.
  public enum Kind: String, Sendable, CaseIterable {
    /// A tree of few leaves.
    case tree
    /// Points for every cell of every feature.
    case scorecard
    /// A line around each applicant.
    case local
  }

  /// How well lines around single applicants hold: R² of each on rows that its fit did not see.
  public struct Local: Sendable {
    /// How many held-out applicants have a line.
    public var applicants: Int
    /// The median of R².
    public var median: Double
    /// The value of R² that a tenth of the applicants lie below.
    public var lowTenth: Double
    /// The least R².
    public var least: Double
    /// The share of applicants under `limit`.
    public var shareBelow: Double
    /// R² below which a line does not describe the model.
    public var limit: Double
    /// The name of the rows that values were drawn from.
    public var backgroundName: String
    /// How many those are.
    public var backgroundRows: Int
    /// The rows drawn for the fits.
    public var designRows: Int

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - applicants: How many held-out applicants have a line.
    ///   - median: The median of R².
    ///   - lowTenth: The value of R² that a tenth of the applicants lie below.
    ///   - least: The least R².
    ///   - shareBelow: The share of applicants under `limit`.
    ///   - limit: R² below which a line does not describe the model.
    ///   - backgroundName: The name of the rows that values were drawn from.
    ///   - backgroundRows: How many those are.
    ///   - designRows: The rows drawn for the fits.
    public init(
      applicants: Int, median: Double, lowTenth: Double, least: Double, shareBelow: Double,
      limit: Double, backgroundName: String, backgroundRows: Int, designRows: Int
    ) {
      self.applicants = applicants
      self.median = median
      self.lowTenth = lowTenth
      self.least = least
      self.shareBelow = shareBelow
      self.limit = limit
      self.backgroundName = backgroundName
      self.backgroundRows = backgroundRows
      self.designRows = designRows
    }
  }

  /// The champion in a handful of rules; nil where they could not be fitted.
  public var tree: GlobalSurrogateTree?
  /// The champion as a scorecard.
  public var scorecard: GlobalScorecard?
  /// Lines around single applicants.
  public var local: Local?
  /// What could not be fitted, and why, in the words of the program.
  public var failures: [(kind: Kind, sentence: String)] = []
  /// How many held-out rows tree and scorecard were fitted and judged on, half by half.
  public var rows: Int
  /// How many held-out rows there are.
  public var allRows: Int

  /// Begins without any surrogate.
  ///
  /// - Parameters:
  ///   - rows: How many held-out rows tree and scorecard were fitted and judged on.
  ///   - allRows: How many held-out rows there are.
  public init(rows: Int, allRows: Int) {
    self.rows = rows
    self.allRows = allRows
  }
}
