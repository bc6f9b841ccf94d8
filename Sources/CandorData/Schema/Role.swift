/// What a column is for in a study.
public enum Role: String, Sendable, Codable, CaseIterable {
  /// The outcome: which rows turned out bad.
  case target
  /// An input of the model.
  case feature
  /// Used to measure fairness, never an input (unless the study gives a written lawful basis).
  case protected
  /// Names a row; never an input.
  case identifier
  /// A row's weight in training and evaluation.
  case weight
  /// When the row was observed, for splits by time.
  case period
  /// Not used at all.
  case ignored
}
