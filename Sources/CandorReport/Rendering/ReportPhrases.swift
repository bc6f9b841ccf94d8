public import CandorData
public import CandorDocument
public import CandorExplanation

/// Sentences that a study fills into section inputs, in every language.
public enum ReportPhrases {
  /// The name of a method of explanation.
  public static func method(_ method: ExplanationMethod) -> Message {
    ExplanationNames.method(method)
  }

  /// What the evidence of an explanation says, in a sentence with its numbers.
  public static func evidence(_ evidence: FidelityEvidence) -> Message {
    ExplanationNames.evidence(evidence)
  }

  /// The warnings of an explanation's evidence.
  public static func warnings(_ warnings: [FidelityWarning]) -> Value {
    ExplanationNames.warnings(warnings)
  }

  /// Why a person looks at a list of reasons first.
  public static func review(_ cause: ReasonReview) -> Message { ExplanationNames.review(cause) }

  /// What a check of the scorecard is about, methods by their names.
  public static func scorecardSubject(_ subject: String) -> Value {
    ScorecardItems.subject(subject)
  }

  /// A comparable applicant in one line, with the first three differences.
  public static func comparable(_ item: ComparableApplicants.Item) -> Message {
    key(
      "comparable.line",
      [
        "row": .count(item.row + 1), "same": .count(item.sameFeatures),
        "different": .count(item.differences.count),
        "examples": .list(
          item.differences.prefix(3).map { .text("\($0.source) \($0.comparable)") }),
      ])
  }

  /// How the champion was chosen: lowest log loss out of fold.
  public static let championByLogLoss = key("choice.championByLogLoss")
  /// How the champion was chosen: named by the study.
  public static let championByStudy = key("choice.championByStudy")
  /// How the cut-off was set: fixed by the study.
  public static let cutOffFixed = key("choice.cutOffFixed")
  /// All rows.
  public static let allRows = key("part.all")
  /// The training set.
  public static let trainingSet = key("part.training")
  /// The test set.
  public static let testSet = key("part.test")
  /// The training set and the test set together.
  public static let trainingAndTest = key("sample.trainingAndTest")
  /// The approval with the median PD of approvals.
  public static let typicalApproval = key("case.typicalApproval")
  /// A decision close to the cut-off.
  public static let nearCutOff = key("case.nearCutOff")
  /// The refusal with the median PD of refusals.
  public static let typicalRefusal = key("case.typicalRefusal")
  /// The decision on which two methods of contributions agree least.
  public static let methodsDisagree = key("case.methodsDisagree")
  /// The method of data checks.
  public static let dataCheckMethod = key("method.dataCheck")

  /// How the cut-off was set: least cost.
  public static func cutOffByCost(falseGood: Double, falseBad: Double) -> Message {
    key(
      "choice.cutOffByCost",
      [
        "falseGood": .number(falseGood, format: .significant(6)),
        "falseBad": .number(falseBad, format: .significant(6)),
      ])
  }

  /// How the cut-off was set: an approval rate.
  public static func cutOffByApprovalRate(_ rate: Double) -> Message {
    key("choice.cutOffByApprovalRate", ["rate": .number(rate, format: .percent(1))])
  }

  /// How rows were split: stratified by the target.
  public static func splitStratified(testShare: Double) -> Message {
    key("choice.splitStratified", ["share": .number(testShare, format: .percent(0))])
  }

  /// How rows were split: by time, the test set from this day or period on.
  public static func splitByTime(column: String, from: String) -> Message {
    key("choice.splitByTime", ["column": .code(column), "from": .date(from)])
  }

  /// How rows were split: by group.
  public static func splitByGroup(column: String, testShare: Double) -> Message {
    key(
      "choice.splitByGroup",
      ["column": .code(column), "share": .number(testShare, format: .percent(0))])
  }

  /// How rows were split: as a column says.
  public static func splitByColumn(_ column: String) -> Message {
    key("choice.splitByColumn", ["column": .code(column)])
  }

  /// What a hash of the manifest is of.
  public enum HashSubject: String, Sendable, CaseIterable {
    /// The typed table, the study, the limits, the reason catalogue, the bundle.
    case table, study, limits, catalogue, bundle
    /// The row numbers of the two parts.
    case training, test
  }

  /// The label of a hash.
  public static func hash(of subject: HashSubject) -> Message { .key("hash.\(subject.rawValue)") }

  /// The label of the hash of a data file.
  public static func hash(ofData name: String) -> Message {
    key("hash.data", ["name": .code(name)])
  }

  /// The label of the hash of reference rows.
  public static func hash(ofReference name: String) -> Message {
    key("hash.reference", ["name": .code(name)])
  }

  /// Checks of reproduction that a run can make.
  public enum Reproduction: String, Sendable, CaseIterable {
    /// A bundle saved and loaded scores the same to the bit.
    case bundleRoundTrip
    /// One thread and several give the same bytes.
    case threads
  }

  /// The name of a check of reproduction.
  public static func reproduced(_ check: Reproduction) -> Message {
    .key("reproduced.\(check.rawValue)")
  }

  /// Data checks by name.
  public enum DataCheck: String, Sendable, CaseIterable {
    /// Missing values.
    case missing
    /// Constant and near-constant columns.
    case constant
    /// Features that look like identifiers.
    case identifierLike
    /// Identifiers that stand in more than one row.
    case repeatedIdentifier
    /// Duplicate rows.
    case duplicateRows
    /// Rows that stand in both parts.
    case duplicatesAcrossSplit
    /// Rare levels.
    case rareLevels
    /// Outliers.
    case outliers
    /// Levels that training did not have.
    case unseenLevels
    /// Values outside the declared range.
    case impossible
  }

  /// The name of a data check.
  public static func dataCheck(_ check: DataCheck) -> Message {
    .key("dataCheck.\(check.rawValue)")
  }

  /// The name of the check for leakage, with its limit on a single feature's AUC.
  public static func leakageCheck(limit: Double) -> Message {
    key("dataCheck.leakage", ["limit": .number(limit, format: .fixed(2))])
  }

  /// From where on a data check reports, warns or fails: Candor's own defaults.
  ///
  /// - Parameters:
  ///   - check: The check.
  ///   - limits: The defaults.
  /// - Returns: The limits of that check in words, nil for a check without any.
  public static func dataCheckLimit(_ check: DataCheck, _ limits: DataCheckLimits) -> Message? {
    func percent(_ share: Double) -> Value { .number(share, format: .percent(0)) }
    switch check {
    case .missing:
      return key(
        "dataLimit.missing",
        [
          "report": percent(limits.missingShare), "warn": percent(limits.missingShareWarning),
          "fail": percent(limits.missingShareSerious),
        ])
    case .constant:
      return key("dataLimit.constant", ["share": percent(limits.nearlyConstantShare)])
    case .identifierLike:
      return key(
        "dataLimit.identifierLike",
        [
          "share": percent(limits.identifierShare), "rows": .count(limits.identifierMinimumRows),
        ])
    case .repeatedIdentifier: return key("dataLimit.repeatedIdentifier")
    case .duplicateRows:
      return key("dataLimit.duplicates", ["share": percent(limits.duplicateShareWarning)])
    case .duplicatesAcrossSplit:
      return key(
        "dataLimit.duplicatesAcrossSplit", ["share": percent(limits.duplicateShareWarning)])
    case .rareLevels:
      return key(
        "dataLimit.rareLevels",
        ["share": percent(limits.rareLevelShare), "rows": .count(limits.rareLevelCount)])
    case .outliers:
      return key(
        "dataLimit.outliers", ["fences": .number(limits.outlierFences, format: .significant(3))])
    case .unseenLevels: return key("dataLimit.unseenLevels")
    case .impossible: return nil
    }
  }

  /// From where on the check for leakage fails.
  public static func leakageLimit(_ limits: DataCheckLimits) -> Message {
    key("dataLimit.leakage", ["rows": .count(limits.leakageMinimumRows)])
  }

  /// The refusals whose reasons were audited: so many, evenly over all refused test rows.
  public static func auditedRefusals(_ count: Int, of all: Int) -> Message {
    key("sample.audited", ["n": .count(count), "total": .count(all)])
  }

  /// A part of the test set.
  public static func partOfTest(_ count: Int, of all: Int) -> Message {
    key("sample.testPart", ["n": .count(count), "total": .count(all)])
  }

  /// Over how many lists of reasons a rule was judged.
  public static func overLists(_ count: Int) -> Message {
    key("reasons.overLists", ["n": .count(count)])
  }

  /// In how many lists some reasons share a rank band.
  public static func tiesOfLists(_ count: Int, of lists: Int) -> Message {
    key("reasons.tiesOfLists", ["n": .count(count), "lists": .count(lists)])
  }

  /// In how many lists a printed factor alone does not lower the risk.
  public static func directionsOfLists(against count: Int, of lists: Int) -> Message {
    key("reasons.directionsOfLists", ["n": .count(count), "lists": .count(lists)])
  }

  /// How many lists belong to applicants outside what the model was trained on.
  public static func outsideOfLists(_ count: Int, of lists: Int) -> Message {
    key("reasons.outsideOfLists", ["n": .count(count), "lists": .count(lists)])
  }

  /// How many lists print a strong proxy.
  public static func proxiesOfLists(_ count: Int, of lists: Int) -> Message {
    key("reasons.proxiesOfLists", ["n": .count(count), "lists": .count(lists)])
  }

  /// That no feature is a strong proxy, among so many.
  public static func noStrongProxy(among features: Int) -> Message {
    key("reasons.noStrongProxy", ["n": .count(features)])
  }

  /// That no protected column is there to be told.
  public static let noProtectedColumn = key("reasons.noProtectedColumn")

  /// What the record of a decision holds, and who keeps it.
  public static let decisionRecord = key("reasons.decisionRecord")

  /// How a record of another bundle is found.
  public static let recordsOfBundle = key("reasons.recordsOfBundle")

  /// Whether the wording's approval was supplied.
  public static func wordingApproval(isSupplied: Bool) -> Message {
    isSupplied ? key("reasons.approvalSupplied") : key("reasons.approvalNotSupplied")
  }

  /// How many proposals of changes were scored anew and turn the decision.
  public static func verifiedProposals(_ count: Int, of all: Int) -> Message {
    key("reasons.verifiedProposals", ["n": .count(count), "all": .count(all)])
  }

  /// That one list was derived anew from the applicant alone.
  public static let repeatedList = key("reasons.repeatedList")

  /// How many audited explanations are within the fidelity limits, and how many lists have a warning
  /// and yet no mark that a person must look at them.
  public static func fidelityOfLists(within: Int, of lists: Int, unmarked: Int) -> Message {
    key(
      "reasons.fidelityOfLists",
      ["within": .count(within), "lists": .count(lists), "unmarked": .count(unmarked)])
  }

  /// The share of refusals whose printed reasons suffice, among so many lists.
  public static func sufficientShare(_ share: Double, of lists: Int) -> Message {
    key(
      "reasons.sufficientShare",
      ["share": .number(share, format: .percent(1)), "lists": .count(lists)])
  }

  /// That the catalogue marks no factor as one that cannot be changed soon.
  public static let noImmutableFactor = key("reasons.noImmutable")

  /// Which protected columns are inputs of the model.
  public static func protectedInputs(_ names: [String]) -> Message {
    names.isEmpty
      ? key("reasons.noProtectedInput")
      : key("reasons.protectedInputs", ["names": .list(names.map(Value.code))])
  }

  /// That a rule was judged over the catalogue in the report's languages.
  public static func overWordings(_ factors: Int, languages: Int) -> Message {
    key(
      "reasons.overWordings", ["n": .count(factors), "languages": .count(languages)])
  }

  /// That a data check found nothing.
  public static let nothingFound = Value.key("found.nothing")

  /// How much a data check found, in columns.
  public static func found(columns: Int) -> Value {
    .message(key("found.columns", ["n": .count(columns)]))
  }

  /// How much a data check found, in rows.
  public static func found(rows: Int) -> Value {
    .message(key("found.rows", ["n": .count(rows)]))
  }

  /// How much a data check found, in cells.
  public static func found(cells: Int) -> Value {
    .message(key("found.cells", ["n": .count(cells)]))
  }

  /// How much a data check found, as a share of the rows.
  public static func found(share: Double) -> Value {
    .message(key("found.share", ["share": .number(share, format: .percent(1))]))
  }
}
