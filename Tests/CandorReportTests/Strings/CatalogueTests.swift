import CandorData
import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorReport
import CandorTestSupport
import Foundation
import Testing

@Suite struct CatalogueTests {
  @Test("Both languages have the same keys, and the same placeholders under each")
  func parity() throws {
    let english = try ReportStrings.catalogue(.english)
    let chinese = try ReportStrings.catalogue(.simplifiedChinese)
    #expect(english.keys == chinese.keys)
    for key in english.keys {
      #expect(try english.placeholders(of: key) == chinese.placeholders(of: key), "\(key)")
      let isEmpty = try english.text(key).isEmpty || chinese.text(key).isEmpty
      #expect(!isEmpty, "\(key)")
    }
  }

  /// String literals in the sources that name a key: a known first part, a dot, a second part.
  private func literals() throws -> Set<String> {
    let english = try ReportStrings.catalogue(.english)
    let heads = Set(english.keys.map { String($0.prefix { $0 != "." }) })
    let folder = ReferenceValues.packageRoot.appendingPathComponent("Sources/CandorReport")
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var found: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for (index, part) in text.components(separatedBy: "\"").enumerated() where index % 2 == 1 {
        let head = String(part.prefix { $0 != "." })
        let isKey = part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        if part.contains("."), heads.contains(head), isKey, !part.hasPrefix("report.json") {
          found.insert(part)
        }
      }
    }
    return found
  }

  /// Keys that are made from values.
  private var made: [String] {
    Outline.allCases.map { "section.\($0)" }
      + SuppliedAnswers.names.map { "supplied.\($0)" }
      + ColumnType.allCases.map { "type.\($0.rawValue)" }
      + Role.allCases.map { "role.\($0.rawValue)" }
      + ExplanationMethod.allCases.map { "explainer.\($0.rawValue)" }
      + ExplainedScale.allCases.map { "scale.\($0.rawValue)" }
      + ["percentile", "reflected"].map { "method.\($0)Bootstrap" } + (1...25).map { "rule.\($0)" }
      + ["stable", "watch", "act"].map { "stability.\($0)" }
      + ["limit", "smallShare", "withinError", "exhausted"].map { "individual.stop.\($0)" }
      + [
        "notAdditive", "largeStandardError", "targetNotReached", "splitHalvesDiffer",
        "incomplete", "surrogateUnfaithful", "surrogateNotEvidence", "surrogateIllConditioned",
        "surrogateUnstable", "fewRepeats", "thinSupport", "unstableInteraction",
        "effectsDisagree", "arbitraryCredit", "schemesDisagree",
      ].map { "warning.\($0)" }
      + [
        "additivity", "relativeStandardError", "splitHalfMultiple", "completenessShare",
        "completenessSpread",
        "surrogateWarning", "surrogateEvidence", "conditionNumber", "topOverlap", "repeats",
      ].map { "threshold.\($0)" }
      + ReasonReview.allCases.map { "review.\($0.rawValue)" }
      + ExplanationScorecard.Check.allCases.map { "scorecheck.\($0.rawValue)" }
      + ["everyThreshold", "everyLevel", "straightLine", "grid"].map { "coverage.\($0)" }
      + ["found", "provenImpossible", "notFoundInTime", "notSought"].map { "recourse.\($0)" }
      + ["linear", "trees", "search"].map { "recourseMethod.\($0)" }
      + SurrogateInput.Kind.allCases.map { "surrogate.\($0.rawValue)" }
      + FitNames.settings.map { "setting.\($0)" } + FitNames.measures.values
      + Language.allCases.map { "language.\($0.rawValue)" }
      + ReportPhrases.HashSubject.allCases.map { "hash.\($0.rawValue)" }
      + ReportPhrases.Reproduction.allCases.map { "reproduced.\($0.rawValue)" }
      + ReportPhrases.DataCheck.allCases.map { "dataCheck.\($0.rawValue)" }
  }

  @Test("Every key that the code names or makes exists")
  func used() throws {
    let english = try ReportStrings.catalogue(.english)
    let literals = try literals()
    #expect(literals.count > 300)
    for key in literals.union(made) { #expect(english.contains(key), "\(key)") }
  }

  @Test("Every key of the catalogue is used")
  func unused() throws {
    let english = try ReportStrings.catalogue(.english)
    let known = try literals().union(made)
    for key in english.keys { #expect(known.contains(key), "\(key)") }
  }

  @Test("Every method that an evaluation can state has a name in the catalogue")
  func methods() throws {
    let folder = ReferenceValues.packageRoot.appendingPathComponent("Sources/CandorEvaluation")
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var named = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for line in text.components(separatedBy: "method: \"").dropFirst() {
        let method = String(line.prefix { $0 != "\"" })
        guard !method.contains("\\"), !method.hasPrefix(" ") else { continue }
        if case .text = MethodNames.message(method) { Issue.record("\(method)") }
        named += 1
      }
    }
    #expect(named >= 10)
    for method in [
      "percentile bootstrap, 500 replicates",
      "reflected bootstrap, 80 replicates, 3 of them undefined",
      "percentile bootstrap, 2 replicates, too few for an interval", "exact Poisson",
      "maximum likelihood, robust standard error", "DeLong, logit interval",
      "paired DeLong linearised for weights, normal interval",
    ] {
      for language in Language.allCases {
        let localizer = try ReportStrings.localizer(language)
        let name = try localizer.string(MethodNames.message(method))
        #expect(!name.isEmpty)
      }
      if case .text = MethodNames.message(method) { Issue.record("\(method)") }
    }
  }

  @Test("Terms of the glossary are used in Chinese wherever English uses them")
  func glossary() throws {
    let terms: [(english: String, chinese: [String])] = [
      ("bad rate", ["坏样本率"]), ("cut-off", ["审批阈值", "阈值"]), ("approval rate", ["通过率"]),
      ("brier score", ["布里尔评分"]), ("log loss", ["对数损失"]), ("calibration", ["校准"]),
      ("confusion matrix", ["混淆矩阵"]), ("hosmer-lemeshow", ["霍斯默-莱梅肖"]),
      ("adverse impact ratio", ["不利影响比率"]), ("four-fifths rule", ["五分之四规则"]),
      ("equal opportunity", ["机会均等"]), ("equalised odds", ["均等化几率"]),
      ("protected attribute", ["受保护特征"]), ("permutation importance", ["置换重要性"]),
      ("shapley", ["沙普利值"]), ("surrogate model", ["代理模型"]), ("fidelity", ["保真度"]),
      ("reference group", ["参照组"]), ("principal reason", ["主要原因"]),
      ("source feature", ["原始特征"]), ("one-hot encoding", ["独热编码"]),
      ("target leakage", ["目标泄漏"]), ("outliers", ["异常值"]), ("test set", ["测试集"]),
      ("training set", ["训练集"]), ("random forest", ["随机森林"]),
      ("neural network", ["神经网络"]), ("logistic regression", ["逻辑回归"]),
      ("linear support vector machine", ["线性支持向量机"]), ("not tested", ["未测试"]),
      ("not supplied", ["未提供"]), ("insufficient data", ["数据不足"]),
      ("rank-ordering power", ["区分能力"]), ("fairness", ["公平性"]), ("gini", ["基尼系数"]),
      ("human oversight", ["人工监督"]), ("human review", ["人工复核", "转人工审核"]),
      ("reject inference", ["拒绝推断"]), ("observation point", ["观察点"]),
      ("performance window", ["表现期"]), ("random seed", ["随机种子"]),
      ("ongoing monitoring", ["持续监测"]), ("residual risk", ["剩余风险"]),
      ("swap set", ["换入换出集"]), ("intended use", ["预期用途"]),
      ("prohibited use", ["禁止用途"]), ("conceptual soundness", ["概念合理性"]),
      ("population stability index", ["群体稳定性指标"]), ("integrated gradients", ["积分梯度"]),
      ("gradient saliency", ["梯度显著性"]), ("conformal prediction", ["共形预测"]),
      ("counterfactual explanation", ["反事实解释"]), ("bootstrap", ["自助法"]),
      ("weight of evidence", ["证据权重"]), ("precision-recall", ["查准率-查全率"]),
    ]
    let english = try ReportStrings.catalogue(.english)
    let chinese = try ReportStrings.catalogue(.simplifiedChinese)
    var seen = 0
    for (term, translations) in terms {
      var count = 0
      for key in english.keys where try english.text(key).lowercased().contains(term) {
        count += 1
        let text = try chinese.text(key)
        #expect(translations.contains { text.contains($0) }, "\(term): \(key) \(text)")
      }
      #expect(count > 0, "\(term)")
      seen += count
    }
    #expect(seen > 100)
  }

  @Test("Chinese sentences use full-width punctuation")
  func punctuation() throws {
    let chinese = try ReportStrings.catalogue(.simplifiedChinese)
    for key in chinese.keys {
      let text = Array(try chinese.text(key))
      for (index, character) in text.enumerated() where ",;:?!".contains(character) && index > 0 {
        let before = text[index - 1].unicodeScalars.first?.value ?? 0
        #expect(!(0x4E00...0x9FFF).contains(before), "\(key): \(String(text))")
      }
      #expect(!String(text).hasSuffix(". ") && !String(text).hasSuffix("."), "\(key)")
    }
  }
}
