import Candor
import CandorBundle
import CandorData
import CandorEvaluation
import CandorNumerics
public import CandorScoring
import Foundation

/// Runs a study: check, train, choose, test once, explain.
public enum StudyRun {
  /// Runs everything that a report needs.
  ///
  /// - Parameters:
  ///   - study: What to do.
  ///   - data: On what.
  ///   - options: Threads and a listener for progress.
  /// - Returns: Everything found; equal studies, data, seeds and versions give equal results.
  /// - Throws: The first error of data, training, evaluation or explanation, as one sentence.
  public static func run(
    _ study: Study, data: StudyData, options: RunOptions
  ) throws -> StudyResult {
    var clock = StageClock()
    try options.begin("checking the data")
    let inspection = try DataInspection.run(study, data: data)
    clock.end("data checks")
    let families = try train(study, data: data, options: options)
    for family in families { clock.note("training \(family.key)", family.seconds) }
    clock.restart()
    let (champion, rule) = try chooseChampion(families, study: study)
    let models = try families.map {
      try ModelAssembly.riskModel(of: $0, study: study, data: data)
    }
    let tests = try zip(families, models).map { family, model in
      try options.begin("testing \(family.key)")
      return try TestEvaluation.run(
        family, model: model, study: study, data: data, options: options)
    }
    clock.end("evaluation")
    var explanations: [GlobalExplanation] = []
    for (family, model) in zip(families, models) {
      try options.begin(
        "explaining \(family.key)", Double(explanations.count) / Double(families.count))
      explanations.append(
        try GlobalExplanation.make(
          family, model: model, study: study, data: data, options: options))
    }
    try options.begin("explaining the champion")
    let behaviour = try ChampionBehaviour.measure(
      explanations[champion], family: families[champion], model: models[champion], study: study,
      data: data, options: options)
    clock.end("global explanations")
    try options.begin("explaining decisions")
    let decisions = try DecisionChoice.explained(
      tests[champion], model: models[champion], study: study, data: data, options: options)
    try options.begin("auditing reasons")
    let audit = try ReasonAudit.run(
      tests[champion], family: families[champion], model: models[champion], study: study,
      data: data, options: options)
    clock.end("decisions")
    try options.begin("auditing explanations")
    let (scorecard, labelRefits) = try ChampionBehaviour.scorecard(
      models, champion: champion, families: families, data: data, study: study, options: options)
    try options.begin("looking for recourse")
    let recourse = try RecourseAudit.run(
      tests[champion], model: models[champion], study: study, data: data, options: options)
    clock.end("quality and recourse")
    return StudyResult(
      study: study, data: data, checks: inspection.checks, profiles: inspection.profiles,
      informationValues: inspection.informationValues, families: families, champion: champion,
      models: models, tests: tests,
      comparison: try FamilyComparison(
        families: families, tests: tests, champion: champion, rule: rule),
      fairness: try FairnessMeasurement.outcomes(
        of: tests[champion], cutOff: families[champion].cutOff, study: study, data: data),
      explanations: explanations, behaviour: behaviour, scorecard: scorecard,
      labelRefits: labelRefits, recourse: recourse,
      decisions: decisions, reasonAudit: audit,
      proxies: try ProxyScreen.run(
        study: study, data: data, score: families[champion].outOfFoldMargins),
      bundleRoundTrip: try scoresAlikeWhenLoaded(models[champion], tests[champion], data: data),
      seconds: clock.seconds)
  }

  /// Trains one family of a study.
  ///
  /// - Parameters:
  ///   - key: The family's key; a family that the study does not name has its defaults.
  ///   - study: What to do.
  ///   - data: On what.
  ///   - options: Threads, a listener for progress, where to end and where to keep snapshots.
  /// - Returns: The model, ready to be saved.
  /// - Throws: The first error of training, as one sentence.
  public static func train(
    family key: String, study: Study, data: StudyData, options: RunOptions
  ) throws -> RiskModel {
    try trainWithLog(family: key, study: study, data: data, options: options).model
  }

  /// Trains one family of a study and tells what happened while it was fitted.
  ///
  /// - Parameters:
  ///   - key: The family's key; a family that the study does not name has its defaults.
  ///   - study: What to do.
  ///   - data: On what.
  ///   - options: Threads, a listener for progress, where to end and where to keep snapshots.
  /// - Returns: The model, ready to be saved, and the log of its fit.
  /// - Throws: The first error of training, as one sentence.
  public static func trainWithLog(
    family key: String, study: Study, data: StudyData, options: RunOptions
  ) throws -> (model: RiskModel, log: TrainingLog) {
    let request =
      study.models.first { $0.family == key } ?? Study.ModelRequest(family: key)
    let family = try FamilyRun.train(request, study: study, data: data, options: options)
    try options.begin("choosing reference rows")
    return (try ModelAssembly.riskModel(of: family, study: study, data: data), family.log)
  }

  /// Trains every family and compares them on the test rows.
  ///
  /// - Parameters:
  ///   - study: What to do.
  ///   - data: On what.
  ///   - options: Threads and a listener for progress.
  /// - Returns: The families side by side.
  /// - Throws: The first error of training or evaluation, as one sentence.
  public static func compare(
    _ study: Study, data: StudyData, options: RunOptions
  ) throws -> FamilyComparison {
    let families = try train(study, data: data, options: options)
    let (champion, rule) = try chooseChampion(families, study: study)
    let tests = try families.map { family in
      try TestEvaluation.run(
        family, model: ModelAssembly.riskModel(of: family, study: study, data: data), study: study,
        data: data, options: options)
    }
    return try FamilyComparison(families: families, tests: tests, champion: champion, rule: rule)
  }

  private static func train(
    _ study: Study, data: StudyData, options: RunOptions
  ) throws -> [FamilyRun] {
    try study.models.map {
      try FamilyRun.train($0, study: study, data: data, options: options)
    }
  }

  private static func scoresAlikeWhenLoaded(
    _ model: RiskModel, _ test: TestEvaluation, data: StudyData
  ) throws -> Bool {
    let loaded = try BundleReader.read(
      bytes: BundleWriter.bytes(of: model), registry: ModelLibrary.registry)
    let again = try loaded.scorer.margins(
      of: loaded.encoder.encodeCompact(data.table, rows: data.split.test)
    ).map(loaded.scored)
    return again == test.scored
  }

  private static func chooseChampion(
    _ families: [FamilyRun], study: Study
  ) throws -> (position: Int, rule: String) {
    if study.champion != "best" {
      guard let position = families.firstIndex(where: { $0.key == study.champion }) else {
        throw StudyError(.outOfRange, "The champion \(study.champion) is not among the models.")
      }
      return (position, "named in the study")
    }
    let best = families.indices.min {
      families[$0].outOfFoldLogLoss < families[$1].outOfFoldLogLoss
    }
    guard let best else { throw StudyError(.missingKey, "The study names no model.") }
    return (best, "lowest log-loss out of fold on training rows")
  }
}

/// Wall times by stage.
private struct StageClock {
  private var began = ProcessInfo.processInfo.systemUptime
  private(set) var seconds: [String: Double] = [:]

  mutating func restart() { began = ProcessInfo.processInfo.systemUptime }

  mutating func note(_ stage: String, _ duration: Double) { seconds[stage] = duration }

  mutating func end(_ stage: String) {
    note(stage, ProcessInfo.processInfo.systemUptime - began)
    restart()
  }
}
