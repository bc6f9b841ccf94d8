public import CandorData
public import CandorScoring

extension StudyReader {
  /// The keys of a column's `recourse`.
  private static let recourseKeys = [
    "change", "step", "at_least", "at_most", "levels", "cost", "carries", "ratio", "frozen_with",
  ]

  /// How an applicant could change a column.
  static func recourse(
    _ node: StudyNode, settings: Study.ColumnSettings
  ) throws(StudyError) -> ChangeRules.Rule {
    let parts = try node.mapping(known: recourseKeys)
    var rule = ChangeRules.Rule(feature: "")
    rule.change = try parts["change"]?.choice(ChangeRules.Change.self)
    if let step = parts["step"] {
      rule.step = try step.number()
      guard (rule.step ?? 0) > 0 else { throw step.error(.outOfRange, "must be above 0.") }
    }
    rule.atLeast = try parts["at_least"]?.number()
    rule.atMost = try parts["at_most"]?.number()
    if let low = rule.atLeast, let high = rule.atMost, low > high {
      throw node.error(.outOfRange, "`at_least` is above `at_most`, so that nothing is permitted.")
    }
    if let levels = parts["levels"] {
      let names = try levels.texts()
      guard !names.isEmpty else {
        throw levels.error(.outOfRange, "allows no level; write `change: none` instead.")
      }
      for name in names {
        guard names.count(where: { $0 == name }) == 1 else {
          throw levels.error(.outOfRange, "names \"\(name)\" twice.")
        }
        if let declared = settings.declaration.levels, !declared.contains(name) {
          let advice =
            nearestName(to: name, among: declared).map { "; did you mean \"\($0)\"?" } ?? "."
          throw levels.error(
            .outOfRange, "\"\(name)\" is none of the levels of the column\(advice)")
        }
      }
      rule.levels = names
    }
    if let cost = parts["cost"] {
      rule.cost = try cost.number()
      guard (rule.cost ?? 0) >= 0 else { throw cost.error(.outOfRange, "must be 0 or more.") }
    }
    for (name, value) in try parts["carries"]?.entries() ?? [] {
      rule.carries[name] = try value.number()
    }
    if let ratio = parts["ratio"] {
      let keys = try ratio.mapping(known: ["numerator", "denominator", "scale"])
      guard let above = keys["numerator"], let below = keys["denominator"] else {
        throw ratio.error(.missingKey, "needs `numerator` and `denominator`.")
      }
      rule.ratio = ChangeRules.Ratio(
        numerator: try above.text(), denominator: try below.text(),
        scale: try keys["scale"]?.number() ?? 1)
    }
    if let frozen = parts["frozen_with"] { rule.frozenWith = try frozen.texts() }
    if settings.immutable, let change = rule.change, change != .fixed {
      throw node.error(
        .outOfRange,
        "the column is `immutable` and has `change: \(change.rawValue)`; take one of them out.")
    }
    return rule
  }

  /// Refuses rules that name what is carried or divided both as given and as changing by itself.
  static func checkRecourse(_ study: Study, at node: StudyNode) throws(StudyError) {
    for (name, value) in try node.entries() {
      guard let rule = study.columns[name]?.recourse else { continue }
      for carried in rule.carries.keys.sorted() {
        let other = study.columns[carried]?.recourse?.change
        if let other, other != .fixed {
          throw value.error(
            .outOfRange,
            "carries \"\(carried)\", which has `change: \(other.rawValue)` of its own; set that to "
              + "`none`.")
        }
      }
      if rule.ratio != nil, let change = rule.change, change != .fixed {
        throw value.error(
          .outOfRange,
          "follows from its `ratio` and has `change: \(change.rawValue)`; take one of them out.")
      }
    }
  }
}

extension Study {
  /// What applicants could change, for the features of a model: columns that are protected, name rows
  /// or are marked as immutable stay as they are unless `recourse` says otherwise.
  ///
  /// - Parameters:
  ///   - features: The model's source features.
  ///   - schema: The columns' roles.
  /// - Returns: The rules, in the features' order.
  public func changeRules(for features: [String], schema: Schema) -> ChangeRules {
    var rules: [ChangeRules.Rule] = []
    for name in features {
      let settings = columns[name]
      let role = schema.column(name)?.role ?? .feature
      let stays = settings?.immutable ?? false || role != .feature
      let given = settings?.recourse
      guard stays || given != nil else { continue }
      var rule = ChangeRules.Rule(
        feature: name, change: given?.change ?? (stays ? .fixed : nil), step: given?.step,
        atLeast: given?.atLeast, atMost: given?.atMost, levels: given?.levels, cost: given?.cost,
        carries: given?.carries ?? [:], ratio: given?.ratio, frozenWith: given?.frozenWith ?? [])
      // What follows from another column has no direction of its own.
      if rule.ratio != nil { rule.change = nil }
      rules.append(rule)
    }
    return ChangeRules(rules: rules).restricted(to: features)
  }
}
