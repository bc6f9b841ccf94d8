public import CandorData
public import CandorDocument
public import CandorEvaluation

/// What section 5 lays out.
public struct PreparationInput: Sendable {
  /// A column as it came.
  public struct Profile: Sendable {
    /// The column.
    public var name: String
    /// Its type.
    public var type: ColumnType
    /// Missing cells.
    public var missing: Int
    /// All cells.
    public var rows: Int
    /// Distinct values.
    public var distinct: Int
    /// Minimum, first percentile, median, 99th percentile, maximum of numbers; empty for levels.
    public var quantiles: [Double]
    /// The most frequent level and its share; nil for numbers.
    public var mode: (level: String, share: Double)?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - name: The column.
    ///   - type: Its type.
    ///   - missing: Missing cells.
    ///   - rows: All cells.
    ///   - distinct: Distinct values.
    ///   - quantiles: Minimum, first percentile, median, 99th percentile, maximum of numbers.
    ///   - mode: The most frequent level and its share.
    public init(
      name: String, type: ColumnType, missing: Int, rows: Int, distinct: Int,
      quantiles: [Double] = [], mode: (level: String, share: Double)? = nil
    ) {
      self.name = name
      self.type = type
      self.missing = missing
      self.rows = rows
      self.distinct = distinct
      self.quantiles = quantiles
      self.mode = mode
    }
  }

  /// The result of one data check.
  public struct Check: Sendable {
    /// What was checked.
    public var check: Message
    /// What was found, as a value to be printed.
    public var result: Value
    /// The columns that it concerns.
    public var columns: [String]
    /// The rows that were looked at, by name.
    public var sample: Message
    /// How many rows those are.
    public var rows: Int
    /// How it was checked.
    public var method: Message
    /// From where on it reports, warns or fails; nil without such limits.
    public var limit: Message?
    /// The verdict; nil for what is only worth knowing.
    public var verdict: Verdict?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - check: What was checked.
    ///   - result: What was found.
    ///   - columns: The columns that it concerns.
    ///   - sample: The rows that were looked at, by name.
    ///   - rows: How many rows those are.
    ///   - method: How it was checked.
    ///   - limit: From where on it reports, warns or fails.
    ///   - verdict: The verdict; nil for what is only worth knowing.
    public init(
      check: Message, result: Value, columns: [String], sample: Message, rows: Int,
      method: Message, limit: Message? = nil, verdict: Verdict?
    ) {
      self.check = check
      self.result = result
      self.columns = columns
      self.sample = sample
      self.rows = rows
      self.method = method
      self.limit = limit
      self.verdict = verdict
    }
  }

  /// Every source column as it came.
  public var profiles: [Profile] = []
  /// The data checks that were run.
  public var checks: [Check] = []
  /// What the encoder learnt on the training rows, one step a source feature.
  public var steps: [EncodingStep] = []
  /// What the encoder of another family learnt, where its coefficients are printed.
  public var coefficientSteps: (family: String, steps: [EncodingStep])?

  /// Starts an empty input.
  public init() {}
}

/// Section 5: quality of the data and their preparation.
public enum PreparationSection {
  /// Lays the section out.
  ///
  /// - Parameter input: Profiles, checks and transformations.
  /// - Returns: The section.
  public static func build(_ input: PreparationInput) -> ReportSection {
    var items: [ReportItem] = []
    var sheet = FindingSheet(prefix: "DATA")
    for check in input.checks {
      let columns: [Value] =
        check.columns.isEmpty
        ? [] : [.message(key("quality.columns", ["names": .list(check.columns.map(Value.code))]))]
      let measure = check.limit.map {
        key("quality.checkWithLimit", ["check": .message(check.check), "limit": .message($0)])
      }
      sheet.add(
        measure ?? check.check, value: .list([check.result] + columns), sample: check.sample,
        rows: check.rows, bads: nil, method: check.method, verdict: check.verdict)
    }
    if !sheet.findings.isEmpty {
      items += [
        .subheading(key("quality.checks")), .paragraph(key("quality.checksNote")),
        .findings(sheet.findings),
      ]
    }
    let numbers = input.profiles.filter { $0.quantiles.count == 5 }
    let levels = input.profiles.filter { $0.quantiles.count != 5 }
    items.append(.subheading(key("quality.profiles")))
    if !numbers.isEmpty { items.append(.table(numericTable(numbers))) }
    if !levels.isEmpty { items.append(.table(levelTable(levels))) }
    if !input.steps.isEmpty {
      let count = input.steps.reduce(0) { $0 + $1.columnNames.count }
      items += [
        .subheading(key("quality.preparation")),
        .paragraph(
          key(
            "quality.preparationNote",
            ["features": .count(input.steps.count), "columns": .count(count)])),
        .table(stepTable(input.steps, title: key("quality.steps"))),
      ]
    }
    if let other = input.coefficientSteps {
      items.append(
        .table(
          stepTable(
            other.steps,
            title: key("quality.stepsOf", ["family": FamilyName.value(other.family)]))))
    }
    items.append(
      SuppliedSections.notComputed(["check.missingAgainstTarget", "check.missingByMonth"]))
    return ReportSection(.preparation, items)
  }

  private static func share(_ part: Int, of whole: Int) -> Value {
    .number(whole > 0 ? Double(part) / Double(whole) : nil, .percent(1))
  }

  private static func numericTable(_ profiles: [PreparationInput.Profile]) -> ReportTable {
    ReportTable(
      title: key("quality.numbers"),
      columns: [
        .left("column.feature"), .left("column.type"), .right("column.missing"),
        .right("column.distinct"), .right("column.minimum"), .right("column.p1"),
        .right("column.median"), .right("column.p99"), .right("column.maximum"),
      ],
      rows: profiles.map { profile in
        let isDate = profile.type == .date
        let quantiles: [Value] = profile.quantiles.map { number in
          isDate && abs(number) < CivilDate.farthestDay
            ? .date(CivilDate(daysSinceEpoch: Int(number.rounded())).description)
            : .number(number, format: .significant(5))
        }
        return [
          .text(profile.name), .key("type.\(profile.type.rawValue)"),
          share(profile.missing, of: profile.rows), .count(profile.distinct),
        ] + quantiles
      })
  }

  private static func levelTable(_ profiles: [PreparationInput.Profile]) -> ReportTable {
    ReportTable(
      title: key("quality.levels"),
      columns: [
        .left("column.feature"), .left("column.type"), .right("column.missing"),
        .right("column.distinct"), .left("column.mode"), .right("column.modeShare"),
      ],
      rows: profiles.map { profile in
        [
          .text(profile.name), .key("type.\(profile.type.rawValue)"),
          share(profile.missing, of: profile.rows), .count(profile.distinct),
          profile.mode.map { .text($0.level) } ?? .text(NumberStyle.missing),
          .number(profile.mode?.share, .percent(1)),
        ]
      })
  }

  private static func stepTable(_ steps: [EncodingStep], title: Message) -> ReportTable {
    ReportTable(
      title: title,
      columns: [
        .left("column.feature"), .left("column.transformations"),
        .right("column.encodedColumns"),
      ],
      rows: steps.map { step in
        let done = step.transformations.compactMap(describe)
        return [
          .text(step.feature), done.isEmpty ? .key("step.none") : .list(done),
          .count(step.columnNames.count),
        ]
      }, note: key("quality.stepsNote"))
  }

  private static func describe(_ step: EncodingStep.Transformation) -> Value? {
    func number(_ value: Double) -> Value { .number(value, format: .significant(5)) }
    switch step {
    case .indicateMissing: return .key("step.indicateMissing")
    case .impute(let value): return .message(key("step.impute", ["x": number(value)]))
    case .imputeLevel(let level):
      return .message(key("step.imputeLevel", ["level": .text(level)]))
    case .missingAsLevel: return .key("step.missingAsLevel")
    case .groupRare(let grouped, _):
      guard !grouped.isEmpty else { return nil }
      return .message(key("step.groupRare", ["levels": .list(grouped.map(Value.text))]))
    case .clip(let lower, let upper):
      return .message(
        key("step.clip", ["range": .range(lower, upper, format: .significant(5))]))
    case .oneHot(let levels):
      return .message(key("step.oneHot", ["n": .count(levels.count)]))
    case .indicator(let level): return .message(key("step.indicator", ["level": .text(level)]))
    case .levelCodes(let levels, _):
      return .message(key("step.levelCodes", ["n": .count(levels.count)]))
    case .categoryCodes(let levels):
      return .message(key("step.categoryCodes", ["n": .count(levels.count)]))
    case .weightOfEvidence(let evidence):
      return .message(key("step.weightOfEvidence", ["n": .count(evidence.bins.count)]))
    case .scale(_, let center, let scale):
      return .message(key("step.scale", ["center": number(center), "scale": number(scale)]))
    case .dropConstant: return .key("step.dropConstant")
    }
  }
}
