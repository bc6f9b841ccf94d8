/// How far two lists of reasons for one refusal agree: the one against applicants approved near the
/// cut-off, and the one against all applicants.
///
/// Both are acceptable ways to choose principal reasons (12 CFR Part 1002, Supplement I, comment
/// 9(b)(2)-5); where they name different factors, a lender should know it.
public struct ReasonAgreement: Sendable, Equatable, Codable {
  /// The printed subjects, in order.
  public let printed: [String]
  /// The subjects of the other list, in order.
  public let other: [String]
  /// The other reference's name.
  public let otherReference: String
  /// The share of printed subjects that the other list has too.
  public let overlap: Double
  /// Whether both begin with the same subject.
  public let sameFirst: Bool

  /// Compares two lists.
  ///
  /// - Parameters:
  ///   - printed: The printed list; it has one reason at least.
  ///   - other: The list against the other reference.
  public init(_ printed: PrincipalReasons, _ other: PrincipalReasons) {
    let first = printed.reasons.map(\.subject)
    let second = other.reasons.map(\.subject)
    self.printed = first
    self.other = second
    otherReference = other.referenceName
    overlap = Double(first.count { second.contains($0) }) / Double(max(first.count, 1))
    sameFirst = first.first == second.first
  }
}
