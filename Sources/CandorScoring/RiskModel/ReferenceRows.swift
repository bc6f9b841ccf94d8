public import CandorData

/// Rows that explanations compare with: source features only, named and hashed.
public struct ReferenceRows: Sendable, Equatable {
  /// What the rows are, for example `near-cutoff-approved`.
  public let name: String
  /// How they were chosen, in numbers: the PD band, how many there were.
  public let description: String
  /// The rows; its columns are the model's source features.
  public let table: Table
  /// SHA-256 of the rows' values.
  public let hash: String

  /// Joins rows to their name and hash.
  public init(name: String, description: String, table: Table, hash: String) {
    self.name = name
    self.description = description
    self.table = table
    self.hash = hash
  }
}
