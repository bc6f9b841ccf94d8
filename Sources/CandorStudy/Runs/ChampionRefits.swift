import CandorData
import CandorExplanation
import CandorNumerics
import CandorReport
import CandorScoring

/// Fits of the champion's family beside the study's own: with the study's options, without its folds,
/// and on few rows, since several are made.
struct ChampionRefits {
  /// What each fit was made on.
  private let family: FamilyRun
  private let study: Study
  private let data: StudyData
  private let options: RunOptions
  private let learner: any Learner

  /// The most training rows of a fit without a feature.
  private static let mostRows = 2000
  /// With how many seeds each of these fits is made.
  private static let seedsOfFit = 2
  /// The most training rows of a fit on permuted outcomes: such a fit learns nothing from more.
  private static let mostPermutedRows = 1000
  /// Above so many evaluations of the model for one explanation, fewer models are explained.
  private static let mostEvaluations = 2000

  init(_ family: FamilyRun, study: Study, data: StudyData, options: RunOptions) throws {
    self.family = family
    self.study = study
    self.data = data
    self.options = options
    learner = try family.learner(study)
  }

  /// What the strongest features are worth to fits without them.
  ///
  /// - Parameters:
  ///   - importance: The champion's importance, strongest feature first.
  ///   - sample: The held-out rows.
  ///   - players: The source features.
  /// - Returns: The worth, or why it was not measured.
  /// - Throws: `TrainingError` where the run was asked to end.
  func dropColumns(
    _ importance: PermutationImportance, sample: PermutationImportance.Sample, players: Players
  ) throws -> BehaviourInput.DropColumn {
    let names = importance.players.prefix(study.explain.dropColumns).map(\.source)
      .filter { name in
        players.names.firstIndex(of: name).map { players.columns[$0].count < players.width }
          ?? false
      }
    guard !names.isEmpty else { return .notAsked }
    try options.begin("fitting the champion without features")
    let seeds = SeedTree(seed: study.seed).child("drop columns")
    do {
      let training = try rows(Self.mostRows, seeds: seeds.child("rows"))
      let found = try DropColumnImportance.measure(
        learner, training: training, sample: sample, players: players, dropping: names,
        refits: Self.seedsOfFit, seeds: seeds, threads: options.threads)
      return .measured(found, extent(fits: Self.seedsOfFit * (names.count + 1), training))
    } catch let error as ExplanationError {
      return .failed(error.description)
    }
  }

  /// Fits on permuted outcomes, for the test of explanations by them; fewer where one explanation takes
  /// many evaluations of the model, since each model's own are asked for.
  func permutedLabels(evaluationsOfOne: Int) throws -> LabelRefits {
    let seeds = SeedTree(seed: study.seed).child("permuted labels")
    return LabelRefits(
      learner: learner, training: try rows(Self.mostPermutedRows, seeds: seeds.child("rows")),
      context: TrainingContext(
        seeds: seeds.child("fit"), threads: options.threads, cancellation: options.cancellation),
      repeats: evaluationsOfOne > Self.mostEvaluations ? 2 : 4)
  }

  /// How many fits were made on how many rows.
  func extent(fits: Int, _ training: TrainingRows) -> RefitExtent {
    RefitExtent(
      family: family.key, fits: fits, rows: training.count, allRows: data.split.train.count)
  }

  private func rows(_ most: Int, seeds: SeedTree) throws -> TrainingRows {
    let train = data.split.train
    return try family.training(
      on: GlobalExplanation.part(of: train, most, data: data, seeds: seeds).map { train[$0] },
      for: learner, study: study, data: data)
  }
}

/// Models of the same family on permuted outcomes, for an audit.
struct LabelRefits {
  /// The family's learner with its options.
  let learner: any Learner
  /// The training rows before their outcomes are permuted.
  let training: TrainingRows
  /// Seeds and threads of the fits.
  let context: TrainingContext
  /// How many models are fitted.
  let repeats: Int
}
