public import CandorData
public import CandorExplanation
import CandorNumerics
import CandorScoring

/// A method that a person may ask contributions of.
public enum ContributionMethod: String, Sendable, CaseIterable {
  /// Shapley values by the best method that the model allows.
  case shapley
  /// Shapley values by the trees' own covers, without a background.
  case pathDependent = "path-dependent"
  /// Shapley values of a linear model in which absent features follow the present ones.
  case conditional
  /// Shapley values by random orders, whatever else the model allows.
  case sampled
  /// Shapley values by weighted least squares over coalitions.
  case kernel
  /// Integrated gradients from the background's mean.
  case integratedGradients = "integrated-gradients"
  /// Integrated gradients averaged over the background.
  case expectedGradients = "expected-gradients"
  /// The gradient times the difference from the background's mean.
  case gradientTimesDifference = "gradient-times-difference"
  /// The gradient averaged over draws around the applicant.
  case smoothGradient = "smooth-gradient"
  /// A weighted linear fit around the applicant.
  case surrogate
}

/// Which rows contributions compare with.
public enum ContributionBackground: String, Sendable, CaseIterable {
  /// Applicants approved near the cut-off: the reference of reasons.
  case approved
  /// A sample of the training rows.
  case training
}

extension ApplicantExplainer {
  /// Contributions of applicants by a method of the caller's choice, on the log-odds of the PD.
  ///
  /// - Parameters:
  ///   - table: Rows with the model's feature columns.
  ///   - method: The method.
  ///   - background: What they are compared with.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError.unsupported` where the model does not allow the method, `StudyError`
  ///   where the bundle carries no such rows.
  public func contributions(
    of table: Table, by method: ContributionMethod, against background: ContributionBackground
  ) throws -> [Explanation] {
    let rows = try model.encoder.encode(table)
    let compared: Background
    switch background {
    case .approved: compared = reference
    case .training:
      guard let training else {
        throw StudyError(.notPossible, "The bundle carries no sample of training rows.")
      }
      compared = training
    }
    let seeds = SeedTree(seed: model.card.seed).child("explain").child(method.rawValue)
    switch method {
    case .shapley:
      return try MethodSelection.shapley(
        for: score, rows: rows, players: players, background: compared, options: options,
        seeds: seeds, threads: threads)
    case .pathDependent:
      return try MethodSelection.pathDependentShapley(
        for: score, rows: rows, players: players, threads: threads)
    case .conditional:
      return try MethodSelection.conditionalShapley(
        for: score, players: players, background: compared, seeds: seeds, threads: threads
      ).explain(rows)
    case .sampled:
      return try MethodSelection.sampledShapley(
        for: score, rows: rows, players: players, background: compared, options: options,
        seeds: seeds, threads: threads)
    case .kernel:
      return try MethodSelection.kernelShapley(
        for: score, rows: rows, players: players, background: compared, seeds: seeds,
        threads: threads)
    case .integratedGradients:
      return try MethodSelection.integratedGradients(
        for: score, rows: rows, players: players, background: compared,
        baseline: GradientBaseline(meanOf: compared), threads: threads)
    case .expectedGradients:
      return try MethodSelection.expectedGradients(
        for: score, rows: rows, players: players, background: compared, seeds: seeds,
        threads: threads)
    case .gradientTimesDifference:
      return try MethodSelection.saliency(
        for: score, rows: rows, players: players,
        baseline: GradientBaseline(meanOf: compared), form: .gradientTimesDifference)
    case .smoothGradient:
      return try MethodSelection.smoothGradient(
        for: score, rows: rows, players: players, background: compared, seeds: seeds,
        threads: threads)
    case .surrogate:
      return try LocalSurrogate.explain(
        rows, of: score.scorer, quantity: score.quantity, players: players, background: compared,
        seeds: seeds, threads: threads)
    }
  }

  private static let auditedPairs = 128

  /// The quality of the model's explanations, measured on these applicants.
  ///
  /// - Parameters:
  ///   - table: Rows with the model's feature columns; two at least.
  ///   - families: Explanations of the same rows by other models.
  ///   - most: At most so many of them, spread evenly; all of them with other families.
  /// - Returns: The scorecard.
  /// - Throws: `ExplanationError` where there are too few rows; the errors of encoding.
  public func audit(
    _ table: Table, families: [OtherFamily] = [], most: Int = 50
  ) throws -> ExplanationScorecard {
    try audit(table, families: families, most: most, refits: nil)
  }

  /// As the other `audit`, with fits on permuted outcomes where some are given.
  func audit(
    _ table: Table, families: [OtherFamily], most: Int, refits: LabelRefits?
  ) throws -> ExplanationScorecard {
    let count = families.isEmpty ? min(table.rowCount, most) : table.rowCount
    let chosen = (0..<count).map { $0 * table.rowCount / count }
    var options = ExplanationAuditOptions()
    // Many explanations are drawn, and their spread is what is measured.
    options.shapley = SampledShapleyOptions(
      pairs: min(self.options.pairs, Self.auditedPairs),
      mostPairs: min(self.options.pairs, Self.auditedPairs))
    options.resampledApplicants = 10
    options.randomModels = 2
    let rows = try model.encoder.encode(table.selecting(rows: chosen))
    let seeds = SeedTree(seed: model.card.seed).child("audit")
    return try ExplanationAudit.run(
      score, rows: rows, players: players, background: reference,
      labelRandomisation: refits.flatMap {
        labelRandomisation($0, rows: rows, options: options, seeds: seeds.child("labels"))
      }, families: families, options: options, seeds: seeds, threads: threads)
  }

  /// Nil where no model can be fitted to permuted outcomes: the audit then says that it was not tested.
  private func labelRandomisation(
    _ refits: LabelRefits, rows: EncodedRows, options: ExplanationAuditOptions, seeds: SeedTree
  ) -> LabelRandomisation? {
    func explain(_ model: ExplainedModel) throws(ExplanationError) -> [Explanation] {
      try MethodSelection.shapley(
        for: model, rows: rows, players: players, background: reference,
        options: options.shapley, seeds: seeds.child("explanations"), threads: threads)
    }
    do throws(ExplanationError) {
      return try LabelRandomisation.test(
        learner: refits.learner, training: refits.training, context: refits.context,
        model: score, explanations: try explain(score), repeats: refits.repeats,
        top: options.top, seeds: seeds, explain: explain)
    } catch {
      return nil
    }
  }
}
