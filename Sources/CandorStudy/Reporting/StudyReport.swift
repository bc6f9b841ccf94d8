import Candor
import CandorBundle
import CandorData
import CandorDocument
import CandorEvaluation
public import CandorIntegrity
public import CandorReport
import CandorScoring
public import Foundation

/// Lays a run's results out as the files of an audit report.
public enum StudyReport {
  /// The name of the champion's bundle in the report's folder.
  public static let bundleName = "model.candor"

  /// The command that a report prints for its own reproduction: no thread count and no path of the
  /// machine.
  public static func canonicalCommand(seedGiven seed: UInt64?) -> String {
    "candor report study.yaml --output report" + (seed.map { " --seed \($0)" } ?? "")
  }

  /// The files of a report: Markdown and figures in every language, HTML, JSON, the champion's
  /// bundle and the manifest.
  ///
  /// - Parameters:
  ///   - result: What the run found.
  ///   - command: The command that makes the report anew.
  /// - Returns: Relative paths with their bytes; all but the manifest's clock depend on study, data,
  ///   seed and version alone.
  /// - Throws: `BundleError`, `DocumentError` or `IntegrityError` where a part cannot be written.
  public static func files(
    for result: StudyResult, command: String
  ) throws -> [(path: String, contents: Data)] {
    let bundle = try BundleWriter.bytes(of: result.championModel)
    let bundleHash = Digest.of(bundle)
    let report = try auditReport(for: result, bundleHash: bundleHash, command: command)
    let languages = result.study.languages.compactMap(Language.init(code:))
    var files = try ReportWriter.files(for: report, languages: languages)
      .map { (path: $0.path, contents: $0.bytes) }
    files.append((bundleName, Data(bundle)))
    let manifest = try Manifest(
      entries: files.map {
        Manifest.Entry(path: $0.path, sha256: Digest.of($0.contents), bytes: $0.contents.count)
      },
      fields: manifestFields(of: result, bundleHash: bundleHash, command: command),
      clock: RunClock.fields(seconds: result.seconds))
    files.append((OutputFolder.manifestName, Data(manifest.canonicalJSON.utf8)))
    return files
  }

  /// The tree of findings of a run.
  ///
  /// - Parameters:
  ///   - result: What the run found.
  ///   - bundleHash: SHA-256 of the champion's bundle.
  ///   - command: The command that makes the report anew.
  /// - Returns: The tree that every form of the report is written from.
  /// - Throws: `EvaluationError` or `ExplanationError` where a derived figure cannot be had.
  public static func auditReport(
    for result: StudyResult, bundleHash: Digest, command: String
  ) throws -> AuditReport {
    let study = result.study
    let answers = SuppliedAnswers(study.governance)
    let identity = ReportIdentity(
      reportID: String(
        Digest.of(text: "\(study.hash) \(result.data.hash) \(CandorVersion.current)").short),
      studyName: study.name, modelName: study.governance["model_name"],
      modelID: study.governance["model_id"], modelVersion: study.governance["version"],
      candorVersion: CandorVersion.current,
      dataHash: result.data.hash.hex, studyHash: study.hash.hex,
      limitsHash: study.limitsHash.hex, bundleHash: bundleHash.hex, seed: study.seed,
      authoritativeLanguage: study.languages.first.flatMap(Language.init(code:)) ?? .english,
      profiles: study.profiles)
    let limits = study.limitsByName
    let closing = closingInput(result, bundleHash: bundleHash, command: command, answers: answers)
    let performance = PerformanceInput(
      families: familyEvaluations(result), champion: result.championTest.key,
      isSplitByTime: isSplitByTime(study), limits: limits)
    var sections = [
      SuppliedSections.purpose(answers),
      SuppliedSections.governance(answers),
      DataSection.build(dataInput(result, answers: answers)),
      PreparationSection.build(preparationInput(result)),
      FeatureSection.build(try featureInput(result)),
      DesignSection.build(designInput(result)),
      ComparisonSection.build(try comparisonInput(result)),
      PerformanceSection.build(performance),
      CalibrationSection.build(performance),
      CutOffSection.build(
        performance, cutOff: result.families[result.champion].cutOffChoice, answers: answers),
      GlobalSection.build(globalInput(result)),
      IndividualSection.build(try individualInput(result, limits: limits)),
      ReasonSection.build(reasonInput(result, limits: limits)),
      FairnessSection.build(
        result.fairness, limits: limits, answers: answers,
        lawfulBasis: result.championModel.card.lawfulBasis, proxies: result.proxies.input),
      SuppliedSections.robustness(answers),
      StabilitySection.build(try stabilityInput(result, limits: limits)),
      SuppliedSections.uncertainty(),
      SuppliedSections.oversight(answers),
      SuppliedSections.monitoring(answers),
    ]
    sections.append(ClosingSections.reproducibility(closing))
    sections += [
      ClosingSections.risks(sections, answers: answers),
      ClosingSections.limitations(sections),
      ClosingSections.findings(sections, answers: answers),
      ClosingSections.integrity(closing),
    ]
    let summary = SummarySection.build(
      SummaryInput(
        champion: result.championTest.key, championRule: championRule(result),
        headlines: headlineIDs, answers: answers), sections: sections)
    return AuditReport(
      identity: identity,
      sections: [CoverSection.build(identity, answers: answers), summary] + sections)
  }

  /// The findings that the summary starts with: AUC, calibration, stability, decisions.
  static let headlineIDs = ["PERF-01", "PERF-03", "CAL-01", "STAB-01", "CUT-01"]

  static func familyEvaluations(_ result: StudyResult) -> [FamilyEvaluation] {
    result.tests.map {
      FamilyEvaluation(family: $0.key, test: $0.evaluation, training: $0.training)
    }
  }

  static func championRule(_ result: StudyResult) -> Message {
    result.study.champion == "best"
      ? ReportPhrases.championByLogLoss : ReportPhrases.championByStudy
  }
}
