public import CandorEvaluation
import CandorNumerics

/// What recourse many refused applicants have, over all and by group.
public struct RecourseStatistics: Sendable, Equatable, Codable {
  /// Applicants of one group, or all of them.
  public struct Group: Sendable, Equatable, Codable {
    /// The group's label; nil for all.
    public let label: String?
    /// How many refused applicants.
    public let count: Int
    /// Whether the group is too small to say anything without speaking of persons: the rest is nil.
    public let isSuppressed: Bool
    /// Whether it has rows enough, and recourse often enough, for a verdict.
    public let verdictAllowed: Bool
    /// The share for whom a counterfactual was found.
    public let share: Double?
    /// Wilson's interval of that share, 95%.
    public let interval: ConfidenceInterval?
    /// The share for whom there is provably none.
    public let impossibleShare: Double?
    /// The share for whom none was found and none is ruled out.
    public let openShare: Double?
    /// The median price of the cheapest counterfactual, of those that have one.
    public let medianCost: Double?
    /// The median number of its changes.
    public let medianChanges: Double?
    /// How often each feature is among the changes of the cheapest counterfactual, most often first.
    public let features: [FeatureShare]
  }

  /// How often a feature is among the changes.
  public struct FeatureShare: Sendable, Equatable, Codable {
    /// The source feature.
    public let feature: String
    /// The share of the cheapest counterfactuals that change it by choice.
    public let share: Double
  }

  /// Fewer applicants are not told of.
  public static let suppressedBelow = 10
  /// Fewer applicants allow no verdict.
  public static let rowsForVerdict = 100
  /// Fewer applicants with recourse allow no verdict.
  public static let foundForVerdict = 30

  /// All applicants.
  public let overall: Group
  /// The groups, in the order of their labels.
  public let groups: [Group]
  /// What a reader should know.
  public let warnings: [String]

  /// Sums up results.
  ///
  /// - Parameters:
  ///   - results: One a refused applicant.
  ///   - labels: The group of each applicant, nil where it is not known; nil leaves groups out.
  /// - Throws: `ExplanationError.badShape` where there is not one label a result.
  public init(_ results: [Recourse], groups labels: [String?]? = nil) throws(ExplanationError) {
    if let labels, labels.count != results.count {
      throw ExplanationError(
        .badShape,
        "There are \(labels.count) group labels for \(results.count) applicants; give one each.")
    }
    overall = Self.group(nil, results)
    var members: [String: [Recourse]] = [:]
    for (label, result) in zip(labels ?? [], results) {
      if let label { members[label, default: []].append(result) }
    }
    groups = members.keys.sorted().map { Self.group($0, members[$0] ?? []) }
    var warnings: [String] = []
    let timed = results.count(where: \.deadlineReached)
    if timed > 0 {
      warnings.append(
        "The deadline ended \(timed) of \(results.count) searches; the shares may depend on the "
          + "machine.")
    }
    let open = results.count { $0.verdict == .notFoundInTime }
    if open > 0 {
      warnings.append(
        "For \(open) of \(results.count) applicants none was found and none is ruled out: the share "
          + "with recourse is a lower bound.")
    }
    let unknown = labels?.count { $0 == nil } ?? 0
    if unknown > 0 { warnings.append("The group of \(unknown) applicants is not known.") }
    self.warnings = warnings
  }

  private static func group(_ label: String?, _ results: [Recourse]) -> Group {
    let sought = results.filter { $0.verdict != .notSought }
    let count = sought.count
    let isSuppressed = label != nil && count < suppressedBelow
    guard count > 0, !isSuppressed else {
      return Group(
        label: label, count: count, isSuppressed: isSuppressed, verdictAllowed: false, share: nil,
        interval: nil, impossibleShare: nil, openShare: nil, medianCost: nil, medianChanges: nil,
        features: [])
    }
    let cheapest = sought.compactMap(\.counterfactuals.first)
    let total = Double(count)
    let limits = BinomialDistribution.wilsonInterval(successes: cheapest.count, trials: count)
    var changed: [String: Int] = [:]
    for counterfactual in cheapest {
      for change in counterfactual.changes where !change.follows {
        changed[change.feature, default: 0] += 1
      }
    }
    let shares = changed.map {
      FeatureShare(feature: $0.key, share: Double($0.value) / Double(cheapest.count))
    }
    return Group(
      label: label, count: count, isSuppressed: false,
      verdictAllowed: count >= rowsForVerdict && cheapest.count >= foundForVerdict,
      share: Double(cheapest.count) / total,
      interval: ConfidenceInterval(lower: limits.lower, upper: limits.upper),
      impossibleShare: Double(sought.count { $0.verdict == .provenImpossible }) / total,
      openShare: Double(sought.count { $0.verdict == .notFoundInTime }) / total,
      medianCost: cheapest.isEmpty ? nil : Quantiles.value(of: cheapest.map(\.cost), at: 0.5),
      medianChanges: cheapest.isEmpty
        ? nil : Quantiles.value(of: cheapest.map { Double($0.changeCount) }, at: 0.5),
      features: shares.sorted {
        $0.share != $1.share ? $0.share > $1.share : $0.feature < $1.feature
      })
  }
}
