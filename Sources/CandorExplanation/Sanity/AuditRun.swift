import CandorData
import CandorEvaluation
import CandorNumerics

/// The checks of one audit, each as rows of the scorecard.
struct AuditRun {
  typealias Row = ExplanationScorecard.Row
  typealias Check = ExplanationScorecard.Check

  let model: ExplainedModel
  let rows: EncodedRows
  let players: Players
  let background: Background
  let options: ExplanationAuditOptions
  let seeds: SeedTree
  let threads: Int
  let thresholds: FidelityThresholds

  /// The methods beside Shapley values that say how far a value is from a reference.
  var others: [ExplanationMethod] {
    let allowed = MethodSelection.available(for: model)
    return [
      .integratedGradients, .expectedGradients, .gradientTimesDifference, .localSurrogate,
    ].filter(allowed.contains)
  }

  func shapley(
    of model: ExplainedModel, seeds: SeedTree
  ) throws(ExplanationError) -> [Explanation] {
    try MethodSelection.shapley(
      for: model, rows: rows, players: players, background: background, options: options.shapley,
      seeds: seeds, threads: threads, thresholds: thresholds)
  }

  func explanations(by method: ExplanationMethod) throws(ExplanationError) -> [Explanation] {
    switch method {
    case .integratedGradients:
      return try MethodSelection.integratedGradients(
        for: model, rows: rows, players: players, background: background,
        baseline: GradientBaseline(meanOf: background), threads: threads, thresholds: thresholds)
    case .expectedGradients:
      return try MethodSelection.expectedGradients(
        for: model, rows: rows, players: players, background: background,
        seeds: seeds.child("expected gradients"), threads: threads, thresholds: thresholds)
    case .gradientTimesDifference:
      return try MethodSelection.saliency(
        for: model, rows: rows, players: players,
        baseline: GradientBaseline(meanOf: background), form: .gradientTimesDifference,
        threads: threads)
    default:
      return try LocalSurrogate.explain(
        rows, of: model.scorer, quantity: model.quantity, players: players,
        background: background, seeds: seeds.child("surrogate"), threads: threads,
        thresholds: thresholds)
    }
  }

  /// The share of explanations without a warning.
  func evidence(_ list: [Explanation]) -> Row {
    let good = list.count { $0.fidelity.warnings.isEmpty }
    let share = Double(good) / Double(max(list.count, 1))
    let interval = ConfidenceInterval.wilson(share: share, count: Double(max(list.count, 1)))
    var codes: [String] = []
    for warning in list.flatMap(\.fidelity.warnings) where !codes.contains(warning.code.rawValue) {
      codes.append(warning.code.rawValue)
    }
    return row(
      .evidence, name(list),
      Estimate(
        value: share, lower: interval.lower, upper: interval.upper, method: "Wilson interval"),
      options.limits.evidence, at: share, count: list.count,
      note: codes.isEmpty ? "" : "warnings: " + codes.joined(separator: ", "))
  }

  func curves(_ list: [Explanation]) -> [Row] {
    do throws(ExplanationError) {
      let found = try PopulationCurves.measure(
        list, rows: rows, model: model, players: players, background: try curveBackground(),
        seeds: seeds.child("curves").child(name(list)), threads: threads)
      return [
        row(
          .deletion, name(list), found.deletionAdvantage, options.limits.advantage,
          at: found.deletionAdvantage?.lower, count: found.applicants,
          note: "limit read at the lower end"),
        row(
          .insertion, name(list), found.insertionAdvantage, options.limits.advantage,
          at: found.insertionAdvantage?.lower, count: found.applicants,
          note: "limit read at the lower end"),
      ]
    } catch {
      return [
        missing(.deletion, name(list), error.description),
        missing(.insertion, name(list), error.description),
      ]
    }
  }

  func agreement(_ a: [Explanation], _ b: [Explanation]) -> [Row] {
    let subject = name(a) + " | " + name(b)
    do throws(ExplanationError) {
      let found = try PopulationAgreement.between(
        a, b, top: options.top, seeds: seeds.child("agreement").child(subject))
      let note = found.sameBackground ? "" : "different baselines"
      return [
        row(
          .rankAgreement, subject, found.rankCorrelation, options.limits.rankAgreement,
          at: found.rankCorrelation?.value, count: found.applicants, note: note),
        row(
          .topAgreement, subject, found.topOverlap, options.limits.topAgreement,
          at: found.topOverlap?.value, count: found.applicants, note: note),
        row(
          .signAgreement, subject, found.signAgreement, options.limits.signAgreement,
          at: found.signAgreement?.value, count: found.applicants, note: note),
      ]
    } catch {
      return [missing(.rankAgreement, subject, error.description)]
    }
  }

  func family(_ own: [Explanation], _ other: OtherFamily) -> Row {
    let subject = name(own) + " | " + other.name
    do throws(ExplanationError) {
      let found = try PopulationAgreement.between(
        own, other.explanations, names: ("the model", other.name), top: options.top,
        seeds: seeds.child("family").child(other.name))
      return row(
        .familyAgreement, subject, found.rankCorrelation, options.limits.familyAgreement,
        at: found.rankCorrelation?.value, count: found.applicants, note: "")
    } catch {
      return missing(.familyAgreement, subject, error.description)
    }
  }

  func backgroundStability() -> Row {
    let count = min(rows.count, max(options.resampledApplicants, 0))
    let matrix = rows.matrix
    do throws(ExplanationError) {
      var overlaps: [Double?] = []
      for r in 0..<count {
        let row = Array(matrix.row(r))
        overlaps.append(
          try BackgroundStability.measure(
            model, applicant: row, players: players, background: background,
            resamples: options.resamples, top: options.top, options: options.shapley,
            seeds: seeds.child("background").child(row: row), threads: threads
          ).meanJaccard)
      }
      let mean = ApplicantMean.estimate(overlaps, seeds: seeds.child("background mean"))
      return row(
        .background, "Shapley values, \(options.resamples) resamples", mean,
        options.limits.background, at: mean?.value, count: count,
        note: "Jaccard index of the top \(options.top)")
    } catch {
      return missing(.background, "Shapley values", error.description)
    }
  }

  func seedStability(_ own: [Explanation]) -> Row {
    do throws(ExplanationError) {
      let found = try SeedStability.measure(
        runs: options.seedRuns, top: options.top, seeds: seeds.child("seeds")
      ) { seeds throws(ExplanationError) in try shapley(of: model, seeds: seeds) }
      return row(
        .seed, name(own), found.topOverlap, options.limits.seed, at: found.topOverlap?.value,
        count: found.applicants,
        note: found.largestDeviation == 0
          ? "draws nothing" : "\(found.runs) seeds, overlap of the top \(options.top)")
    } catch {
      return missing(.seed, name(own), error.description)
    }
  }

  func modelRandomisation(_ own: [Explanation]) -> [Row] {
    do throws(ExplanationError) {
      let found = try ModelRandomisation.test(
        model, explanations: own, repeats: options.randomModels, top: options.top,
        seeds: seeds.child("randomised")
      ) { random throws(ExplanationError) in
        try shapley(of: random, seeds: seeds.child("explanations"))
      }
      return found.steps.enumerated().map { position, step in
        // Part of a net may keep some of what it learnt: only the last step must lose all of it.
        let isLast = position == found.steps.count - 1
        return row(
          .modelRandomisation, "\(name(own)), \(step.randomised)",
          step.agreement.rankCorrelation, isLast ? options.limits.randomised : nil,
          at: step.agreement.rankCorrelation?.upper, count: own.count,
          note: isLast ? "limit read at the upper end" : "no limit: a part keeps what it learnt")
      }
    } catch {
      return [missing(.modelRandomisation, name(own), error.description)]
    }
  }

  func labels(_ result: LabelRandomisation?, _ own: [Explanation]) -> Row {
    guard let result else {
      return missing(
        .labelRandomisation, name(own), "needs a fit on permuted outcomes, which was not made")
    }
    let correlation = result.agreement.rankCorrelation
    return row(
      .labelRandomisation, name(own), correlation, options.limits.randomised,
      at: correlation?.upper, count: result.agreement.applicants,
      note: "limit read at the upper end")
  }

  func missing(_ check: Check, _ subject: String, _ why: String) -> Row {
    Row(
      check: check, subject: subject, value: nil, lower: nil, upper: nil, count: 0, limit: nil,
      verdict: .notTested, note: why)
  }

  private func row(
    _ check: Check, _ subject: String, _ estimate: Estimate?, _ limit: Limit?,
    at judged: Double?, count: Int, note: String
  ) -> Row {
    let verdict =
      limit.map {
        $0.judge(judged, sufficientData: count >= options.fewestApplicants)
      } ?? (estimate == nil ? .notTested : nil)
    return Row(
      check: check, subject: subject, value: estimate?.value, lower: estimate?.lower,
      upper: estimate?.upper, count: count, limit: limit, verdict: verdict,
      note: estimate == nil && note.isEmpty ? "not defined for any applicant" : note)
  }

  private func name(_ list: [Explanation]) -> String { list.first?.method.rawValue ?? "none" }

  /// A part of the background, since the curves cost four evaluations a player and row of it.
  private func curveBackground() throws(ExplanationError) -> Background {
    guard background.count > options.curveRows, options.curveRows > 0 else { return background }
    var generator = seeds.child("curve rows").generator()
    let chosen = Sampling.withoutReplacement(
      options.curveRows, from: background.count, using: &generator)
    return try Background(
      name: background.name, rows: background.rows.selecting(rows: chosen),
      weights: background.weights.map { weights in chosen.map { weights[$0] } })
  }
}
