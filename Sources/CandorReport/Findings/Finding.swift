public import CandorDocument
public import CandorEvaluation

/// A measured value with all that a reader needs to weigh it: uncertainty, sample, rows, bads,
/// method, limit and verdict.
public struct Finding: Sendable, Equatable, Codable {
  /// The identifier, for example `PERF-03`; unique in a report.
  public let id: String
  /// What was measured.
  public let measure: Message
  /// The value with its interval.
  public let value: Value
  /// The confidence level of the interval, nil where there is none.
  public let level: Double?
  /// The rows that it was measured on, by name.
  public let sample: Message
  /// How many rows those are, nil where rows are not what was measured.
  public let rows: Int?
  /// How many of them are bad.
  public let bads: Int?
  /// How it was computed.
  public let method: Message
  /// The limit that was fixed before the run; no limit, no verdict.
  public let limit: Limit?
  /// How the limit is printed.
  public let format: NumberFormat
  /// The verdict, nil without a limit.
  public let verdict: Verdict?

  /// Makes a finding; there is none without sample and method.
  ///
  /// - Parameters:
  ///   - id: The identifier.
  ///   - measure: What was measured.
  ///   - value: The value with its interval.
  ///   - level: The confidence level of the interval.
  ///   - sample: The rows that it was measured on, by name.
  ///   - rows: How many rows.
  ///   - bads: How many of them are bad.
  ///   - method: How it was computed.
  ///   - limit: The limit.
  ///   - format: How the limit is printed.
  ///   - verdict: The verdict.
  public init(
    id: String, measure: Message, value: Value, level: Double? = nil, sample: Message,
    rows: Int? = nil, bads: Int? = nil, method: Message, limit: Limit? = nil,
    format: NumberFormat = .fixed(3), verdict: Verdict? = nil
  ) {
    self.id = id
    self.measure = measure
    self.value = value
    self.level = level
    self.sample = sample
    self.rows = rows
    self.bads = bads
    self.method = method
    self.limit = limit
    self.format = format
    self.verdict = verdict
  }
}
