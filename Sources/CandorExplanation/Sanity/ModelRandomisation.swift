public import CandorNumerics
import CandorScoring

/// The model-randomisation test: an explanation that stays as it is when the model's parameters are
/// made meaningless explains something else than the model.
///
/// Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim 2018, arXiv:1810.03292. Parameters take each
/// other's places within their layer or tree, with random signs where they are weights, so that their
/// scale stays and what they learnt goes. A net is randomised from the output layer down, one layer
/// more a step; linear scores and trees have one step.
public struct ModelRandomisation: Sendable, Equatable, Codable {
  /// One stage of the cascade.
  public struct Step: Sendable, Equatable, Codable {
    /// What was randomised, for example `the last 2 of 3 layers`.
    public let randomised: String
    /// How far the explanations of the randomised models still agree with those of the model: the
    /// mean over random models for each applicant, then over applicants.
    public let agreement: PopulationAgreement
  }

  /// The steps, all parameters random in the last.
  public let steps: [Step]
  /// The random models a step.
  public let repeats: Int

  /// Runs the test with an explainer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - explanations: What the explainer says of the model.
  ///   - repeats: The random models a step, from 1 up: one alone may agree by chance.
  ///   - top: How many top players to compare.
  ///   - seeds: The randomness.
  ///   - explain: The same explainer, on the same applicants, for another model.
  /// - Returns: The agreement at each step.
  /// - Throws: `ExplanationError.unsupported` where the model's parameters cannot be reached, or as the
  ///   explainer does.
  public static func test(
    _ model: ExplainedModel, explanations: [Explanation], repeats: Int = 5, top: Int = 4,
    seeds: SeedTree, explain: (ExplainedModel) throws(ExplanationError) -> [Explanation]
  ) throws(ExplanationError) -> ModelRandomisation {
    guard repeats >= 1 else {
      throw ExplanationError(.badOption, "repeats is \(repeats); it must be 1 or more.")
    }
    let stages = MethodSelection.randomisations(of: model)
    guard !stages.isEmpty else {
      throw ExplanationError(
        .unsupported,
        "The model shows no parameters that could be randomised; use label randomisation.")
    }
    var steps: [Step] = []
    for (s, stage) in stages.enumerated() {
      var lists: [[Explanation]] = []
      for r in 0..<repeats {
        let random = try model.with(scorer: stage.make(seeds.child(s).child(r)))
        lists.append(try explain(random))
      }
      steps.append(
        Step(
          randomised: stage.name,
          agreement: try PopulationAgreement.average(
            explanations, lists, names: ("the model", stage.name), top: top,
            seeds: seeds.child("agreement").child(s))))
    }
    return ModelRandomisation(steps: steps, repeats: repeats)
  }
}

extension ExplainedModel {
  /// The same quantity of another scorer of the same width.
  func with(scorer: any Scorer) throws(ExplanationError) -> ExplainedModel {
    try ExplainedModel(
      scorer: scorer, calibrator: quantity.calibrator, featureMap: featureMap, scale: scale,
      pointsScale: quantity.pointsScale)
  }
}

/// A way to make a model's parameters meaningless.
struct RandomisationStage {
  let name: String
  let make: (SeedTree) -> any Scorer
}
