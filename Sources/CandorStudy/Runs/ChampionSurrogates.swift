import CandorData
import CandorExplanation
import CandorModels
import CandorNumerics
import CandorReport
import CandorScoring

/// Simple models of the champion, with how far they hold.
struct ChampionSurrogates {
  let score: ExplainedModel
  let model: RiskModel
  let players: Players
  let data: StudyData
  let seeds: SeedTree
  let options: RunOptions

  /// The most questions between a tree's root and a leaf: more rules than eight nobody reads.
  private static let mostDepth = 3
  /// A leaf holds this part of the sample at least.
  private static let leastShare = 20
  /// Held-out applicants with a local surrogate each.
  private static let localApplicants = 200

  /// Fits them.
  ///
  /// - Parameter rows: The held-out rows, as positions in the table.
  /// - Returns: The surrogates; one that could not be fitted is left out with the reason.
  /// - Throws: The errors of encoding, and `TrainingError` where the run was asked to end.
  func measure(on rows: [Int]) throws -> SurrogateInput {
    let table = data.table.selecting(columns: model.features)
    let source = try SourceValues(
      table: table.selecting(rows: rows), featureMap: model.encoder.featureMap)
    let sample = try Background(
      name: "test", rows: model.encoder.encode(data.table, rows: rows),
      weights: data.weights.map { all in rows.map { all[$0] } })
    var input = SurrogateInput(rows: rows.count, allRows: data.split.test.count)
    do {
      input.tree = try tree(sample, source: source)
    } catch let error as ExplanationError {
      input.failures.append((.tree, error.description))
    }
    try options.begin("explaining the champion", 0.9)
    do throws(ExplanationError) {
      input.scorecard = try GlobalScorecard.fit(
        to: score, sample: sample, source: source, cutOff: logit(model.cutOff),
        threads: options.threads)
    } catch {
      input.failures.append((.scorecard, error.description))
    }
    do {
      input.local = try local(sample, source: source)
    } catch let error as ExplanationError {
      input.failures.append((.local, error.description))
    }
    return input
  }

  /// On the PD, so that a leaf's mean is the mean PD of its applicants.
  private func tree(_ sample: Background, source: SourceValues) throws -> GlobalSurrogateTree {
    var growing = ForestOptions()
    growing.trees = 1
    growing.featuresPerSplit = .share(1)
    growing.minimumLeaf = max(sample.count / Self.leastShare, 1)
    growing.maximumDepth = Self.mostDepth
    growing.bootstrap = false
    growing.outOfBag = false
    return try GlobalSurrogateTree.fit(
      to: score.on(.probability), sample: sample, source: source,
      learner: ForestLearner(options: growing), cutOff: model.cutOff,
      context: TrainingContext(
        seeds: seeds.child("tree"), threads: options.threads,
        cancellation: options.cancellation))
  }

  /// R² of one local surrogate an applicant, all from one design.
  private func local(
    _ sample: Background, source: SourceValues
  ) throws -> SurrogateInput.Local? {
    guard let training = model.reference(named: ReferenceSelection.training) else { return nil }
    let background = try Background(
      name: training.name, rows: model.encoder.encode(training.table), hash: training.hash)
    var generator = seeds.child("local applicants").generator()
    let chosen = Sampling.withoutReplacement(
      min(Self.localApplicants, sample.count), from: sample.count, using: &generator
    ).sorted()
    let fits = PortfolioSurrogateOptions()
    let found = try PortfolioSurrogate.explain(
      sample.rows.selecting(rows: chosen), source: source.selecting(rows: chosen), of: score,
      players: players, background: background,
      backgroundSource: SourceValues(
        table: training.table, featureMap: model.encoder.featureMap),
      options: fits, seeds: seeds.child("local"), threads: options.threads)
    let rSquared = found.compactMap { explanation -> Double? in
      guard case .surrogate(let evidence) = explanation.fidelity.evidence else { return nil }
      return evidence.rSquared
    }.sorted()
    guard let least = rSquared.first else { return nil }
    let limit = FidelityThresholds.standard.surrogateWarning
    return SurrogateInput.Local(
      applicants: rSquared.count, median: Quantiles.sorted(rSquared, at: 0.5),
      lowTenth: Quantiles.sorted(rSquared, at: 0.1), least: least,
      shareBelow: Double(rSquared.count { !($0 >= limit) }) / Double(rSquared.count),
      limit: limit, backgroundName: background.name, backgroundRows: background.count,
      designRows: fits.rows)
  }
}
