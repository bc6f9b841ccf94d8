import Candor
import CandorData
import CandorScoring

extension StudyReader {
  static func models(_ node: StudyNode?) throws(StudyError) -> [Study.ModelRequest] {
    let all = ModelLibrary.familyKeys
    guard let node else { return all.map { Study.ModelRequest(family: $0) } }
    var requests: [Study.ModelRequest] = []
    for (family, value) in try node.entries() {
      guard all.contains(family) else { throw value.unknownKey(family, known: all) }
      var options: [ModelOption] = []
      for (name, option) in try value.entries() {
        let known = ModelLibrary.optionNames(of: family)
        guard known.contains(name) else { throw option.unknownKey(name, known: known) }
        options.append(ModelOption(name: name, value: try optionValue(option)))
      }
      do {
        _ = try ModelLibrary.learner(family: family, options: options)
        _ = try ModelLibrary.encoding(of: family, EncodingOptions(), options: options)
      } catch {
        throw value.error(.outOfRange, error.description)
      }
      requests.append(Study.ModelRequest(family: family, options: options))
    }
    guard !requests.isEmpty else {
      throw node.error(.missingKey, "name at least one of \(all.joined(separator: ", ")).")
    }
    return requests
  }

  private static func optionValue(_ node: StudyNode) throws(StudyError) -> ModelOption.Value {
    if node.isSequence { return .numbers(try node.numbers()) }
    let text = try node.text()
    if let number = Double(text), number.isFinite { return .number(number) }
    switch text.lowercased() {
    case "true", "yes": return .flag(true)
    case "false", "no": return .flag(false)
    default: return .text(text)
    }
  }

  static func champion(_ node: StudyNode, study: Study) throws(StudyError) -> String {
    let known = ["best"] + study.models.map(\.family)
    let name = try node.text()
    guard known.contains(name) else {
      throw node.error(
        .outOfRange, "must be one of \(known.map { "`\($0)`" }.joined(separator: ", ")).")
    }
    return name
  }

  static func policy(_ node: StudyNode) throws(StudyError) -> Study.CutOffSetting {
    let parts = try node.mapping(known: ["cutoff"])
    guard let cutOff = parts["cutoff"] else {
      throw node.error(.missingKey, "needs `cutoff`.")
    }
    let rules = try cutOff.mapping(known: ["cost", "pd", "approval_rate"])
    guard rules.count == 1 else {
      throw cutOff.error(.outOfRange, "needs exactly one of `cost`, `pd` and `approval_rate`.")
    }
    if let probability = rules["pd"] {
      return .probability(try probability.number(in: 1e-6...0.999999))
    }
    if let rate = rules["approval_rate"] { return .approvalRate(try rate.number(in: 0.01...0.99)) }
    guard let cost = rules["cost"] else {
      throw cutOff.error(.missingKey, "needs `cost`, `pd` or `approval_rate`.")
    }
    let costs = try cost.mapping(known: ["false_good", "false_bad"])
    guard let falseGood = costs["false_good"], let falseBad = costs["false_bad"] else {
      throw cost.error(.missingKey, "needs `false_good` and `false_bad`.")
    }
    return .cost(
      falseGood: try falseGood.number(in: 1e-9...1e12),
      falseBad: try falseBad.number(in: 1e-9...1e12))
  }

  static func prior(_ node: StudyNode) throws(StudyError) -> Double {
    let parts = try node.mapping(known: ["population_bad_rate"])
    guard let rate = parts["population_bad_rate"] else {
      throw node.error(.missingKey, "needs `population_bad_rate`.")
    }
    return try rate.number(in: 1e-6...0.999999)
  }

  static func points(_ node: StudyNode) throws(StudyError) -> PointsScale {
    let parts = try node.mapping(known: ["base_points", "base_odds", "points_to_double_odds"])
    let standard = PointsScale()
    return PointsScale(
      basePoints: try parts["base_points"]?.number() ?? standard.basePoints,
      baseOdds: try parts["base_odds"]?.number(in: 1e-6...1e9) ?? standard.baseOdds,
      pointsToDoubleOdds: try parts["points_to_double_odds"]?.number(in: 1e-6...1e6)
        ?? standard.pointsToDoubleOdds)
  }

  private enum BackgroundKind: String, CaseIterable { case training }

  static func explain(_ node: StudyNode) throws(StudyError) -> Study.ExplainSettings {
    let parts = try node.mapping(known: [
      "background", "rows", "repeats", "importance_rows", "permutations", "drop_columns",
      "effects", "audit", "recourse",
    ])
    var settings = Study.ExplainSettings()
    _ = try parts["background"]?.choice(BackgroundKind.self)
    if let rows = parts["rows"] { settings.rows = try rows.integer(in: 10...100_000) }
    if let repeats = parts["repeats"] { settings.repeats = try repeats.integer(in: 2...1000) }
    if let rows = parts["importance_rows"] {
      settings.importanceRows = try rows.integer(in: 100...10_000_000)
    }
    if let count = parts["permutations"] {
      settings.permutations = try count.integer(in: 64...100_000)
    }
    if let count = parts["drop_columns"] { settings.dropColumns = try count.integer(in: 0...100) }
    if let effects = parts["effects"] { settings.effects = try effectSettings(effects) }
    if let audit = parts["audit"] { settings.audit = try auditSettings(audit) }
    if let recourse = parts["recourse"] { settings.recourse = try recourseSettings(recourse) }
    return settings
  }

  private enum ReferenceKind: String, CaseIterable {
    case nearCutOffApproved = "near-cutoff-approved"
  }

  static func decisionReasons(
    _ node: StudyNode
  ) throws(StudyError) -> Study.DecisionReasonSettings {
    let parts = try node.mapping(known: ["reference", "at_most", "reference_rows"])
    var settings = Study.DecisionReasonSettings()
    _ = try parts["reference"]?.choice(ReferenceKind.self)
    if let count = parts["at_most"] { settings.atMost = try count.integer(in: 1...4) }
    if let rows = parts["reference_rows"] {
      settings.referenceRows = try rows.integer(in: 200...100_000)
    }
    return settings
  }
}
