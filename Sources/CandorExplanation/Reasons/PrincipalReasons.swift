public import CandorNumerics

/// What may be printed as one reason: a source feature or a group of them, as the catalogue has it.
public struct ReasonSubject: Sendable, Equatable, Codable {
  /// The feature's or group's name.
  public let name: String
  /// The source features in it; one for a feature.
  public let members: [String]
  /// The catalogue's priority, used between equal contributions only; lower comes first.
  public let priority: Int

  /// Joins a name to its members and its priority.
  public init(name: String, members: [String], priority: Int) {
    self.name = name
    self.members = members
    self.priority = priority
  }
}

/// The limits of the choice of reasons.
public struct PrincipalReasonOptions: Sendable, Equatable, Codable {
  /// The most reasons, from 1 up; four in US practice.
  public var atMost: Int
  /// A further reason must carry at least this share of all that speaks for refusal.
  public var leastShare: Double
  /// How often the choice is repeated with simulated errors.
  public var simulations: Int

  /// Options; at most four, 5% and two thousand simulations unless told otherwise.
  public init(atMost: Int = 4, leastShare: Double = 0.05, simulations: Int = 2000) {
    self.atMost = atMost
    self.leastShare = leastShare
    self.simulations = simulations
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> PrincipalReasonOptions {
    guard (1...20).contains(atMost) else {
      throw ExplanationError(.badOption, "atMost is \(atMost); it must be from 1 to 20.")
    }
    guard leastShare >= 0, leastShare < 1 else {
      throw ExplanationError(
        .badOption, "leastShare is \(leastShare); it must be from 0 up to, but not, 1.")
    }
    guard (100...1_000_000).contains(simulations) else {
      throw ExplanationError(
        .badOption, "simulations is \(simulations); it must be from 100 to 1,000,000.")
    }
    return self
  }
}

/// One subject's net contribution, whether it is a reason or not.
public struct ReasonContribution: Sendable, Equatable, Codable {
  /// The feature's or group's name.
  public let subject: String
  /// The source features in it.
  public let members: [String]
  /// The net contribution; positive is towards refusal.
  public let contribution: Double
  /// Its standard error: zero where exact. Of a group that was summed from members it is the sum of
  /// theirs, an upper bound.
  public let standardError: Double
  /// Half the width of the 95% interval, added up over members likewise.
  public let halfWidth: Double
  /// The share of all that speaks for refusal; nil for a contribution that does not.
  public let share: Double?
  /// The band of contributions whose 95% intervals overlap with the band's first one, from one; nil
  /// for a contribution that does not speak for refusal.
  public let band: Int?
  /// Whether the catalogue has an entry for it.
  public let isMapped: Bool
  /// The catalogue's priority.
  public let priority: Int
}

/// The principal reasons of one refusal, chosen by fixed rules from Shapley values.
///
/// The rules: only contributions towards refusal, on the decision's own quantity, against a reference
/// that would itself be approved; net over the members of a group; by size; at most four; none added
/// for the sake of number; none left out because it cannot be changed or is unwelcome. Ties are
/// broken by catalogue priority and then by name, and flagged.
public struct PrincipalReasons: Sendable, Equatable, Codable {
  /// Why the list ends where it ends.
  public enum Stop: String, Sendable, Codable {
    /// The most allowed are printed.
    case limit
    /// The next carries too small a share.
    case smallShare
    /// The next is within its own error of zero.
    case withinError
    /// Nothing else speaks for refusal.
    case exhausted
  }

  /// The reasons, largest first; one at least.
  public let reasons: [ReasonContribution]
  /// All contributions, for the log: those for refusal by size, then the others.
  public let contributions: [ReasonContribution]
  /// The sum of what speaks for refusal.
  public let adverseTotal: Double
  /// The sum of what speaks against it (not positive).
  public let favourableTotal: Double
  /// Why the list ends.
  public let stop: Stop
  /// Subjects among the reasons that share a band with another subject, in printed order.
  public let tied: [String]
  /// Whether the last reason allowed shares a band with the first one left out: sample more, then
  /// print with this flag.
  public let tieStraddlesLimit: Bool
  /// The probability, by simulation with the standard errors, that the set of reasons would be
  /// another one; zero where contributions are exact. Errors are taken as independent.
  public let changeProbability: Double
  /// Subjects among the reasons without a catalogue entry: a fault of the configuration.
  public let unmapped: [String]
  /// The unit.
  public let scale: ExplainedScale
  /// The method behind the contributions.
  public let method: ExplanationMethod
  /// The reference's name.
  public let referenceName: String
  /// The reference's hash.
  public let referenceHash: String
  /// The mean value of the reference.
  public let referenceValue: Double
  /// The value of the applicant.
  public let applicantValue: Double
  /// The value from which on an applicant is refused.
  public let refusedFrom: Double
  /// What the explanation's own evidence warned of.
  public let warnings: [FidelityWarning]
}

extension PrincipalReasons {
  /// Chooses the reasons of a refusal.
  ///
  /// - Parameters:
  ///   - explanation: Shapley values of the applicant against the reference, on log-odds, margin or
  ///     points, of groups as players or of source features.
  ///   - subjects: The catalogue's entries. A source feature that no entry has is a subject of its
  ///     own and reported as unmapped if it becomes a reason.
  ///   - refusedFrom: The value from which on an applicant is refused, on the explanation's scale.
  ///   - options: The limits of the choice.
  ///   - seeds: The randomness of the simulation.
  /// - Returns: The reasons with everything that a log needs.
  /// - Throws: `ExplanationError.notAReasonMethod` for other methods and for the probability scale,
  ///   `.notRefused` where the applicant is approved (below `refusedFrom` by more than 10⁻⁹ of it), `.referenceRefused` where the reference's mean
  ///   would be refused, `.noPrincipalReason` where no contribution towards refusal stands out from
  ///   its error: the case then goes to a person.
  public static func derive(
    from explanation: Explanation, subjects: [ReasonSubject], refusedFrom: Double,
    options: PrincipalReasonOptions = .init(), seeds: SeedTree
  ) throws(ExplanationError) -> PrincipalReasons {
    let options = try options.validated()
    try check(explanation, refusedFrom: refusedFrom)
    let netted = try net(explanation, subjects: subjects)
    let adverseTotal = OrderedReduction.sum(netted.map { max($0.value, 0) })
    let ordered = ReasonChoice.ordered(netted, total: adverseTotal)
    let choice = ReasonChoice.choose(ordered, total: adverseTotal, options: options)
    guard choice.count > 0 else {
      throw ExplanationError(
        .noPrincipalReason,
        "No contribution towards refusal stands out from its error; sample more or hand the case to "
          + "a person.")
    }
    let bands = ReasonChoice.bands(ordered, total: adverseTotal)
    let contributions = ordered.indices.map { position in
      let one = ordered[position]
      return ReasonContribution(
        subject: one.name, members: one.members, contribution: one.value,
        standardError: one.error, halfWidth: one.reach,
        share: one.value > 0 ? one.value / adverseTotal : nil,
        band: bands[position], isMapped: one.isMapped, priority: one.priority)
    }
    let reasons = Array(contributions.prefix(choice.count))
    let tied = reasons.filter { reason in
      contributions.contains { $0.subject != reason.subject && $0.band == reason.band }
    }
    return PrincipalReasons(
      reasons: reasons, contributions: contributions, adverseTotal: adverseTotal,
      favourableTotal: OrderedReduction.sum(netted.map { min($0.value, 0) }), stop: choice.stop,
      tied: tied.map(\.subject),
      tieStraddlesLimit: choice.stop == .limit && contributions.count > choice.count
        && contributions[choice.count].band != nil
        && contributions[choice.count].band == contributions[choice.count - 1].band,
      changeProbability: ReasonChoice.changeProbability(
        ordered, count: choice.count, options: options, seeds: seeds.child("reason changes")),
      unmapped: reasons.filter { !$0.isMapped }.map(\.subject), scale: explanation.scale,
      method: explanation.method, referenceName: explanation.backgroundName,
      referenceHash: explanation.backgroundHash, referenceValue: explanation.baseValue,
      applicantValue: explanation.explainedValue, refusedFrom: refusedFrom,
      warnings: explanation.fidelity.warnings)
  }

  private static func check(
    _ explanation: Explanation, refusedFrom: Double
  ) throws(ExplanationError) {
    guard explanation.method.givesReasons else {
      throw ExplanationError(
        .notAReasonMethod,
        "Reasons come from Shapley values against the reference; \(explanation.method.rawValue) is "
          + "evidence beside them at most.")
    }
    guard explanation.scale != .probability else {
      throw ExplanationError(
        .notAReasonMethod,
        "Reasons are given on log-odds, margin or points; explain the decision on one of these.")
    }
    // The caller refused on the PD, `PD >= cut-off`, and the value is compared with the cut-off's own
    // on another scale: both went through a logarithm, and may differ in their last bits where the
    // applicant stands on the cut-off. Such an applicant was refused and is owed reasons.
    let slack = 1e-9 * max(abs(refusedFrom), 1)
    guard explanation.explainedValue >= refusedFrom - slack else {
      throw ExplanationError(
        .notRefused,
        "The applicant's value \(explanation.explainedValue) is below \(refusedFrom), from which on "
          + "applicants are refused; an approval has no reasons for refusal.")
    }
    guard explanation.baseValue < refusedFrom else {
      throw ExplanationError(
        .referenceRefused,
        "The reference \"\(explanation.backgroundName)\" has the mean value "
          + "\(explanation.baseValue), which would be refused from \(refusedFrom) on; choose a "
          + "reference on the approving side.")
    }
  }

  /// Net contributions by subject: a player of the subject's own name, or the sum of its members.
  private static func net(
    _ explanation: Explanation, subjects: [ReasonSubject]
  ) throws(ExplanationError) -> [ReasonChoice.Candidate] {
    var taken: Set<String> = []
    var result: [ReasonChoice.Candidate] = []
    for subject in subjects {
      let players: [Attribution]
      if let own = explanation.attribution(of: subject.name) {
        players = [own]
      } else {
        players = subject.members.compactMap { explanation.attribution(of: $0) }
        guard players.count == subject.members.count else {
          let missing = subject.members.filter { explanation.attribution(of: $0) == nil }
          throw ExplanationError(
            .unknownFeature,
            "The catalogue's entry \"\(subject.name)\" names "
              + "\(missing.map { "\"\($0)\"" }.joined(separator: ", ")), which the explanation does "
              + "not have; explain the same features and groups as the catalogue.")
        }
      }
      for player in players where !taken.insert(player.source).inserted {
        throw ExplanationError(
          .badOption,
          "\"\(player.source)\" stands in two catalogue entries; one feature gives one reason.")
      }
      result.append(
        try candidate(
          name: subject.name, members: subject.members, players: players, isMapped: true,
          priority: subject.priority))
    }
    for attribution in explanation.attributions where !taken.contains(attribution.source) {
      result.append(
        try candidate(
          name: attribution.source, members: [attribution.source], players: [attribution],
          isMapped: false, priority: .max))
    }
    return result
  }

  private static func candidate(
    name: String, members: [String], players: [Attribution], isMapped: Bool, priority: Int
  ) throws(ExplanationError) -> ReasonChoice.Candidate {
    var value = 0.0
    var error = 0.0
    var reach = 0.0
    for player in players {
      guard let own = player.standardError, let upper = player.upper, own.isFinite,
        upper.isFinite, player.value.isFinite
      else {
        throw ExplanationError(
          .notAReasonMethod,
          "The contribution of \"\(player.source)\" has no standard error; a reason needs one.")
      }
      value += player.value
      error += own
      reach += upper - player.value
    }
    return ReasonChoice.Candidate(
      name: name, members: members, value: value, error: error, reach: reach, isMapped: isMapped,
      priority: priority)
  }
}
