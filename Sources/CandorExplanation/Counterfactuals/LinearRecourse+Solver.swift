extension RecourseModel {
  /// The largest margin between two that is approved, to the last bit; nil where the lower one is
  /// refused, the upper one where that is approved.
  func highestApproved(between low: Double, and high: Double) -> Double? {
    guard approves(low) else { return nil }
    if approves(high) { return high }
    var approved = low
    var refused = high
    // Halving a double's range ends where no number lies between.
    for _ in 0..<1100 {
      let middle = approved + (refused - approved) / 2
      if middle <= approved || middle >= refused { break }
      if approves(middle) { approved = middle } else { refused = middle }
    }
    return approved
  }

  /// How far margins summed in another order may lie apart.
  static func hair(_ margin: Double) -> Double { 1e-11 * max(1, abs(margin)) }
}

extension LinearRecourse {
  /// At most so many sets of features are kept still in turn to find another way.
  private static let mostBlockingSets = 256

  /// The cheapest ways to be approved by a linear margin.
  ///
  /// - Parameters:
  ///   - applicant: The applicant and the options.
  ///   - coefficients: One an encoded column.
  ///   - margin: The applicant's margin.
  ///   - model: The model, for the cut-off.
  ///   - options: How many, and the limits.
  ///   - clock: The deadline.
  /// - Returns: The ways, each the cheapest that adds to none before it.
  static func answer(
    for applicant: Applicant, coefficients: [Double], margin: Double, model: RecourseModel,
    options: RecourseOptions, clock: RecourseClock
  ) -> SolverAnswer {
    var answer = SolverAnswer()
    let falls = applicant.movers.map { mover in
      let now = mover.options[mover.stay].encoded
      return mover.options.map { option in
        var fall = 0.0
        for (place, column) in mover.columns.enumerated() {
          fall -= coefficients[column] * (option.encoded[place] - now[place])
        }
        return fall
      }
    }
    answer.evaluations = falls.reduce(0) { $0 + $1.count }
    let most = falls.reduce(0) { $0 + max($1.max() ?? 0, 0) }
    let hair = RecourseModel.hair(margin) + RecourseModel.hair(most)
    guard let target = model.highestApproved(between: margin - most - hair, and: margin) else {
      answer.isImpossible = true
      return answer
    }
    let costs = applicant.movers.map { $0.options.map(\.cost) }
    let need = margin - target + hair
    var found: [[Int]] = []
    while found.count < options.count {
      let blocking = BlockingSets.of(found, limit: mostBlockingSets)
      var best: Result?
      var lower = Double.infinity
      for frozen in blocking {
        let knapsack = LinearRecourse(
          costs: costs, falls: falls, stay: applicant.staying, frozen: Set(frozen))
        let result = knapsack.solve(
          need: need, budget: best?.cost ?? .infinity, limit: options.nodes, clock: clock)
        answer.evaluations += result.nodes
        answer.limitReached = answer.limitReached || result.limitReached
        lower = min(lower, result.lowerBound)
        if result.picks != nil { best = result }
      }
      let isComplete = blocking.count < mostBlockingSets
      guard let best, let picks = best.picks else {
        answer.isImpossible = found.isEmpty && !answer.limitReached
        break
      }
      if found.isEmpty { answer.lowerBound = min(lower, best.cost) }
      let optimality: Counterfactual.Optimality =
        isComplete && lower >= best.cost - 1e-12
        ? .optimal : .gap(lowerBound: isComplete ? lower : answer.lowerBound ?? 0)
      let moved = applicant.moved(by: picks)
      answer.solutions.append(
        (RecourseSolution(picks: picks, moved: moved, cost: best.cost), optimality))
      // A refused applicant is not approved by no change at all, but rounding might say so.
      if moved.isEmpty { break }
      found.append(moved)
    }
    answer.deadlineReached = answer.limitReached && clock.isOver
    return answer
  }
}
