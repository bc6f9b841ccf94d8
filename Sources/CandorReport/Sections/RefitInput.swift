public import CandorExplanation

/// How many fits beside the study's own stand behind a figure.
public struct RefitExtent: Sendable, Equatable {
  /// The family that was fitted.
  public var family: String
  /// How many fits were made.
  public var fits: Int
  /// The training rows of each.
  public var rows: Int
  /// The training rows of the study.
  public var allRows: Int

  /// Joins the numbers.
  ///
  /// - Parameters:
  ///   - family: The family that was fitted.
  ///   - fits: How many fits were made.
  ///   - rows: The training rows of each.
  ///   - allRows: The training rows of the study.
  public init(family: String, fits: Int, rows: Int, allRows: Int) {
    self.family = family
    self.fits = fits
    self.rows = rows
    self.allRows = allRows
  }
}

extension BehaviourInput {
  /// What the strongest features are worth to fits without them.
  public enum DropColumn: Sendable {
    /// The study asks for no such fit, or there is one feature alone.
    case notAsked
    /// A fit failed; why, in the words of the program.
    case failed(String)
    /// The worth of each feature, and what was fitted.
    case measured(DropColumnImportance, RefitExtent)
  }
}
