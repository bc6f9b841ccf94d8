import Candor
public import CandorData
public import CandorEvaluation
import CandorModels
import CandorNumerics
public import CandorScoring
import Foundation

/// One family trained on the training rows: out-of-fold predictions first, then the one model.
///
/// The encoder is fitted anew in every fold; the calibrator is fitted on out-of-fold margins; the
/// cut-off comes from out-of-fold PDs. The test rows are not touched here.
public struct FamilyRun: Sendable {
  /// The family's key in study files.
  public let key: String
  /// The encoder fitted on all training rows.
  public let encoder: Encoder
  /// The model fitted on all training rows.
  public let scorer: any PersistableScorer
  /// What happened while it was fitted.
  public let log: TrainingLog
  /// The options of the fit.
  public let settings: [ModelCard.Setting]
  /// The calibrator fitted on the out-of-fold margins.
  public let calibrator: Calibrator
  /// One out-of-fold margin a training row, in the order of `split.train`.
  public let outOfFoldMargins: [Double]
  /// Their PDs.
  public let outOfFoldProbabilities: [Double]
  /// The log-loss of the out-of-fold PDs.
  public let outOfFoldLogLoss: Double
  /// The AUC of the out-of-fold margins.
  public let outOfFoldAUC: Double
  /// The cut-off on the PD, chosen on the out-of-fold PDs, with its cost curve.
  public let cutOffChoice: CutOff
  /// How long the family took, in seconds; it belongs in the manifest's clock alone.
  public let seconds: Double

  /// The PD at and above which the family refuses.
  public var cutOff: Double {
    min(max(cutOffChoice.value, CutOffChoice.least), CutOffChoice.greatest)
  }

  static func train(
    _ request: Study.ModelRequest, study: Study, data: StudyData, options: RunOptions
  ) throws -> FamilyRun {
    let learner = try ModelLibrary.learner(family: request.family, options: request.options)
    return try train(learner, request: request, study: study, data: data, options: options)
  }

  private static func train(
    _ learner: some Learner, request: Study.ModelRequest, study: Study, data: StudyData,
    options: RunOptions
  ) throws -> FamilyRun {
    let began = ProcessInfo.processInfo.systemUptime
    let rows = data.split.train
    let labels = rows.map { data.labels[$0] }
    let weights = data.weights.map { all in rows.map { all[$0] } }
    let seeds = SeedTree(seed: study.seed)
    let folds = try OutOfFoldSplits.make(study, data: data)
    let encoding = ModelLibrary.encoding(of: request.family, study.preparation.options)
    let family = seeds.child("model").child(request.family)
    // The last task is the model itself, the others are its folds: equal work, side by side.
    let finished = LockedState(0)
    let fits = try Parallel.map(count: folds.count + 1, threads: options.threads) { task in
      let isModel = task == folds.count
      let part = isModel ? Array(labels.indices) : folds[task].train
      let fit = try fit(
        learner, on: part.map { rows[$0] }, data: data, encoding: encoding,
        context: TrainingContext(
          seeds: isModel ? family.child("model") : family.child("fold").child(task)))
      let held = isModel ? [] : folds[task].test
      let margins = try fit.scorer.margins(
        of: fit.encoder.encode(data.table, rows: held.map { rows[$0] }))
      let done = finished.withLock { count in
        count += 1
        return count
      }
      options.report("training \(request.family)", Double(done) / Double(folds.count + 1))
      return (fit, margins)
    }
    var margins = [Double](repeating: .nan, count: rows.count)
    for (fold, fit) in zip(folds, fits) {
      for (position, margin) in zip(fold.test, fit.1) { margins[position] = margin }
    }
    let model = fits[folds.count].0
    var log = model.log
    let calibrator = try CalibratorFitting.fit(
      kind: study.calibration.rawValue, margins: margins, labels: labels, weights: weights,
      scale: model.scorer.marginScale, notices: &log.notices)
    let probabilities = margins.map(calibrator.probability)
    let sample = try ScoredSample(
      labels: labels, probabilities: probabilities, scores: margins, weights: weights)
    return FamilyRun(
      key: request.family, encoder: model.encoder, scorer: model.scorer, log: log,
      settings: learner.settings.map { ModelCard.Setting(name: $0.name, value: $0.value) },
      calibrator: calibrator, outOfFoldMargins: margins, outOfFoldProbabilities: probabilities,
      outOfFoldLogLoss: LogLoss.estimate(of: sample).value,
      outOfFoldAUC: try AUC.value(of: sample),
      cutOffChoice: try CutOffChoice.make(study.policy, sample: sample),
      seconds: ProcessInfo.processInfo.systemUptime - began)
  }

  private struct Fit: Sendable {
    let encoder: Encoder
    let scorer: any PersistableScorer
    let log: TrainingLog
  }

  private static func fit(
    _ learner: some Learner, on rows: [Int], data: StudyData, encoding: EncodingOptions,
    context: TrainingContext
  ) throws -> Fit {
    let encoder = try Encoder.fit(
      data.table, features: data.features, rows: rows, targets: data.labels,
      weights: data.weights, options: encoding)
    let training = try TrainingRows(
      rows: encoder.encode(data.table, rows: rows), targets: rows.map { data.labels[$0] },
      weights: data.weights.map { all in rows.map { all[$0] } }, featureMap: encoder.featureMap)
    let trained = try learner.fit(training, context: context)
    return Fit(encoder: encoder, scorer: trained.model, log: trained.log)
  }
}
