import CandorData
import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorReport
import CandorScoring
import CandorTestSupport
import Foundation

/// A whole report over a synthetic portfolio, through real evaluations and explanations.
enum ToyReport {
  static let features = ["duration_months", "credit|amount", "savings"]
  static let map = FeatureMap(
    sources: features.enumerated().map { FeatureMap.Source(name: $1, columns: $0..<$0 + 1) },
    columnNames: features)
  static let catalogue = ReasonCatalogue(
    entries: [
      ReasonCatalogue.Entry(
        subject: "duration_months", code: "R01",
        wording: ["en": "Length of the loan", "zh-Hans": "贷款期限"]),
      ReasonCatalogue.Entry(
        subject: "savings", code: "R02", wording: ["en": "Savings", "zh": "储蓄"],
        immutable: true),
    ], groups: [FeatureGroup(name: "means", members: ["savings"])])
  static let limits: [LimitName: Limit] = [
    .auc: Limit(atLeast: 0.5), .psi: Limit(atMost: 0.25, warnAbove: 0.1),
    .adverseImpactRatio: Limit(warnBelow: 0.999), .brier: Limit(atMost: 0.01),
    .calibrationSlope: Limit(warnBelow: 0.999, warnAbove: 1.001),
    .explanationsWithinLimits: Limit(atLeast: 0.95),
  ]

  struct Portfolio {
    var rows: [[Double]] = []
    var labels: [Double] = []
    var first: [Double] = []
    var second: [Double] = []
    var groups: [String?] = []

    init(count: Int, seed: UInt64) {
      var state = seed
      func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / 9_007_199_254_740_992
      }
      for _ in 0..<count {
        let row = [next() * 2 - 1, next() * 2 - 1, next() * 2 - 1]
        let margin = -0.8 + 1.5 * row[0] + 0.8 * row[1] - 0.6 * row[2]
        rows.append(row)
        first.append(sigmoid(margin))
        second.append(sigmoid(0.8 * margin + 0.6 * (next() - 0.5)))
        labels.append(next() < sigmoid(margin) ? 1 : 0)
        let draw = next()
        groups.append(draw < 0.5 ? "female" : draw < 0.97 ? "male" : draw < 0.98 ? "other" : nil)
      }
    }
  }

  static func encoded(_ rows: [[Double]]) throws -> EncodedRows {
    EncodedRows(
      try Matrix(rows: rows.count, columns: features.count, values: rows.flatMap { $0 }))
  }

  /// A scored row; only a risk model makes one, so it is read from JSON here.
  static func scored(_ pd: Double, points: PointsScale, isRefused: Bool) throws -> ScoredRow {
    let fields: [String: Any] = [
      "margin": logit(pd), "logOdds": logit(pd), "probability": pd,
      "points": points.points(logOdds: logit(pd)), "decision": isRefused ? "refuse" : "approve",
    ]
    return try JSONDecoder().decode(
      ScoredRow.self, from: JSONSerialization.data(withJSONObject: fields))
  }

  static let cutOff = 0.4
  static let seeds = SeedTree(seed: 7)
  static let test = Portfolio(count: 600, seed: 1)
  static let training = Portfolio(count: 900, seed: 2)

  static func samples() throws -> [ScoredSample] {
    [
      try ScoredSample(labels: test.labels, probabilities: test.first),
      try ScoredSample(labels: test.labels, probabilities: test.second),
    ]
  }

  static func trainingSample() throws -> ScoredSample {
    try ScoredSample(labels: training.labels, probabilities: training.first)
  }

  static func families() throws -> [FamilyEvaluation] {
    let samples = try samples()
    let trainingSample = try trainingSample()
    var families: [FamilyEvaluation] = []
    for (index, name) in ["logistic", "forest"].enumerated() {
      families.append(
        FamilyEvaluation(
          family: name,
          test: try Evaluation.run(
            sample: samples[index], cutOff: cutOff, seeds: seeds, replicates: 100),
          training: index == 0
            ? try Evaluation.run(
              sample: trainingSample, cutOff: cutOff, seeds: seeds, replicates: 100)
            : nil))
    }
    return families
  }

  /// Explanations of an affine scorer, in closed form.
  struct Affine {
    let scorer = AffineScorer(coefficients: [1.5, 0.8, -0.6], intercept: -0.8)
    let model: ExplainedModel
    let players: Players
    let reference: Background

    init() throws {
      model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
      players = try Players(featureMap: map)
      reference = try Background(
        name: "near-cutoff-approved", rows: try encoded(Array(training.rows.prefix(200))))
    }
  }

  /// Three players are played out exactly; a report shows errors where there are some.
  private static func withErrors(_ exact: Explanation, background: Background) -> Explanation {
    Explanation(
      method: exact.method, scale: exact.scale, background: background,
      baseValue: exact.baseValue, explainedValue: exact.explainedValue,
      attributions: exact.attributions.map {
        Attribution(source: $0.source, value: $0.value, standardError: 0.01)
      }, fidelity: exact.fidelity)
  }

  /// Three decisions; sampled Shapley values, of a scorer that is not additive, have errors.
  static func cases(sampled: Bool = false) throws -> [IndividualInput.Case] {
    let affine = try Affine()
    let (players, reference) = (affine.players, affine.reference)
    // Orders matter where three features act together; pairs of orders cancel what two do.
    let curved = MinimalScorer(inputWidth: 3) { row in
      -0.8 + 1.5 * row[0] + 0.8 * row[1] - 0.6 * row[2] + 0.5 * row[0] * row[1] * row[2]
    }
    let model =
      sampled
      ? try ExplainedModel(scorer: curved, calibrator: .identity, featureMap: map) : affine.model
    let order = test.first.indices.sorted { test.first[$0] < test.first[$1] }
    var cases: [IndividualInput.Case] = []
    let chosen = [
      (ReportPhrases.typicalApproval, order[5]), (ReportPhrases.nearCutOff, order[300]),
      (ReportPhrases.typicalRefusal, order[595]),
    ]
    for (title, row) in chosen {
      let applicant = try encoded([test.rows[row]])
      let explanation =
        sampled
        ? Self.withErrors(
          try SampledShapley.explain(
            applicant, of: curved, quantity: model.quantity, players: players,
            background: reference, options: SampledShapleyOptions(pairs: 64),
            seeds: seeds)[0], background: reference)
        : try LinearShapley.explain(
          applicant, of: affine.scorer, quantity: ExplainedQuantity(calibrator: .identity),
          players: players, background: reference)[0]
      let isRefused = test.first[row] >= cutOff
      let reasons =
        isRefused
        ? try PrincipalReasons.derive(
          from: explanation,
          subjects: features.enumerated().map {
            ReasonSubject(name: $1, members: [$1], priority: $0)
          }, refusedFrom: logit(cutOff), seeds: seeds) : nil
      cases.append(
        IndividualInput.Case(
          title: title, row: row + 1,
          scored: try scored(test.first[row], points: PointsScale(), isRefused: isRefused),
          explanation: explanation,
          referenceRows: reference.count, values: ["savings": "<100 | none"], reasons: reasons,
          sufficiency: try reasons.map {
            try ReasonVerification.verify(
              reasons: $0.reasons.map(\.subject), applicant: test.rows[row], model: model,
              players: players, reference: reference, refusedFrom: logit(cutOff))
          },
          deletion: try Deletion.test(
            explanation, applicant: test.rows[row], model: model, players: players,
            background: reference),
          agreements: [try MethodAgreement.between(explanation, explanation)],
          review: reasons == nil ? [] : [.notSettled]))
    }
    return cases
  }

  static func build() throws -> AuditReport {
    let samples = try samples()
    let trainingSample = try trainingSample()
    let families = try families()
    let answers = SuppliedAnswers(["owner": "Retail | credit", "purpose": "Instalment loans"])
    let performance = PerformanceInput(
      families: families, champion: "logistic", isSplitByTime: false, limits: limits)
    let scale = PointsScale()

    let affine = try Affine()
    var cases = try cases()
    cases[1].second = try secondMethod(of: cases[1])
    let importance = try PermutationImportance.measure(
      affine.model,
      on: PermutationImportance.Sample(
        name: "test", rows: try encoded(test.rows), targets: test.labels),
      players: affine.players, repeats: 5, seeds: seeds)
    let surrogate = try GlobalSurrogate.fit(
      to: affine.model, players: affine.players, sample: affine.reference)

    var data = DataSectionInput(
      target: "credit", badValue: "bad",
      splitRule: ReportPhrases.splitStratified(testShare: 0.4), answers: answers)
    data.sources = [
      DataSectionInput.Source(
        name: "loans.csv", hash: "ab12", bytes: 123_456, rows: 1500, columns: 5,
        format: "UTF-8, comma")
    ]
    data.tableHash = "cd34"
    data.notes = ["Labels of `foreign_worker` are swapped."]
    data.period = ("2024-01-31", "2025-12-31")
    data.roles = [("target", ["credit"]), ("feature", features), ("weight", [])]
    data.parts = [
      DataSectionInput.Part(
        name: ReportPhrases.testSet, rows: 600, bads: families[0].test.badRows,
        badRate: families[0].test.badRate, hash: "ef56")
    ]

    var preparation = PreparationInput()
    preparation.profiles = [
      PreparationInput.Profile(
        name: "duration_months", type: .numeric, missing: 3, rows: 1500, distinct: 40,
        quantiles: [4, 6, 18.5, 60, 72]),
      PreparationInput.Profile(
        name: "opened", type: .date, missing: 0, rows: 1500, distinct: 400,
        quantiles: [19_000, 19_100, 19_200, 19_300, 19_400]),
      PreparationInput.Profile(
        name: "savings", type: .categorical, missing: 0, rows: 1500, distinct: 5,
        mode: ("<100", 0.6)),
    ]
    preparation.checks = [
      PreparationInput.Check(
        check: ReportPhrases.dataCheck(.duplicateRows), result: ReportPhrases.found(rows: 2),
        columns: [], sample: ReportPhrases.allRows, rows: 1500,
        method: ReportPhrases.dataCheckMethod,
        limit: ReportPhrases.dataCheckLimit(.duplicateRows, DataCheckLimits()), verdict: .warn),
      PreparationInput.Check(
        check: ReportPhrases.leakageCheck(limit: 0.95), result: ReportPhrases.nothingFound,
        columns: ["credit|amount"], sample: ReportPhrases.trainingSet, rows: 900,
        method: ReportPhrases.dataCheckMethod,
        limit: ReportPhrases.leakageLimit(DataCheckLimits()), verdict: .pass),
    ]
    for check in ReportPhrases.DataCheck.allCases {
      preparation.checks.append(
        PreparationInput.Check(
          check: ReportPhrases.dataCheck(check), result: ReportPhrases.found(columns: 1),
          columns: ["savings"], sample: ReportPhrases.trainingAndTest, rows: 1500,
          method: ReportPhrases.dataCheckMethod,
          limit: ReportPhrases.dataCheckLimit(check, DataCheckLimits()), verdict: nil))
    }
    let table = try Table(columns: [
      Column(name: "age", numbers: (0..<40).map { $0 % 7 == 0 ? .nan : Double($0) }),
      Column(
        name: "savings", texts: (0..<40).map { $0 % 2 == 0 ? "none" : $0 % 3 == 0 ? "a" : "b" }),
    ])
    preparation.steps = try Encoder.fit(table, features: ["age", "savings"]).steps

    let groups = try GroupOutcomes(
      attribute: "sex", of: samples[0], groups: test.groups, cutOff: cutOff)
    let halves = test.groups.indices.map { $0 % 3 == 0 }
    let levels = ProxyLevels(
      codes: test.groups.indices.map { $0 % 5 == 0 ? 1 : test.groups[$0] == nil ? 2 : 0 }, count: 3)
    let powers = try ProxyPower.measure(
      levels, groups: test.groups, order: Set(test.groups.compactMap { $0 }).sorted(),
      isFitted: halves)
    let proxies = ProxyInput(
      lines: powers.flatMap { power in
        [("credit|amount", Verdict.warn), (nil, .pass)].map {
          ProxyInput.Line(feature: $0, attribute: "sex", power: power, verdict: $1)
        }
      }, limit: Limit.Standard.proxyPower)
    let chosenCutOff = try CutOff(
      .minimumCost(DecisionCosts(falseGood: 5, falseBad: 1)), on: trainingSample)
    let delong = try PairedDeLong(samples[0], samples[1])
    let integrity = IntegrityInput(
      command: "candor report study.yaml --output out", verifyCommand: "candor verify out",
      checks: [(ReportPhrases.reproduced(.bundleRoundTrip), .pass)],
      versions: [("Candor", "0.1.0"), ("Swift", "6.3.1")],
      hashes: [(ReportPhrases.hash(ofData: "loans.csv"), "ab12")]
        + ReportPhrases.HashSubject.allCases.map { (ReportPhrases.hash(of: $0), "00ff") },
      seed: 20_240_101, answers: answers)

    var sections = [
      SuppliedSections.purpose(answers), SuppliedSections.governance(answers),
      DataSection.build(data), PreparationSection.build(preparation),
      FeatureSection.build(
        FeatureRegisterInput(
          features: [
            FeatureRegisterInput.Feature(
              name: "duration_months", informationValue: 0.312, auc: 0.64,
              declaredDirection: "increasing", observedDirection: "increasing",
              description: "Months | agreed"),
            FeatureRegisterInput.Feature(name: "sex", isUsed: false, isImmutable: true),
          ], catalogue: catalogue)),
      DesignSection.build(
        DesignInput(
          families: [
            DesignInput.Family(
              name: "logistic", settings: [ModelCard.Setting(name: "ridge", value: "0")],
              log: TrainingLog(
                iterations: 6, measures: ["deviance": 812.25, "gradient norm": 1e-9],
                coefficients: [
                  TrainingLog.CoefficientEstimate(
                    name: "(intercept)", estimate: -0.8, standardError: 0.1, pValue: 1e-9),
                  TrainingLog.CoefficientEstimate(
                    name: "savings=<100", estimate: 0.5, standardError: nil, pValue: nil),
                ], notices: ["A small ridge was used."]), calibrator: .identity),
            DesignInput.Family(
              name: "forest", settings: [], log: TrainingLog(),
              calibrator: .platt(slope: 1.1, offset: -0.2)),
          ], configurationsTried: 2, folds: 5, trainingRows: 900, points: scale, cutOff: cutOff,
          cutOffRule: ReportPhrases.cutOffByCost(falseGood: 5, falseBad: 1))),
      ComparisonSection.build(
        ComparisonInput(
          families: families,
          outOfFold: [("logistic", 0.52, 0.77), ("forest", 0.53, 0.76)],
          pairs: [
            ComparisonInput.Pair(
              first: "logistic", second: "forest", delong: delong, adjustedPValue: delong.pValue,
              decisionsThatDiffer: 31)
          ], champion: "logistic", rule: ReportPhrases.championByLogLoss)),
      PerformanceSection.build(performance), CalibrationSection.build(performance),
      CutOffSection.build(performance, cutOff: chosenCutOff, answers: answers),
      GlobalSection.build(try global(importance, surrogate: surrogate, affine: affine)),
      IndividualSection.build(
        IndividualInput(
          cutOff: cutOff, cases: cases,
          fidelity: [
            IndividualInput.Fidelity(
              family: "logistic", method: .linearShapley,
              sample: ReportPhrases.auditedRefusals(100, of: 240),
              reference: "near-cutoff-approved", referenceRows: 200, decisions: 100,
              withinLimits: 100)
          ], catalogue: catalogue, limits: limits)),
      ReasonSection.build(
        ReasonInput(
          refused: 240, refusals: 200, withReasons: 190, bads: 77, referred: 10, unsettled: 3,
          frequencies: [ReasonInput.Frequency(subject: "savings", count: 120)],
          unmapped: ["credit|amount"], flipRate: 0.91, tieRate: 0.02, meanCount: 2.4,
          rules: [
            1: .byConstruction, 3: .judged(.pass, ReportPhrases.protectedInputs([])),
            4: .judged(.warn, ReportPhrases.protectedInputs(["age"])),
            9: .judged(.pass, ReportPhrases.overLists(190)),
            12: .judged(
              .fail, ReportPhrases.fidelityOfLists(within: 180, of: 190, unmarked: 4)),
            13: .judged(.pass, ReportPhrases.overWordings(3, languages: 2)),
            15: .judged(.notTested, ReportPhrases.noImmutableFactor),
            23: .measured(ReportPhrases.sufficientShare(0.91, of: 190)),
          ], catalogue: catalogue, limits: limits)),
      FairnessSection.build(
        [groups], limits: limits, answers: answers, lawfulBasis: ["age": "Written | basis"],
        proxies: proxies),
      SuppliedSections.robustness(answers),
      StabilitySection.build(
        StabilityInput(
          score: try PopulationStability(reference: training.first, current: test.first),
          features: [
            try CharacteristicStability(
              name: "savings", referenceCategories: ["a", "b", "a"],
              currentCategories: ["a", "c", "b"])
          ], trainingRows: 900, testRows: 600, isSplitByTime: false, hasPeriod: true,
          limits: limits)),
      SuppliedSections.uncertainty(), ClosingSections.reproducibility(integrity),
      SuppliedSections.oversight(answers), SuppliedSections.monitoring(answers),
    ]
    let identity = ReportIdentity(
      reportID: "r-0001", studyName: "Toy credit", modelID: "M-17", candorVersion: "0.1.0",
      dataHash: "ab12", studyHash: "cd34", limitsHash: nil, bundleHash: "ef56", seed: 20_240_101,
      profiles: ["us-ecoa-2024"])
    sections += [
      ClosingSections.risks(sections, answers: answers),
      ClosingSections.limitations(sections),
      ClosingSections.findings(sections, answers: answers),
      ClosingSections.integrity(integrity),
    ]
    let summary = SummarySection.build(
      SummaryInput(
        champion: "logistic", championRule: ReportPhrases.championByLogLoss,
        headlines: ["PERF-01", "CAL-01", "CAL-02", "STAB-01", "FAIR-01"], answers: answers),
      sections: sections)
    return AuditReport(
      identity: identity,
      sections: sections + [summary, CoverSection.build(identity, answers: answers)])
  }
}
