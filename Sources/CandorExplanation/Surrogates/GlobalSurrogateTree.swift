import CandorData
import CandorNumerics
public import CandorScoring

/// A small tree fitted to the model's values over source features in their own units: the model in a
/// handful of rules, with how far they hold.
///
/// Craven and Shavlik 1996, "Extracting tree-structured representations of trained networks"; the
/// learner is handed in, so that any that makes trees will do.
public struct GlobalSurrogateTree: Sendable, Equatable, Codable {
  /// One leaf as a rule.
  public struct Rule: Sendable, Equatable, Codable {
    /// The conditions, one a feature, in the order in which the tree asks; empty where the tree is one
    /// leaf.
    public let conditions: [SurrogateCondition]
    /// The surrogate's value where they hold.
    public let value: Double
    /// The mean of the model's values where they hold, in the sample.
    public let modelMean: Double
    /// The standard deviation of the model's values where they hold.
    public let modelSpread: Double
    /// The weighted share of the sample in which they hold.
    public let share: Double

    /// The rule in a reader's words.
    public var text: String {
      conditions.isEmpty ? "always" : conditions.map(\.text).joined(separator: ", ")
    }
  }

  /// The unit of the values.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The learner's settings as `name value`.
  public let settings: [String]
  /// One rule a leaf, from the tree's left to its right.
  public let rules: [Rule]
  /// How far the tree says what the model says.
  public let agreement: SurrogateAgreement
  /// What a reader must be told.
  public let warnings: [FidelityWarning]

  /// Fits a tree to the model's values on a sample.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - sample: The rows.
  ///   - source: Their source values; nil reads them from the encoded rows.
  ///   - learner: Grows one tree of a regression, over numbers, level codes and missing cells.
  ///   - cutOff: Where decisions are compared; values at or above it are refused.
  ///   - context: Seeds and threads of the fits.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: The rules with their fidelity.
  /// - Throws: `ExplanationError` where there are fewer than four rows, shapes differ, the fit fails,
  ///   or the learner makes more than one tree.
  public static func fit<TreeLearner: Learner>(
    to model: ExplainedModel, sample: Background, source: SourceValues? = nil,
    learner: TreeLearner, cutOff: Double? = nil, context: TrainingContext,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> GlobalSurrogateTree where TreeLearner.Model: TreeEnsembleScorer {
    let source = try SourceValues.given(source, or: sample.rows, model.featureMap)
    try source.check(rows: sample.count, featureMap: model.featureMap, what: "the sample")
    guard sample.count >= 4 else {
      throw ExplanationError(
        .badBackground,
        "The sample \"\(sample.name)\" has \(sample.count) rows; a surrogate needs four at least.")
    }
    let values = try model.values(of: sample.rows, threads: context.threads)
    let weights = sample.weights ?? Array(repeating: 1, count: sample.count)
    let (rows, map) = source.learnable(as: source)
    func grow(_ inside: [Int]) throws(ExplanationError) -> TreeLearner.Model {
      do throws(TrainingError) {
        let training = try TrainingRows(
          rows: rows.selecting(rows: inside), targets: inside.map { values[$0] },
          weights: sample.weights.map { all in inside.map { all[$0] } }, featureMap: map,
          task: .regression)
        return try learner.fit(training, context: context).model
      } catch {
        throw ExplanationError(
          .numerical, "The surrogate tree could not be grown: \(error.description)")
      }
    }
    func answers(
      _ tree: TreeLearner.Model, _ positions: [Int]
    ) throws(ExplanationError) -> [Double] {
      do throws(ScoringError) {
        return try tree.margins(of: rows.selecting(rows: positions))
      } catch {
        throw ExplanationError(error)
      }
    }
    let all = Array(0..<sample.count)
    let whole = try grow(all)
    var halves: [(values: [Double], surrogate: [Double], weights: [Double])] = []
    for half in 0..<2 {
      let outside = all.filter { $0 % 2 != half }
      let part = try grow(all.filter { $0 % 2 == half })
      halves.append(
        (outside.map { values[$0] }, try answers(part, outside), outside.map { weights[$0] }))
    }
    let agreement = SurrogateAgreement(
      halves: halves,
      fitted: SurrogateAgreement.rSquared(values, try answers(whole, all), weights),
      cutOff: cutOff)
    guard whole.ensemble.trees.count == 1 else {
      throw ExplanationError(
        .badOption,
        "The surrogate's learner made \(whole.ensemble.trees.count) trees; let it make one.")
    }
    let leaves = LeafProfiles(of: rows, in: whole.ensemble).leaves
    return GlobalSurrogateTree(
      scale: model.scale, sampleName: sample.name, sampleHash: sample.hash,
      settings: learner.settings.map { "\($0.name) \($0.value)" },
      rules: SurrogateTreeReader(ensemble: whole.ensemble, source: source).rules(
        leaves: leaves, values: values, weights: weights), agreement: agreement,
      warnings: agreement.warnings(thresholds))
  }
}
