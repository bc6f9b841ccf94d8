import CandorData
public import CandorEvaluation
import CandorNumerics
public import CandorScoring

/// A family's answers on the test rows, read once, and what they are worth.
public struct TestEvaluation: Sendable {
  /// The family's key.
  public let key: String
  /// One result a test row, in the order of `split.test`.
  public let scored: [ScoredRow]
  /// Labels, PDs, margins and weights of the test rows.
  public let sample: ScoredSample
  /// How good, how sure.
  public let evaluation: Evaluation
  /// The evaluation on the rows that the model was fitted to, for the gap alone.
  public let training: Evaluation
  /// The drift of the PD from training (out of fold) to test.
  public let stability: PopulationStability

  /// The training evaluation serves the gap between the areas, which needs no bootstrap.
  private static let trainingReplicates = 20

  static func run(
    _ family: FamilyRun, model: RiskModel, study: Study, data: StudyData, options: RunOptions
  ) throws -> TestEvaluation {
    let rows = data.split.test
    let scored = try model.scorer.margins(of: model.encoder.encodeCompact(data.table, rows: rows))
      .map(model.scored)
    let sample = try ScoredSample(
      labels: rows.map { data.labels[$0] }, probabilities: scored.map(\.probability),
      scores: scored.map(\.margin),
      weights: data.populationWeights.map { all in rows.map { all[$0] } })
    let train = data.split.train
    let fitted = try model.scorer.margins(of: model.encoder.encodeCompact(data.table, rows: train))
    let trainingSample = try ScoredSample(
      labels: train.map { data.labels[$0] },
      probabilities: fitted.map(model.calibrator.probability),
      scores: fitted, weights: data.populationWeights.map { all in train.map { all[$0] } })
    return TestEvaluation(
      key: family.key, scored: scored, sample: sample,
      evaluation: try Evaluation.run(
        sample: sample, cutOff: family.cutOff,
        seeds: SeedTree(seed: study.seed).child("evaluation").child(family.key),
        threads: options.threads),
      training: try Evaluation.run(
        sample: trainingSample, cutOff: family.cutOff,
        seeds: SeedTree(seed: study.seed).child("training evaluation").child(family.key),
        threads: options.threads, replicates: trainingReplicates, fittedOnThisSample: true),
      stability: try PopulationStability(
        reference: family.outOfFoldProbabilities, current: sample.probabilities,
        referenceWeights: trainingSample.weights, currentWeights: sample.weights))
  }
}
