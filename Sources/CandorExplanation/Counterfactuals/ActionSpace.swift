import CandorData
import CandorScoring

/// The rules made ready for applicants: what each source feature is, how it may move, at what price.
struct ActionSpace: Sendable {
  /// One source feature.
  struct Feature: Sendable {
    let name: String
    let type: ColumnType
    let change: ChangeRules.Change
    let rule: ChangeRules.Rule?
    let distribution: FeatureDistribution
    /// The places among the distribution's levels that may be proposed, in the rule's order.
    let levels: [Int]
    let columns: Range<Int>
    /// Whether it follows from others and never moves by itself.
    let follows: Bool

    var isNumeric: Bool { type == .numeric || type == .date }
  }

  let features: [Feature]
  let costPerChange: Double
  let costKind: ChangeRules.CostKind
  /// The places of the features by name.
  let places: [String: Int]

  /// Joins rules to what training had.
  ///
  /// - Parameters:
  ///   - encoder: The model's encoder.
  ///   - rules: The rules.
  ///   - fixed: Features that stay unless a rule lets them move (protected columns, identifiers).
  ///   - training: Training rows with the encoder's features.
  /// - Throws: `ExplanationError` with the first rule that does not fit.
  init(
    encoder: CandorData.Encoder, rules: ChangeRules, fixed: Set<String>, training: Table
  ) throws(ExplanationError) {
    try ActionSpace.check(rules, encoder: encoder)
    let names = encoder.features
    places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    costPerChange = rules.costPerChange
    costKind = rules.costKind
    let byName = Dictionary(rules.rules.map { ($0.feature, $0) }, uniquingKeysWith: { a, _ in a })
    let carried = Set(rules.rules.flatMap(\.carries.keys))
    let frozen = Set(
      rules.rules.filter { $0.ratio == nil && ($0.change ?? .fixed) == .fixed }
        .flatMap(\.frozenWith))
    var features: [Feature] = []
    for (step, source) in zip(encoder.steps, encoder.featureMap.sources) {
      let rule = byName[step.feature]
      let column: Column
      do throws(DataError) {
        column = try training.requiredColumn(step.feature)
      } catch {
        throw ExplanationError(.unknownFeature, "The training rows of recourse: \(error.message).")
      }
      guard (column.numbers != nil) == (step.type == .numeric || step.type == .date) else {
        throw ExplanationError(
          .badShape,
          "The training rows of recourse hold \"\(step.feature)\" as \(column.type.rawValue); the "
            + "model takes it as \(step.type.rawValue).")
      }
      let levels = ActionSpace.levels(of: step, column: column)
      let distribution = FeatureDistribution(column, levels: levels)
      let follows = carried.contains(step.feature) || rule?.ratio != nil
      let isFixed = fixed.contains(step.feature) || frozen.contains(step.feature)
      features.append(
        Feature(
          name: step.feature, type: step.type,
          change: follows || frozen.contains(step.feature)
            ? .fixed : rule?.change ?? (isFixed ? .fixed : .any),
          rule: rule, distribution: distribution,
          levels: (rule?.levels ?? levels).compactMap { levels.firstIndex(of: $0) },
          columns: source.columns, follows: follows))
    }
    self.features = features
  }

  /// The levels of a feature: in the declared order where there is one.
  private static func levels(of step: EncodingStep, column: Column) -> [String] {
    let known = Set(step.training.levels)
    guard step.type == .ordinal, let order = column.codes?.levels.levels else {
      return step.training.levels
    }
    return order.filter(known.contains) + step.training.levels.filter { !order.contains($0) }
  }
}

extension ActionSpace {
  /// Refuses rules that contradict the model or themselves.
  private static func check(
    _ rules: ChangeRules, encoder: CandorData.Encoder
  ) throws(ExplanationError) {
    let names = encoder.features
    let types = Dictionary(
      encoder.steps.map { ($0.feature, $0.type) }, uniquingKeysWith: { first, _ in first })
    func require(_ name: String, _ says: String) throws(ExplanationError) {
      guard types[name] == nil else { return }
      let advice = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? "."
      throw ExplanationError(
        .unknownFeature, "\(says) the unknown feature \"\(name)\"\(advice)")
    }
    func isNumeric(_ name: String) -> Bool { types[name] == .numeric || types[name] == .date }
    guard rules.costPerChange >= 0, rules.costPerChange.isFinite else {
      throw ExplanationError(
        .badOption,
        "The cost of a change is \(rules.costPerChange); it must be a finite number, zero or more.")
    }
    var seen: Set<String> = []
    for rule in rules.rules {
      try require(rule.feature, "A change rule names")
      guard seen.insert(rule.feature).inserted else {
        throw ExplanationError(
          .badOption, "There are two change rules for \"\(rule.feature)\"; join them.")
      }
      for name in rule.carries.keys.sorted() {
        try require(name, "The change rule of \"\(rule.feature)\" carries")
      }
      for name in rule.frozenWith {
        try require(name, "The change rule of \"\(rule.feature)\" freezes")
      }
      if let ratio = rule.ratio {
        try require(ratio.numerator, "The ratio \"\(rule.feature)\" is made of")
        try require(ratio.denominator, "The ratio \"\(rule.feature)\" is made of")
      }
      if let fault = fault(
        of: rule, isNumeric: isNumeric(rule.feature),
        levels: encoder.steps.first { $0.feature == rule.feature }?.training.levels ?? [],
        isOrdered: types[rule.feature] == .ordinal)
      {
        throw ExplanationError(.badOption, "The change rule of \"\(rule.feature)\" \(fault)")
      }
      for name in rule.carries.keys.sorted() {
        guard isNumeric(rule.feature), isNumeric(name), name != rule.feature else {
          throw ExplanationError(
            .badOption,
            "The change rule of \"\(rule.feature)\" carries \"\(name)\"; a number can carry another "
              + "number only.")
        }
        let target = rules.rule(for: name)
        guard target?.ratio == nil, (target?.change ?? .fixed) == .fixed,
          target?.carries.isEmpty ?? true
        else {
          throw ExplanationError(
            .badOption,
            "\"\(name)\" is carried by \"\(rule.feature)\" and has a change of its own; set its "
              + "change to none.")
        }
      }
      if let ratio = rule.ratio {
        let parts = [ratio.numerator, ratio.denominator]
        guard isNumeric(rule.feature), parts.allSatisfy(isNumeric), !parts.contains(rule.feature),
          !parts.contains(where: { rules.rule(for: $0)?.ratio != nil }),
          ratio.scale.isFinite, (rule.change ?? .fixed) == .fixed, rule.carries.isEmpty
        else {
          throw ExplanationError(
            .badOption,
            "The ratio \"\(rule.feature)\" must be a number made of two other numbers that are no "
              + "ratios, with a finite scale and without a change of its own.")
        }
      }
    }
  }

  private static func fault(
    of rule: ChangeRules.Rule, isNumeric: Bool, levels: [String], isOrdered: Bool
  ) -> String? {
    if let step = rule.step, !(step > 0 && step.isFinite) {
      return "has the step \(step); it must be a finite number above zero."
    }
    if let cost = rule.cost, !(cost >= 0 && cost.isFinite) {
      return "has the cost \(cost); it must be a finite number, zero or more."
    }
    for bound in [rule.atLeast, rule.atMost].compactMap({ $0 }) where !bound.isFinite {
      return "has the bound \(bound); a bound must be finite."
    }
    if let low = rule.atLeast, let high = rule.atMost, low > high {
      return "has at_least \(plainText(low)) above at_most \(plainText(high))."
    }
    if rule.carries.values.contains(where: { !$0.isFinite }) {
      return "carries by a number that is not finite."
    }
    if isNumeric {
      return rule.levels == nil ? nil : "names levels; the feature is a number, give a range."
    }
    if rule.step != nil || rule.atLeast != nil || rule.atMost != nil {
      return "has a step or a range; the feature has levels, name the ones allowed."
    }
    if let wanted = rule.levels {
      if wanted.isEmpty { return "allows no level; set its change to none." }
      if Set(wanted).count < wanted.count { return "names a level twice." }
      if let unknown = wanted.first(where: { !levels.contains($0) }) {
        let advice =
          nearestName(to: unknown, among: levels).map { "; did you mean \"\($0)\"?" } ?? "."
        return "names the unknown level \"\(unknown)\"\(advice)"
      }
    }
    if rule.change == .up || rule.change == .down, !isOrdered, rule.levels == nil {
      return "has a direction, and the feature's levels no order; name its levels, lowest first."
    }
    return nil
  }
}
