public import CandorData
public import CandorNumerics
import CandorEvaluation

/// How an audit of explanations is run.
public struct ExplanationAuditOptions: Sendable, Equatable, Codable {
  /// How many top players are compared.
  public var top = 4
  /// The most background rows of deletion and insertion; they are drawn without replacement.
  public var curveRows = 50
  /// The most applicants whose background is resampled.
  public var resampledApplicants = 20
  /// The resamples of the background for each.
  public var resamples = 10
  /// The runs with different seeds.
  public var seedRuns = 3
  /// The random models of each step of the randomisation test.
  public var randomModels = 5
  /// How Shapley values are sampled, where they are.
  public var shapley = SampledShapleyOptions()
  /// The limits.
  public var limits = ExplanationAuditLimits()
  /// The fewest applicants behind a verdict.
  public var fewestApplicants = 10

  /// The defaults.
  public init() {}
}

/// Explanations of the same applicants by another model, on the same scale and players.
public struct OtherFamily: Sendable {
  /// The other model's name.
  public let name: String
  /// One explanation an applicant.
  public let explanations: [Explanation]

  /// Names explanations.
  public init(name: String, explanations: [Explanation]) {
    self.name = name
    self.explanations = explanations
  }
}

/// Measures the quality of a model's explanations on a sample of applicants.
public enum ExplanationAudit {
  /// Runs every check that the model allows.
  ///
  /// Explains the applicants by Shapley values, by gradients where there are any, and by local
  /// surrogates; looks at the methods' own evidence; compares them; takes features away and brings them
  /// in; resamples the background and the seeds; and randomises the parameters. What needs a fit
  /// (`LabelRandomisation`) or another model (`OtherFamily`) is handed in. A check that cannot be made is
  /// listed as not tested, with the reason. Costs some hundreds of explanations of the sample; 50
  /// applicants are enough for most.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded; two at least.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - labelRandomisation: The result of that test, where it was run.
  ///   - families: Explanations by other models.
  ///   - options: How many of each, and the limits.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the methods' own evidence.
  /// - Returns: The scorecard.
  /// - Throws: `ExplanationError` where rows or background do not fit, or Shapley values fail.
  public static func run(
    _ model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    labelRandomisation: LabelRandomisation? = nil, families: [OtherFamily] = [],
    options: ExplanationAuditOptions = .init(), seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> ExplanationScorecard {
    try players.check(rows: rows, background: background)
    guard rows.count >= 2 else {
      throw ExplanationError(
        .badShape,
        "An audit compares applicants: it needs two at least, and was given \(rows.count).")
    }
    let audit = AuditRun(
      model: model, rows: rows, players: players, background: background, options: options,
      seeds: seeds, threads: threads, thresholds: thresholds)
    let shapley = try audit.shapley(of: model, seeds: seeds.child("explanations"))
    var lists = [shapley]
    var found: [ExplanationScorecard.Row] = []
    for method in audit.others {
      do throws(ExplanationError) {
        lists.append(try audit.explanations(by: method))
      } catch {
        found.append(audit.missing(.evidence, method.rawValue, error.description))
      }
    }
    found = lists.map(audit.evidence) + found
    for list in lists { found += audit.curves(list) }
    for list in lists.dropFirst() { found += audit.agreement(shapley, list) }
    for family in families { found.append(audit.family(shapley, family)) }
    found.append(audit.backgroundStability())
    found.append(audit.seedStability(shapley))
    found += audit.modelRandomisation(shapley)
    found.append(audit.labels(labelRandomisation, shapley))
    return ExplanationScorecard(
      scale: model.scale.rawValue, backgroundName: background.name,
      backgroundHash: background.hash, applicants: rows.count, rows: found)
  }
}
