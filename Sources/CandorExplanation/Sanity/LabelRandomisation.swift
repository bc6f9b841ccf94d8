import CandorData
public import CandorNumerics
public import CandorScoring

/// The label-randomisation test: a model trained on permuted outcomes has learnt nothing of them, and
/// its explanations must differ from those of the model.
///
/// Adebayo and others 2018, arXiv:1810.03292. Unlike `ModelRandomisation` it needs no view of the
/// parameters, and costs a fit a repeat.
public struct LabelRandomisation: Sendable, Equatable, Codable {
  /// How far the explanations of models of permuted outcomes agree with those of the model.
  public let agreement: PopulationAgreement
  /// The models trained.
  public let repeats: Int

  /// Trains on permuted targets and compares explanations.
  ///
  /// - Parameters:
  ///   - learner: The model's learner with its options.
  ///   - training: The model's training rows.
  ///   - context: Seeds, threads and listeners of the fits.
  ///   - model: The model; its calibrator and scale serve the others too.
  ///   - explanations: What the explainer says of the model.
  ///   - repeats: How many models to train.
  ///   - top: How many top players to compare.
  ///   - seeds: The randomness of the permutations.
  ///   - explain: The same explainer, on the same applicants, for another model.
  /// - Returns: The agreement.
  /// - Throws: `ExplanationError` where a fit fails, or as the explainer does.
  public static func test(
    learner: some Learner, training: TrainingRows, context: TrainingContext,
    model: ExplainedModel, explanations: [Explanation], repeats: Int = 1, top: Int = 4,
    seeds: SeedTree, explain: (ExplainedModel) throws(ExplanationError) -> [Explanation]
  ) throws(ExplanationError) -> LabelRandomisation {
    guard repeats >= 1 else {
      throw ExplanationError(.badOption, "repeats is \(repeats); it must be 1 or more.")
    }
    var lists: [[Explanation]] = []
    for repetition in 0..<repeats {
      var generator = seeds.child("labels").child(repetition).generator()
      let order = Sampling.permutation(training.count, using: &generator)
      let scorer: any Scorer
      do throws(TrainingError) {
        let permuted = try TrainingRows(
          rows: training.rows, targets: order.map { training.targets[$0] },
          weights: training.weights, featureMap: training.featureMap, task: training.task,
          directions: training.directions)
        scorer = try learner.fit(permuted, context: context).model
      } catch {
        throw ExplanationError(
          .scoring, "No model could be trained on permuted outcomes: \(error.description)")
      }
      lists.append(try explain(try model.with(scorer: scorer)))
    }
    return LabelRandomisation(
      agreement: try PopulationAgreement.average(
        explanations, lists, names: ("the model", "models of permuted outcomes"), top: top,
        seeds: seeds.child("agreement")),
      repeats: repeats)
  }
}
