/// What a model and its cut-off mean for the groups of one attribute.
///
/// Equal error rates and calibration in every group cannot both hold where bad rates differ: an
/// institution chooses which it seeks. The four-fifths ratio comes from employment law and was
/// never codified for lending; at high approval it hides large differences in refusals, so the
/// gap in points and the refusal ratio stand beside it.
public struct GroupOutcomes: Sendable, Equatable, Codable {
  /// The name of the attribute.
  public let attribute: String
  /// The probability of bad from which rows are refused.
  public let cutOff: Double
  /// The name of the reference group; nil where no group is large enough.
  public let reference: String?
  /// The groups in the order given, or of name.
  public let groups: [GroupOutcome]
  /// Rows whose group is not known; they are in no group.
  public let rowsWithoutGroup: Int
  /// The options used.
  public let options: GroupOptions

  /// Compares the groups of one attribute; `order` fixes which come first, unnamed ones follow by
  /// name; throws where lengths differ, or the reference is unknown or too small; O(n log n).
  public init(
    attribute: String, of sample: ScoredSample, groups labels: [String?], cutOff: Double,
    order: [String] = [], options: GroupOptions = GroupOptions()
  ) throws(EvaluationError) {
    let options = try options.validated()
    guard labels.count == sample.count else {
      throw EvaluationError(
        .lengthMismatch,
        "There are \(sample.count) rows but \(labels.count) values of \(attribute).")
    }
    var rows: [String: [Int]] = [:]
    var without = 0
    for (row, label) in labels.enumerated() where (sample.weights?[row] ?? 1) > 0 {
      if let label { rows[label, default: []].append(row) } else { without += 1 }
    }
    var names: [String] = []
    for name in order where rows[name] != nil && !names.contains(name) { names.append(name) }
    names += rows.keys.filter { !order.contains($0) }.sorted()

    var parts: [Part] = []
    for name in names {
      let positions = rows[name] ?? []
      let isSuppressed = positions.count < options.suppressBelow
      parts.append(
        Part(
          label: name, rows: positions.count,
          statistics: isSuppressed
            ? nil
            : try GroupStatistics(
              try sample.selecting(rows: positions), cutOff: cutOff, level: options.level)))
    }
    let reference = try Self.reference(among: parts, attribute: attribute, options)
    self.attribute = attribute
    self.cutOff = cutOff
    self.reference = reference?.label
    self.options = options
    rowsWithoutGroup = without
    // A comparison is as weak as the smaller of its two sides.
    let referenceSuffices =
      reference.map {
        $0.rows >= options.minimumRows
          && ($0.statistics?.own.badRows ?? 0) >= options.minimumBads
      } ?? false
    groups = parts.map { part in
      let isReference = part.label == reference?.label
      let badRows = part.statistics?.own.badRows ?? 0
      return GroupOutcome(
        label: part.label, rows: part.rows, isSuppressed: part.statistics == nil,
        isReference: isReference,
        verdictAllowed: part.statistics != nil && part.rows >= options.minimumRows
          && badRows >= options.minimumBads && referenceSuffices,
        own: part.statistics?.own,
        comparison: isReference
          ? nil
          : part.statistics.flatMap { statistics in
            reference?.statistics.map { statistics.compared(with: $0, level: options.level) }
          })
    }
  }

  private struct Part {
    let label: String
    let rows: Int
    let statistics: GroupStatistics?
  }

  /// The named group, or the one with the highest approval rate among those large enough; of equal
  /// ones the larger, then the first.
  private static func reference(
    among parts: [Part], attribute: String, _ options: GroupOptions
  ) throws(EvaluationError) -> Part? {
    if let name = options.reference {
      guard let part = parts.first(where: { $0.label == name }) else {
        let known = parts.map(\.label).joined(separator: ", ")
        throw EvaluationError(
          .unknownGroup,
          "No row has the value \"\(name)\" of \(attribute), which is to be the reference; "
            + "there are: \(known).")
      }
      guard part.statistics != nil else {
        throw EvaluationError(
          .unknownGroup,
          "The reference \"\(name)\" of \(attribute) has fewer than \(options.suppressBelow) "
            + "rows; choose a larger group.")
      }
      return part
    }
    var best: Part?
    for part in parts where part.rows >= options.minimumReferenceRows {
      guard let rate = part.statistics?.own.approvalRate.value else { continue }
      let bestRate = best?.statistics?.own.approvalRate.value ?? -1
      if rate > bestRate || (rate == bestRate && part.rows > (best?.rows ?? 0)) { best = part }
    }
    return best
  }
}
