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
  /// The gradient itself, signed, per unit of the encoded columns.
  case saliency
  /// The gradient averaged over draws around the applicant.
  case smoothGradient = "smooth-gradient"
  /// A weighted linear fit around the applicant, from rows drawn for it alone.
  case surrogate
  /// A weighted linear fit around each applicant of a portfolio, all from one design.
  case portfolioSurrogate = "portfolio-surrogate"
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
    let compared = try self.rows(of: background)
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
    case .saliency:
      return try MethodSelection.saliency(
        for: score, rows: rows, players: players,
        baseline: GradientBaseline(meanOf: compared), form: .gradient)
    case .smoothGradient:
      return try MethodSelection.smoothGradient(
        for: score, rows: rows, players: players, background: compared, seeds: seeds,
        threads: threads)
    case .surrogate:
      return try LocalSurrogate.explain(
        rows, of: score.scorer, quantity: score.quantity, players: players, background: compared,
        seeds: seeds, threads: threads)
    case .portfolioSurrogate:
      return try portfolioSurrogate(against: background).explain(
        rows, source: sourceValues(of: table), threads: threads)
    }
  }

  /// A design for the surrogates of any number of applicants: the model is asked once a row of it,
  /// whatever the portfolio's size, and an applicant has one answer whoever else is in the portfolio.
  ///
  /// - Parameter background: The rows that the design is drawn from.
  /// - Returns: The design, ready.
  /// - Throws: `StudyError` where the bundle carries no such rows, and `ExplanationError`.
  func portfolioSurrogate(
    against background: ContributionBackground
  ) throws -> PortfolioSurrogate {
    try PortfolioSurrogate(
      of: score, players: players, background: rows(of: background),
      backgroundSource: try model.reference(
        named: background == .approved
          ? ReferenceSelection.nearCutOffApproved : ReferenceSelection.training
      ).map { try sourceValues(of: $0.table) },
      seeds: SeedTree(seed: model.card.seed).child("explain"), threads: threads)
  }

  func sourceValues(of table: Table) throws -> SourceValues {
    try SourceValues(
      table: table.selecting(columns: model.features), featureMap: model.encoder.featureMap)
  }

  private func rows(of background: ContributionBackground) throws -> Background {
    if background == .approved { return reference }
    guard let training else {
      throw StudyError(.notPossible, "The bundle carries no sample of training rows.")
    }
    return training
  }

  private static let auditedPairs = 128

  /// The quality of the model's explanations, measured on these applicants.
  ///
  /// - Parameters:
  ///   - table: Rows with the model's feature columns; two at least.
  ///   - families: Explanations of the same rows by other models.
  ///   - most: At most so many of them, spread evenly; all of them with other families.
  ///   - effort: How often backgrounds are resampled and models randomised.
  /// - Returns: The scorecard.
  /// - Throws: `ExplanationError` where there are too few rows; the errors of encoding.
  public func audit(
    _ table: Table, families: [OtherFamily] = [], most: Int = 50,
    effort: Study.AuditSettings = .init()
  ) throws -> ExplanationScorecard {
    try audit(table, families: families, most: most, effort: effort, refits: nil)
  }

  /// As the other `audit`, with fits on permuted outcomes where some are given.
  func audit(
    _ table: Table, families: [OtherFamily], most: Int, effort: Study.AuditSettings,
    refits: LabelRefits?
  ) throws -> ExplanationScorecard {
    let table = families.isEmpty ? spread(table, most: most) : table
    var options = ExplanationAuditOptions()
    // Many explanations are drawn, and their spread is what is measured.
    options.shapley = SampledShapleyOptions(
      pairs: min(self.options.pairs, Self.auditedPairs),
      mostPairs: min(self.options.pairs, Self.auditedPairs))
    options.resampledApplicants = 10
    options.resamples = effort.resamples
    options.randomModels = effort.randomModels
    let rows = try model.encoder.encode(table)
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

  /// How much of the difference from the reference's mean flows through each unit of each hidden layer,
  /// averaged over applicants; empty for a model without hidden layers.
  ///
  /// - Parameters:
  ///   - table: Rows with the model's feature columns.
  ///   - most: At most so many of them, spread evenly.
  /// - Returns: One summary a hidden layer, the first nearest to the inputs.
  /// - Throws: `ExplanationError` where a number on a path is not finite; the errors of encoding.
  public func conductance(_ table: Table, most: Int = 50) throws -> [ConductanceSummary] {
    let layers = MethodSelection.hiddenLayers(of: score)
    guard layers > 0 else { return [] }
    let rows = try model.encoder.encode(spread(table, most: most))
    let baseline = try GradientBaseline(meanOf: reference)
    return try (1...layers).map { layer in
      ConductanceSummary(
        try MethodSelection.conductance(
          for: score, rows: rows, layer: layer, background: reference, baseline: baseline,
          threads: threads), layer: layer)
    }
  }

  /// At most so many rows of a table, spread evenly.
  private func spread(_ table: Table, most: Int) -> Table {
    let count = min(table.rowCount, most)
    return table.selecting(rows: (0..<count).map { $0 * table.rowCount / count })
  }
}

/// Contributions by one method, ready for any number of applicants: what does not depend on them is done
/// once.
public struct ContributionSource: Sendable {
  private let explainer: ApplicantExplainer
  private let method: ContributionMethod
  private let background: ContributionBackground
  private let portfolio: PortfolioSurrogate?

  /// Prepares a method.
  ///
  /// - Parameters:
  ///   - explainer: The model.
  ///   - method: The method; `surrogate` becomes `portfolioSurrogate` for a portfolio.
  ///   - background: What applicants are compared with.
  ///   - isPortfolio: Whether many applicants are to be explained.
  /// - Throws: `StudyError` where the bundle carries no such rows, and `ExplanationError`.
  public init(
    _ explainer: ApplicantExplainer, by method: ContributionMethod,
    against background: ContributionBackground, isPortfolio: Bool
  ) throws {
    self.explainer = explainer
    self.background = background
    self.method = isPortfolio && method == .surrogate ? .portfolioSurrogate : method
    portfolio =
      self.method == .portfolioSurrogate
      ? try explainer.portfolioSurrogate(against: background) : nil
  }

  /// Contributions of applicants.
  ///
  /// - Parameter table: Rows with the model's feature columns.
  /// - Returns: One explanation a row.
  /// - Throws: The errors of `ApplicantExplainer.contributions`.
  public func contributions(of table: Table) throws -> [Explanation] {
    guard let portfolio else {
      return try explainer.contributions(of: table, by: method, against: background)
    }
    return try portfolio.explain(
      explainer.model.encoder.encode(table), source: explainer.sourceValues(of: table),
      threads: explainer.threads)
  }
}
