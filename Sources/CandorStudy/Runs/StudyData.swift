public import CandorData
public import CandorIntegrity
import CandorNumerics
public import CandorScoring
public import Foundation

/// A study's data after reading and splitting: typed columns with roles, labels, weights, parts.
public struct StudyData: Sendable {
  /// The table, as read.
  public let table: Table
  /// The columns with their roles.
  public let schema: Schema
  /// How the file was written.
  public let dialect: CSVDialect
  /// What inference found.
  public let inferences: [ColumnInference]
  /// What a person should know of how the data were read, in sentences.
  public let notices: [String]
  /// 1 where a row turned out bad, else 0.
  public let labels: [Double]
  /// One weight a row, where the study names a weight column.
  public let weights: [Double]?
  /// The training and test rows.
  public let split: Split
  /// The correction of PDs to the population's share of bad, where the study gives it.
  public let prior: PriorCorrection?
  /// The model's source features, in the file's order.
  public let features: [String]
  /// The columns used to measure fairness, in the file's order.
  public let protected: [String]
  /// The columns that name rows.
  public let identifiers: [String]
  /// The path as the study has it.
  public let path: String
  /// SHA-256 of the file as received.
  public let hash: Digest
  /// The size of the file as received, in bytes.
  public let byteCount: Int

  /// Reads the data of a study and divides them.
  ///
  /// - Parameters:
  ///   - study: What to read and how.
  ///   - folder: The folder that relative paths start from.
  /// - Returns: The data.
  /// - Throws: `DataError`, `StudyError` or `IntegrityError` with the first thing that is wrong.
  public static func load(_ study: Study, relativeTo folder: URL) throws -> StudyData {
    let path = resolved(study.data.path, relativeTo: folder)
    let reading = try CSVReader.read(
      file: path, options: study.data.options,
      columns: study.columns.mapValues(\.declaration))
    return try StudyData(study, reading: reading, hash: try Digest.ofFile(path))
  }

  static func resolved(_ path: String, relativeTo folder: URL) -> String {
    path.hasPrefix("/") ? path : folder.appendingPathComponent(path).path
  }

  private init(_ study: Study, reading: CSVReading, hash: Digest) throws {
    let table = reading.table
    try Self.checkNames(study, against: table.names)
    let roles = try Self.roles(study, names: table.names)
    let target = try table.requiredColumn(study.target.column)
    labels = try BinaryTarget.labels(
      of: target, bad: study.target.bad, good: study.target.good, lines: table.lines,
      file: study.data.path)
    func names(_ role: Role) -> [String] { table.names.filter { roles[$0] == role } }
    protected = names(.protected)
    features = table.names.filter { name in
      if let chosen = study.features { return chosen.contains(name) }
      return roles[name] == .feature
        || (roles[name] == .protected && study.columns[name]?.lawfulBasis != nil)
    }
    identifiers = names(.identifier)
    for name in features where ![.feature, .protected].contains(roles[name]) {
      throw StudyError(
        .outOfRange, "`features` names \"\(name)\", whose role is `\(roles[name]?.rawValue ?? "")`."
      )
    }
    guard !features.isEmpty else {
      throw StudyError(
        .notPossible, "No column is left as a feature; every column has another role.")
    }
    try Self.checkWordings(study, features: features)
    guard names(.weight).count <= 1 else {
      throw StudyError(
        .outOfRange,
        "\(names(.weight).map { "\"\($0)\"" }.joined(separator: " and ")) have the role `weight`; "
          + "a study has one weight column at most.")
    }
    weights = try names(.weight).first.map { try Self.weights(table.requiredColumn($0)) }
    schema = try Schema.inferred(from: reading, roles: roles)
    split = try Self.split(study, table: table, labels: labels)
    prior = try Self.prior(study, labels: labels, weights: weights, rows: split.train)
    self.table = table
    self.hash = hash
    dialect = reading.dialect
    inferences = reading.inferences
    notices = reading.notices + Self.doubts(study, reading: reading, features: features)
    path = study.data.path
    byteCount = reading.byteCount
  }

  /// The weights with which rows stand for the population: those of the data, and where the study
  /// gives the population's share of bad, those that bring both outcomes to their shares. Measures
  /// and the cut-off are taken with them; models are fitted with `weights`.
  var populationWeights: [Double]? {
    guard let prior else { return weights }
    return labels.indices.map { (weights?[$0] ?? 1) * prior.weight(ofLabel: labels[$0]) }
  }

  private static func prior(
    _ study: Study, labels: [Double], weights: [Double]?, rows: [Int]
  ) throws -> PriorCorrection? {
    guard let rate = study.populationBadRate else { return nil }
    return try PriorCorrection(
      populationBadRate: rate, labels: rows.map { labels[$0] },
      weights: weights.map { all in rows.map { all[$0] } })
  }

  /// What inference was not sure of, where the study does not settle it.
  private static func doubts(
    _ study: Study, reading: CSVReading, features: [String]
  ) -> [String] {
    var sentences: [String] = []
    for inference in reading.inferences where features.contains(inference.name) {
      if study.columns[inference.name]?.declaration.type == nil, inference.type == .categorical,
        !inference.strayCells.isEmpty || inference.numberHint != nil
      {
        sentences.append(
          "\"\(inference.name)\" was read as names, not as numbers: \(inference.reason); declare its "
            + "type or its missing codes.")
      }
      if study.columns[inference.name]?.role == nil,
        ProtectedNames.suggests(inference.name)
      {
        sentences.append(
          "\"\(inference.name)\" is an input although its name suggests a protected characteristic; "
            + "give it the role `protected`, or the role `feature` if it is none.")
      }
    }
    return sentences
  }

  private static func checkNames(_ study: Study, against names: [String]) throws {
    let known = Set(names)
    let mentioned =
      [study.target.column] + study.columns.keys.sorted() + (study.features ?? [])
      + study.groups.flatMap(\.members)
    for name in mentioned where !known.contains(name) {
      throw DataError.missingColumn(name, among: names, file: study.data.path)
    }
    for group in study.groups where known.contains(group.name) && group.members != [group.name] {
      throw StudyError(
        .outOfRange,
        "The group \"\(group.name)\" has the name of a column; give the group another name.")
    }
    let subjects = known.union(study.groups.map(\.name))
    for entry in study.reasons where !subjects.contains(entry.subject) {
      throw StudyError(
        .unknownKey,
        "`reasons` names \"\(entry.subject)\", which is neither a column nor a group"
          + (nearestName(to: entry.subject, among: subjects.sorted())
            .map { "; did you mean \"\($0)\"?" } ?? "."))
    }
  }

  /// A study that words reasons words all of them, in every language of its report: a factor without
  /// wording is found before anything is trained, not when a notice is due.
  private static func checkWordings(_ study: Study, features: [String]) throws {
    guard !study.reasons.isEmpty else { return }
    let catalogue = ReasonCatalogue(entries: study.reasons, groups: study.groups)
    let tags = ReasonAudit.languageTags(of: study)
    let unmapped = catalogue.players(for: features).map(\.name).filter { player in
      let wording = catalogue.entry(for: player)?.wording ?? [:]
      return !tags.allSatisfy { wording[$0]?.isEmpty == false }
    }
    guard unmapped.isEmpty else {
      let keys = tags.map { $0 == "zh-Hans" ? "`zh`" : "`\($0)`" }.joined(separator: " and ")
      throw StudyError(
        .missingKey,
        "`reasons` has no wording for \(unmapped.map { "\"\($0)\"" }.joined(separator: ", ")); give "
          + "every feature or its group \(keys), or leave `reasons` out.")
    }
  }

  private static func roles(_ study: Study, names: [String]) throws -> [String: Role] {
    var roles: [String: Role] = [:]
    for name in names {
      roles[name] = study.columns[name]?.role ?? .feature
    }
    if let given = study.columns[study.target.column]?.role, given != .target {
      throw StudyError(
        .outOfRange, "\"\(study.target.column)\" is the target; its role cannot be `\(given)`.")
    }
    roles[study.target.column] = .target
    if case .time(let column, _) = study.split, study.columns[column]?.role == nil {
      roles[column] = .period
    }
    if case .group(let column, _) = study.split, study.columns[column]?.role == nil {
      roles[column] = .identifier
    }
    for (name, role) in roles where role == .target && name != study.target.column {
      throw StudyError(.outOfRange, "\"\(name)\" has the role `target` beside the target column.")
    }
    return roles
  }

  private static func weights(_ column: Column) throws -> [Double] {
    guard let numbers = column.numbers else {
      throw DataError(.wrongType, "a weight column must be numeric", column: column.name)
    }
    for (row, weight) in numbers.enumerated() where !(weight >= 0 && weight.isFinite) {
      throw DataError(
        .notFinite, "row \(row + 1) has no weight of zero or more", column: column.name,
        value: String(weight))
    }
    return numbers
  }

  private static func split(_ study: Study, table: Table, labels: [Double]) throws -> Split {
    let seeds = SeedTree(seed: study.seed).child("split")
    switch study.split {
    case .stratified(let share):
      return try StratifiedSplit.make(labels: labels, testShare: share, seeds: seeds)
    case .time(let column, let from):
      return try TimeSplit.make(period: table.requiredColumn(column), from: from)
    case .group(let column, let share):
      return try GroupSplit.make(
        groups: table.requiredColumn(column), testShare: share, labels: labels, seeds: seeds)
    }
  }
}
