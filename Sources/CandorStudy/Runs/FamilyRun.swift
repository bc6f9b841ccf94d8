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
  /// The models of the folds, each fitted on the training rows of the other folds: refits that show
  /// how far an answer depends on the rows that were at hand.
  public let foldModels: [FoldModel]
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
    let encoding = try study.encoding(of: request)
    let family = seeds.child("model").child(request.family)
    let progress = JointProgress(tasks: folds.count + 1) { share in
      options.report("training \(request.family)", share)
    }
    try options.begin("training \(request.family)")
    // The last task is the model itself, the others are its folds: equal work, side by side.
    let fits = try Parallel.map(count: folds.count + 1, threads: options.threads) { task in
      let isModel = task == folds.count
      let part = isModel ? Array(labels.indices) : folds[task].train
      let context = TrainingContext(
        seeds: isModel ? family.child("model") : family.child("fold").child(task),
        progress: { progress.set(task, $0) }, cancellation: options.cancellation,
        snapshots: options.snapshots?.store(
          named: "\(request.family)-\(isModel ? "model" : "fold-\(task + 1)")"))
      try context.checkCancellation()
      let fit = try fit(
        learner, on: part.map { rows[$0] }, study: study, data: data, encoding: encoding,
        directions: learner.keepsDirections ? study.directions : [:], context: context)
      let held = isModel ? [] : folds[task].test
      let margins = try fit.scorer.margins(
        of: fit.encoder.encodeCompact(data.table, rows: held.map { rows[$0] }))
      progress.set(task, 1)
      return (fit, margins)
    }
    var margins = [Double](repeating: .nan, count: rows.count)
    for (fold, fit) in zip(folds, fits) {
      for (position, margin) in zip(fold.test, fit.1) { margins[position] = margin }
    }
    let model = fits[folds.count].0
    var log = model.log
    let ownCalibrator = try CalibratorFitting.fit(
      kind: study.calibration.rawValue, margins: margins, labels: labels, weights: weights,
      scale: model.scorer.marginScale, notices: &log.notices)
    let calibrator = data.prior?.applied(to: ownCalibrator) ?? ownCalibrator
    let probabilities = margins.map(calibrator.probability)
    let sample = try ScoredSample(
      labels: labels, probabilities: probabilities, scores: margins,
      weights: data.populationWeights.map { all in rows.map { all[$0] } })
    return FamilyRun(
      key: request.family, encoder: model.encoder, scorer: model.scorer, log: log,
      settings: learner.settings.map { ModelCard.Setting(name: $0.name, value: $0.value) },
      calibrator: calibrator, outOfFoldMargins: margins, outOfFoldProbabilities: probabilities,
      outOfFoldLogLoss: LogLoss.estimate(of: sample).value,
      outOfFoldAUC: try AUC.value(of: sample),
      cutOffChoice: try CutOffChoice.make(study.policy, sample: sample),
      foldModels: fits.prefix(folds.count).map {
        FoldModel(encoder: $0.0.encoder, scorer: $0.0.scorer)
      },
      seconds: ProcessInfo.processInfo.systemUptime - began)
  }

  /// A model of one fold with its own encoder.
  public struct FoldModel: Sendable {
    /// The encoder fitted without the fold's held-out rows.
    public let encoder: Encoder
    /// The model fitted without them.
    public let scorer: any PersistableScorer
  }

  private struct Fit: Sendable {
    let encoder: Encoder
    let scorer: any PersistableScorer
    let log: TrainingLog
  }

  private static func fit(
    _ learner: some Learner, on rows: [Int], study: Study, data: StudyData,
    encoding: EncodingOptions, directions: [String: Direction], context: TrainingContext
  ) throws -> Fit {
    let encoder = try Encoder.fit(
      data.table, features: data.features, rows: rows, targets: data.labels,
      weights: data.weights, options: encoding)
    let (training, free) = try training(
      on: rows, encoder: encoder, data: data, directions: directions)
    let trained = try learner.fit(training, context: context)
    var log = trained.log
    if !free.isEmpty {
      log.notices.append(
        "The declared direction of \(free.sorted().joined(separator: ", ")) is not kept: the model "
          + "sees levels without order there, or a constant.")
    }
    return Fit(encoder: encoder, scorer: trained.model, log: log)
  }

  /// Encoded rows to fit on, and the features whose declared direction the encoding cannot carry.
  private static func training(
    on rows: [Int], encoder: Encoder, data: StudyData, directions: [String: Direction]
  ) throws -> (rows: TrainingRows, free: [String]) {
    var byColumn: [Int: Direction] = [:]
    var free: [String] = []
    for (feature, direction) in directions where data.features.contains(feature) {
      if let column = encoder.risingColumn(of: feature) {
        byColumn[column] = direction
      } else {
        free.append(feature)
      }
    }
    return (
      try TrainingRows(
        rows: encoder.encodeCompact(data.table, rows: rows),
        targets: rows.map { data.labels[$0] },
        weights: data.weights.map { all in rows.map { all[$0] } },
        featureMap: encoder.featureMap, directions: byColumn), free
    )
  }
}

extension FamilyRun {
  /// The family's learner with the options of the study.
  func learner(_ study: Study) throws -> any Learner {
    try ModelLibrary.learner(
      family: key, options: study.models.first { $0.family == key }?.options ?? [])
  }

  /// The seeds of the fit on all training rows.
  func fitSeeds(_ study: Study) -> SeedTree {
    SeedTree(seed: study.seed).child("model").child(key).child("model")
  }

  /// Rows of the table, encoded by the family's own encoder, for another fit of the family.
  func training(
    on rows: [Int], for learner: any Learner, study: Study, data: StudyData
  ) throws -> TrainingRows {
    try Self.training(
      on: rows, encoder: encoder, data: data,
      directions: learner.keepsDirections ? study.directions : [:]
    ).rows
  }
}

extension Study {
  /// The declared directions by feature.
  var directions: [String: Direction] { columns.compactMapValues(\.direction) }
}
