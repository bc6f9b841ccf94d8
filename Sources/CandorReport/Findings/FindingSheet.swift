public import CandorDocument
public import CandorEvaluation

/// Collects the findings of a section and numbers them.
public struct FindingSheet: Sendable {
  private let prefix: String
  /// The findings so far.
  public private(set) var findings: [Finding] = []

  /// Starts a sheet whose identifiers are `PREFIX-01`, `PREFIX-02` and so on.
  public init(prefix: String) { self.prefix = prefix }

  /// Adds an estimate, judged by its limit where there is one.
  ///
  /// - Parameters:
  ///   - measure: What was measured.
  ///   - estimate: The value with its interval; nil makes the finding "not tested".
  ///   - format: How it is printed.
  ///   - sample: The rows, by name.
  ///   - rows: How many rows.
  ///   - bads: How many of them are bad.
  ///   - limit: The limit fixed before the run.
  ///   - sufficientData: Whether there are rows enough for a verdict.
  public mutating func add(
    _ measure: Message, _ estimate: Estimate?, _ format: NumberFormat, sample: Message,
    rows: Int?, bads: Int?, limit: Limit? = nil, sufficientData: Bool = true
  ) {
    let value: Value =
      estimate.map {
        .estimate($0.value, lower: $0.lower, upper: $0.upper, format: format)
      } ?? .key("value.notComputed")
    findings.append(
      Finding(
        id: nextID, measure: measure, value: value,
        level: estimate.flatMap { $0.lower == nil ? nil : $0.level }, sample: sample, rows: rows,
        bads: bads,
        method: estimate.map { MethodNames.message($0.method) } ?? .key("value.notComputed"),
        limit: limit, format: format,
        verdict: limit?.judge(estimate, sufficientData: sufficientData)))
  }

  /// Adds a plain number, judged by its limit where there is one.
  ///
  /// - Parameters:
  ///   - measure: What was measured.
  ///   - number: The value; nil makes the finding "not tested".
  ///   - format: How it is printed.
  ///   - sample: The rows, by name.
  ///   - rows: How many rows.
  ///   - bads: How many of them are bad.
  ///   - method: How it was computed.
  ///   - limit: The limit fixed before the run.
  ///   - sufficientData: Whether there are rows enough for a verdict.
  public mutating func add(
    _ measure: Message, number: Double?, _ format: NumberFormat, sample: Message, rows: Int?,
    bads: Int?, method: Message, limit: Limit? = nil, sufficientData: Bool = true
  ) {
    findings.append(
      Finding(
        id: nextID, measure: measure,
        value: number.map { .number($0, format: format) } ?? .key("value.notComputed"),
        sample: sample, rows: rows, bads: bads, method: method, limit: limit, format: format,
        verdict: limit?.judge(number, sufficientData: sufficientData)))
  }

  /// Adds a finding whose value and verdict are known.
  ///
  /// - Parameters:
  ///   - measure: What was measured.
  ///   - value: The value.
  ///   - sample: The rows, by name.
  ///   - rows: How many rows.
  ///   - bads: How many of them are bad.
  ///   - method: How it was computed.
  ///   - verdict: The verdict, nil without a limit.
  public mutating func add(
    _ measure: Message, value: Value, sample: Message, rows: Int?, bads: Int?, method: Message,
    verdict: Verdict?
  ) {
    findings.append(
      Finding(
        id: nextID, measure: measure, value: value, sample: sample, rows: rows, bads: bads,
        method: method, verdict: verdict))
  }

  private var nextID: String {
    let number = findings.count + 1
    return prefix + "-" + (number < 10 ? "0" : "") + String(number)
  }
}
