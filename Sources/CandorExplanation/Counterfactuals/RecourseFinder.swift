public import CandorData
public import CandorNumerics
public import CandorScoring

/// Finds the fewest and cheapest changes that turn refusals of one model into approvals.
///
/// Made once a model, O(training rows · features); then asked for each applicant. Equal questions give
/// equal answers at any number of threads, as long as no deadline is set or reached.
public struct RecourseFinder: Sendable {
  /// The model.
  public let model: RecourseModel
  /// How recourse is sought.
  public let options: RecourseOptions
  /// How many approved training rows plausibility was measured on, before thinning.
  public let approvedRows: Int
  let space: ActionSpace
  let neighbours: ApprovedNeighbours
  let solver: RecourseSolver
  let seeds: SeedTree
  let threads: Int

  /// Makes a model's recourse ready.
  ///
  /// - Parameters:
  ///   - model: The model as it will be deployed.
  ///   - rules: What may change; features without a rule may move either way.
  ///   - schema: The columns' roles: what is no plain feature (protected, an identifier) stays as it is
  ///     unless a rule lets it move; nil takes all as features.
  ///   - training: Training rows with the model's features: what moves are priced by.
  ///   - options: How many, and the limits.
  ///   - seeds: For the search of models that are neither linear nor made of trees.
  ///   - threads: At most so many threads; the answers do not depend on it.
  /// - Throws: `ExplanationError` where an option is out of range, a rule contradicts the model or
  ///   itself, the rows lack a feature, or the scorer refuses them.
  public init(
    model: RecourseModel, rules: ChangeRules, schema: Schema? = nil, training: Table,
    options: RecourseOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) {
    self.model = model
    self.options = try options.validated()
    self.seeds = seeds.child("recourse")
    self.threads = threads
    let fixed = Set(
      model.features.filter { name in
        schema?.column(name).map { $0.role != .feature } ?? false
      })
    space = try ActionSpace(encoder: model.encoder, rules: rules, fixed: fixed, training: training)
    let sample = FeatureDistribution.thinned(Array(0..<training.rowCount), to: 8000)
    let rows: EncodedRows
    do throws(DataError) {
      rows = try model.encoder.encodeCompact(training, rows: sample)
    } catch {
      throw ExplanationError(
        .badShape, "The training rows of recourse cannot be encoded: \(error.description).")
    }
    let margins: [Double]
    do throws(ScoringError) {
      margins = try model.scorer.margins(of: rows, threads: threads)
    } catch {
      throw ExplanationError(error)
    }
    let approved = zip(sample, margins).filter { model.approves($1) }.map { $0.0 }
    approvedRows = approved.count
    neighbours = ApprovedNeighbours(training, approved: approved, space: space, threads: threads)
    solver = MethodSelection.recourseSolver(for: model)
  }

  /// How recourse is sought for this model.
  public var method: Recourse.Method { solver.method }

  /// What one refused applicant could change.
  ///
  /// - Parameter cells: One cell a feature, in the order of `model.features`.
  /// - Returns: The counterfactuals, every one approved by the model from its raw cells.
  /// - Throws: `ExplanationError` where the cells do not fit, the applicant is approved already
  ///   (`notRefused`), or a fixed feature lies outside its permitted range.
  public func recourse(for cells: [Cell]) throws(ExplanationError) -> Recourse {
    let clock = RecourseClock(seconds: options.deadline)
    let applicant = try space.applicant(cells, model: model)
    let margin = try model.margins(of: applicant.encoded)[0]
    let probability = model.calibrator.probability(margin)
    guard !model.approves(margin) else {
      throw ExplanationError(
        .notRefused,
        "The applicant has a PD of \(probability), below the cut-off of \(model.cutOff): it is "
          + "approved, and there is nothing to change.")
    }
    guard options.count > 0 else {
      return Recourse(
        verdict: .notSought, method: method, counterfactuals: [], probability: probability,
        cutOff: model.cutOff, lowerBound: nil, evaluations: 0, limitReached: false,
        deadlineReached: false, warnings: [])
    }
    var sought = options
    // Some will be left out: others must be there to take their place.
    if options.implausible == .discard { sought.count = min(options.count * 4, 100) }
    let (moved, answer) = try solver.answer(
      for: applicant, margin: margin, model: model, options: sought,
      seeds: seeds.child(row: applicant.encoded), threads: threads, clock: clock)
    return try assembled(answer, applicant: moved, probability: probability)
  }

  /// What one row of a table could change.
  ///
  /// - Parameters:
  ///   - table: A table with the model's features.
  ///   - row: The row's position.
  /// - Returns: The counterfactuals.
  /// - Throws: `ExplanationError` as `recourse(for:)` does, and where a column or the row is missing.
  public func recourse(for table: Table, row: Int) throws(ExplanationError) -> Recourse {
    guard row >= 0, row < table.rowCount else {
      throw ExplanationError(
        .badShape, "There is no row \(row); the table has \(table.rowCount) rows.")
    }
    let cells: [Cell]
    do throws(DataError) {
      cells = try table.cells(ofRow: row, features: model.features)
    } catch {
      throw ExplanationError(.badShape, error.description)
    }
    return try recourse(for: cells)
  }

  private func assembled(
    _ answer: SolverAnswer, applicant: Applicant, probability: Double
  ) throws(ExplanationError) -> Recourse {
    var counterfactuals: [Counterfactual] = []
    var warnings: [String] = []
    var unverified = 0
    var implausible = 0
    for (solution, optimality) in answer.solutions where counterfactuals.count < options.count {
      let cells = applicant.cells(after: solution.picks)
      let margin = try model.margins(of: model.encoded(cells))[0]
      guard model.approves(margin) else {
        unverified += 1
        continue
      }
      let (distance, quantile) = neighbours.distance(of: cells)
      let isPlausible = quantile <= options.plausibleQuantile
      if !isPlausible {
        implausible += 1
        if options.implausible == .discard { continue }
      }
      let changes = changes(solution, applicant: applicant, cells: cells)
      counterfactuals.append(
        Counterfactual(
          changes: changes, cost: solution.cost,
          changeCount: changes.count { !$0.follows },
          probability: model.calibrator.probability(margin), isVerified: true, distance: distance,
          distanceQuantile: quantile, isPlausible: isPlausible, optimality: optimality))
    }
    let verdict: Recourse.Verdict =
      !counterfactuals.isEmpty ? .found : answer.isImpossible ? .provenImpossible : .notFoundInTime
    if unverified > 0 {
      warnings.append("\(unverified) proposals did not hold when scored anew and were left out.")
    }
    if implausible > 0 {
      warnings.append(
        "\(implausible) counterfactuals are farther from approved applicants than "
          + "\(plainText(options.plausibleQuantile * 100))% of these are from each other"
          + (options.implausible == .discard ? " and were left out." : "."))
    }
    if neighbours.isEmpty {
      warnings.append("Fewer than two training rows are approved: plausibility was not measured.")
    }
    if applicant.movers.contains(where: \.isThinned) {
      warnings.append(
        "Features that move jointly have too many combinations: only some were looked at, and "
          + "proofs hold for these.")
    }
    if answer.deadlineReached {
      warnings.append(
        "The deadline of \(plainText(options.deadline ?? 0)) s ended the search; another run may "
          + "find another answer.")
    } else if verdict == .notFoundInTime, implausible == 0 {
      warnings.append("Nothing was found within the limits, and nothing rules it out.")
    }
    return Recourse(
      verdict: verdict, method: method, counterfactuals: counterfactuals, probability: probability,
      cutOff: model.cutOff, lowerBound: answer.lowerBound, evaluations: answer.evaluations,
      limitReached: answer.limitReached, deadlineReached: answer.deadlineReached,
      warnings: warnings)
  }

  private func changes(
    _ solution: RecourseSolution, applicant: Applicant, cells: [Cell]
  ) -> [RecourseChange] {
    var changes: [(place: Int, change: RecourseChange)] = []
    for number in solution.moved {
      let mover = applicant.movers[number]
      let option = mover.options[solution.picks[number]]
      for (place, feature) in mover.features.enumerated() {
        let from = RecourseValue(applicant.cells[feature])
        let to = RecourseValue(cells[feature])
        guard from != to else { continue }
        changes.append(
          (
            feature,
            RecourseChange(
              feature: space.features[feature].name, from: from, to: to,
              cost: place < mover.chosen ? option.prices[place] : 0,
              follows: place >= mover.chosen)
          ))
      }
    }
    return changes.sorted { $0.place < $1.place }.map(\.change)
  }
}
