import CandorData
import CandorReport
import CandorScoring
import Foundation

/// Reads a study file: every key is known or refused, every value has its range.
public enum StudyReader {
  /// The top-level keys of a study.
  package static let keys = [
    "name", "data", "target", "columns", "features", "groups", "reasons", "preparation", "split",
    "folds",
    "models", "champion", "calibration", "prior", "policy", "points", "explain", "decision_reasons",
    "limits", "governance", "report", "notes", "seed",
  ]

  /// The keys whose entries have a meaningful order: ties go to the first of them.
  static let orderedKeys: Set<String> = ["groups", "reasons", "models"]

  /// The fields that an institution can supply.
  public static let governanceFields =
    ["model_id", "model_name", "version"] + SuppliedAnswers.names

  /// The measures that a limit can name.
  public static let measures = LimitName.allCases.map(\.rawValue)

  /// Reads a study from a file.
  ///
  /// - Parameter path: The file, as the user named it.
  /// - Returns: The study.
  /// - Throws: `StudyError` with file and line.
  public static func read(file path: String) throws(StudyError) -> Study {
    guard FileKind(ofPath: path) != .folder else {
      throw StudyError(.fileNotFound, "This is a folder; name the study file in it.", file: path)
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw StudyError(
        .fileNotFound, "There is no readable study file here; `candor init` writes one.",
        file: path)
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw StudyError(.badSyntax, "The study is not UTF-8 text.", file: path)
    }
    return try read(text: text, file: path)
  }

  /// Reads a study from text.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: The name that complaints give.
  /// - Returns: The study.
  /// - Throws: `StudyError` with file and line.
  public static func read(text: String, file: String) throws(StudyError) -> Study {
    let root = try StudyNode.root(of: text, file: file)
    let top = try root.mapping(known: keys)
    guard let dataNode = top["data"] else {
      throw root.error(.missingKey, "The study needs `data: {path: …}`.")
    }
    guard let targetNode = top["target"] else {
      throw root.error(.missingKey, "The study needs `target: {column: …, bad: …}`.")
    }
    let data = try dataSource(dataNode)
    let fallback = URL(fileURLWithPath: data.path).lastPathComponent
    var study = Study(
      name: try top["name"]?.text() ?? fallback, data: data, target: try target(targetNode))
    if let node = top["columns"] { study.columns = try columns(node) }
    if let node = top["columns"] { try checkRecourse(study, at: node) }
    if let node = top["features"] { study.features = try features(node, study: study) }
    if let node = top["groups"] { study.groups = try groups(node) }
    if let node = top["reasons"] { study.reasons = try reasons(node, study: study) }
    if let node = top["preparation"] { study.preparation = try preparation(node) }
    if let node = top["split"] { study.split = try split(node) }
    if let node = top["folds"] { study.folds = try node.integer(in: 2...50) }
    study.models = try models(top["models"])
    if let node = top["champion"] { study.champion = try champion(node, study: study) }
    if let node = top["calibration"] {
      study.calibration = try node.choice(Study.CalibrationKind.self)
    }
    if let node = top["prior"] { study.populationBadRate = try prior(node) }
    if let node = top["policy"] { study.policy = try policy(node) }
    if let node = top["points"] { study.points = try points(node) }
    if let node = top["explain"] { study.explain = try explain(node) }
    if let node = top["decision_reasons"] { study.decisionReasons = try decisionReasons(node) }
    if let node = top["limits"] { study.limits = try limits(node) }
    if let node = top["governance"] { study.governance = try governance(node) }
    if let node = top["report"] { try report(node, into: &study) }
    if let node = top["notes"] { study.notes = try node.texts() }
    if let node = top["seed"] {
      study.seed = UInt64(try node.integer(in: 0...Int.max))
    }
    try checkGroups(study, at: top["groups"])
    study.normalised = try root.normalised(keepingOrderOf: orderedKeys)
    return study
  }

  /// Protected columns are kept out of the model, not hidden in its explanations.
  private static func features(
    _ node: StudyNode, study: Study
  ) throws(StudyError) -> [String] {
    var names: [String] = []
    for item in try node.items() {
      let name = try item.text()
      let settings = study.columns[name]
      if settings?.role == .protected, settings?.lawfulBasis == nil {
        throw item.error(.protectedInput, protectedSentence(name))
      }
      names.append(name)
    }
    return names
  }

  private static func checkGroups(_ study: Study, at node: StudyNode?) throws(StudyError) {
    for group in study.groups {
      for member in group.members {
        let settings = study.columns[member]
        if settings?.role == .protected, settings?.lawfulBasis == nil {
          throw node?.error(.protectedInput, protectedSentence(member))
            ?? StudyError(.protectedInput, protectedSentence(member))
        }
      }
    }
  }

  private static func protectedSentence(_ name: String) -> String {
    "\"\(name)\" is protected and cannot be an input; take it out, or give its "
      + "`lawful_basis` under `columns`, which the report prints."
  }

  private static func dataSource(_ node: StudyNode) throws(StudyError) -> Study.DataSource {
    let parts = try node.mapping(known: [
      "path", "missing", "delimiter", "encoding", "decimal", "thousands",
    ])
    guard let path = parts["path"] else {
      throw node.error(.missingKey, "needs `path`, the data file.")
    }
    var source = Study.DataSource(path: try path.text())
    if let missing = parts["missing"] { source.options.missing = try missing.texts() }
    if let delimiter = parts["delimiter"] {
      let known = [
        ",": ",", ";": ";", "|": "|", "\t": "\t", "\\t": "\t", "tab": "\t", "comma": ",",
        "semicolon": ";", "pipe": "|",
      ]
      guard let character = known[try delimiter.text()] else {
        throw delimiter.error(.outOfRange, "must be `,`, `;`, `|` or `tab`.")
      }
      source.options.delimiter = character
    }
    if let encoding = parts["encoding"] {
      source.options.encoding = try encoding.choice(TextEncoding.self)
    }
    if let decimal = parts["decimal"] { source.options.decimal = try decimal.text() }
    source.options.thousands = try parts["thousands"]?.text()
    return source
  }

  private static func target(_ node: StudyNode) throws(StudyError) -> Study.Target {
    let parts = try node.mapping(known: ["column", "bad", "good"])
    guard let column = parts["column"], let bad = parts["bad"] else {
      throw node.error(.missingKey, "needs `column` and `bad`, the value that means default.")
    }
    return Study.Target(
      column: try column.text(), bad: try bad.text(), good: try parts["good"]?.text())
  }

  private static func columns(
    _ node: StudyNode
  ) throws(StudyError) -> [String: Study.ColumnSettings] {
    var result: [String: Study.ColumnSettings] = [:]
    for (name, value) in try node.entries() { result[name] = try column(value) }
    return result
  }

  private static func column(_ node: StudyNode) throws(StudyError) -> Study.ColumnSettings {
    var settings = Study.ColumnSettings()
    let parts = try node.mapping(known: [
      "role", "type", "levels", "missing", "thousands", "decimal", "date", "bands", "direction",
      "immutable", "lawful_basis", "description", "recourse",
    ])
    settings.role = try parts["role"]?.choice(Role.self)
    settings.declaration.type = try parts["type"]?.choice(ColumnType.self)
    settings.declaration.levels = try parts["levels"]?.texts()
    if let missing = parts["missing"] { settings.declaration.missing = try missing.texts() }
    settings.declaration.thousands = try parts["thousands"]?.text()
    settings.declaration.decimal = try parts["decimal"]?.text()
    settings.declaration.dateFormat = try parts["date"]?.text()
    if let bands = parts["bands"] {
      settings.bands = try bands.numbers()
      guard zip(settings.bands, settings.bands.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw bands.error(.outOfRange, "the lower edges of bands must rise.")
      }
    }
    settings.direction = try parts["direction"]?.choice(Direction.self)
    if let immutable = parts["immutable"] { settings.immutable = try immutable.flag() }
    settings.lawfulBasis = try parts["lawful_basis"]?.text()
    if let basis = settings.lawfulBasis, basis.allSatisfy(\.isWhitespace) {
      throw node.error(.outOfRange, "`lawful_basis` must say what the basis is.")
    }
    settings.description = try parts["description"]?.text()
    if let node = parts["recourse"] { settings.recourse = try recourse(node, settings: settings) }
    if settings.declaration.type == .ordinal, settings.declaration.levels == nil {
      throw node.error(.missingKey, "an ordinal column needs `levels`, lowest first.")
    }
    if settings.declaration.dateFormat != nil, settings.declaration.type == nil {
      settings.declaration.type = .date
    }
    return settings
  }

  private static func groups(_ node: StudyNode) throws(StudyError) -> [FeatureGroup] {
    var result: [FeatureGroup] = []
    var placed: [String: String] = [:]
    for (name, value) in try node.entries() {
      let members = try value.texts()
      for member in members {
        if let other = placed.updateValue(name, forKey: member) {
          throw value.error(
            .outOfRange, "\"\(member)\" is already in the group \"\(other)\"; one reason a feature."
          )
        }
      }
      result.append(FeatureGroup(name: name, members: members))
    }
    return result
  }

  private static func reasons(
    _ node: StudyNode, study: Study
  ) throws(StudyError) -> [ReasonCatalogue.Entry] {
    var result: [ReasonCatalogue.Entry] = []
    var wordings: [String: String] = [:]
    for (subject, value) in try node.entries() {
      let parts = try value.mapping(known: ["code", "en", "zh"])
      var wording: [String: String] = [:]
      if let english = parts["en"] { wording["en"] = try english.text() }
      if let chinese = parts["zh"] { wording["zh-Hans"] = try chinese.text() }
      for (language, text) in wording.sorted(by: { $0.key < $1.key }) {
        if let vague = WordingLint.vaguePhrase(in: text, language: language) {
          throw value.error(
            .outOfRange,
            "the wording \"\(text)\" is not specific (\"\(vague)\"); name the one factor that was "
              + "measured.")
        }
        if let other = wordings.updateValue(subject, forKey: text), other != subject {
          throw value.error(.outOfRange, "\"\(text)\" is already the wording of \"\(other)\".")
        }
      }
      let members = study.groups.first { $0.name == subject }?.members ?? [subject]
      result.append(
        ReasonCatalogue.Entry(
          subject: subject, code: try parts["code"]?.text(), wording: wording,
          immutable: members.allSatisfy { study.columns[$0]?.immutable ?? false }))
    }
    return result
  }

  private static func preparation(_ node: StudyNode) throws(StudyError) -> Study.Preparation {
    let parts = try node.mapping(known: [
      "missing_indicators", "numeric_imputation", "categorical_imputation", "winsorise",
      "rare_levels", "scaling", "categories",
    ])
    var result = Study.Preparation()
    if let flag = parts["missing_indicators"] { result.missingIndicators = try flag.flag() }
    if let kind = parts["numeric_imputation"] {
      result.numericImputation = try kind.choice(Study.NumericImputationKind.self)
    }
    if let kind = parts["categorical_imputation"] {
      result.categoricalImputation = try kind.choice(Study.CategoricalImputationKind.self)
    }
    if let limits = parts["winsorise"] {
      let bounds = try limits.numbers()
      guard bounds.count == 2, bounds[0] >= 0, bounds[0] < bounds[1], bounds[1] <= 1 else {
        throw limits.error(.outOfRange, "must be two rising shares, for example `[0.01, 0.99]`.")
      }
      result.winsorise = bounds[0]...bounds[1]
    }
    if let share = parts["rare_levels"] { result.rareLevels = try share.number(in: 0...0.5) }
    if let kind = parts["scaling"] { result.scaling = try kind.choice(Study.ScalingKind.self) }
    if let kind = parts["categories"] {
      result.categories = try kind.choice(Study.CategoryKind.self)
    }
    return result
  }

  private enum SplitKind: String, CaseIterable { case stratified, time, group }

  private static func split(_ node: StudyNode) throws(StudyError) -> Study.SplitSettings {
    let parts = try node.mapping(known: ["kind", "test", "column", "from"])
    let kind = try parts["kind"]?.choice(SplitKind.self) ?? .stratified
    let share = try parts["test"]?.number(in: 0.05...0.9) ?? 0.3
    switch kind {
    case .stratified: return .stratified(testShare: share)
    case .time:
      guard let column = parts["column"], let from = parts["from"] else {
        throw node.error(.missingKey, "a split by time needs `column` and `from`.")
      }
      return .time(column: try column.text(), from: try from.text())
    case .group:
      guard let column = parts["column"] else {
        throw node.error(.missingKey, "a split by group needs `column`.")
      }
      return .group(column: try column.text(), testShare: share)
    }
  }

  private static func limits(_ node: StudyNode) throws(StudyError) -> [Study.MeasureLimit] {
    var result: [Study.MeasureLimit] = []
    for (measure, value) in try node.entries() {
      guard measures.contains(measure) else { throw value.unknownKey(measure, known: measures) }
      let parts = try value.mapping(known: ["at_least", "at_most"])
      let limit = Study.MeasureLimit(
        measure: measure, atLeast: try parts["at_least"]?.number(),
        atMost: try parts["at_most"]?.number())
      guard limit.atLeast != nil || limit.atMost != nil else {
        throw value.error(.missingKey, "needs `at_least` or `at_most`.")
      }
      if let low = limit.atLeast, let high = limit.atMost, low > high {
        throw value.error(.outOfRange, "`at_least` is above `at_most`, so that nothing can pass.")
      }
      result.append(limit)
    }
    return result
  }

  private static func governance(_ node: StudyNode) throws(StudyError) -> [String: String] {
    var result: [String: String] = [:]
    for (field, value) in try node.entries() {
      guard governanceFields.contains(field) else {
        throw value.unknownKey(field, known: governanceFields)
      }
      result[field] =
        value.isSequence ? try value.texts().joined(separator: "; ") : try value.text()
    }
    return result
  }

  private static func report(_ node: StudyNode, into study: inout Study) throws(StudyError) {
    let parts = try node.mapping(known: ["languages", "profiles"])
    if let languages = parts["languages"] {
      let wanted = try languages.texts()
      guard !wanted.isEmpty, wanted.allSatisfy({ ["en", "zh"].contains($0) }) else {
        throw languages.error(.outOfRange, "the languages are `en` and `zh`.")
      }
      study.languages = wanted
    }
    if let profiles = parts["profiles"] { study.profiles = try profiles.texts() }
  }
}
