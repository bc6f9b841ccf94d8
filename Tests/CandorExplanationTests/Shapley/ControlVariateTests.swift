import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Control variates")
struct ControlVariateTests {
  private let players: Players
  private let background: Background
  private let rows = Fixtures.normal(2, 9, seed: 21)
  private let scorer = MinimalScorer(inputWidth: 9, Fixtures.knottedNine)
  /// The PD of a steep Platt curve: far from a straight line of the margin.
  private let curved = ExplainedQuantity(
    scale: .probability, calibrator: .platt(slope: 0.4, offset: -0.5))

  init() throws {
    players = try Players(featureMap: Fixtures.singles(9))
    background = try Background(
      name: "background", rows: Fixtures.normal(20, 9, seed: 20),
      weights: (0..<20).map { Double(1 + $0 % 3) })
  }

  private func exact(
    _ quantity: ExplainedQuantity, weights: [Double]? = nil
  ) throws(ExplanationError) -> [[Double]] {
    try EnumeratedShapley.explain(
      rows, of: scorer, quantity: quantity, players: players,
      background: try Background(
        name: "b", rows: background.rows, weights: weights ?? background.weights)
    ).map(Fixtures.values)
  }

  private func explain(
    pairs: Int, seed: UInt64, control: ControlVariate?, quantity: ExplainedQuantity? = nil,
    options: SampledShapleyOptions? = nil, threads: Int = 1
  ) throws -> [Explanation] {
    try SampledShapley.explain(
      rows, of: scorer, quantity: quantity ?? curved, players: players, background: background,
      options: options ?? .init(pairs: pairs), control: control, seeds: SeedTree(seed: seed),
      threads: threads)
  }

  /// Exact values for any weights, computed ahead by additivity over background rows.
  private func weighted() throws -> ControlVariate {
    var byRow: [[[Double]]] = []
    for b in 0..<background.count {
      byRow.append(
        try exact(
          Fixtures.margin, weights: (0..<background.count).map { $0 == b ? 1 : 0 }))
    }
    let known = byRow
    return ControlVariate { row, weights in
      let total = weights.reduce(0, +)
      return (0..<9).map { player in
        zip(weights, known).reduce(0) { $0 + $1.0 * $1.1[row][player] } / total
      }
    }
  }

  @Test("Intervals cover the exact values and errors are smaller, for every kind of control")
  func coverage() throws {
    let truth = try exact(curved)
    let fixed = ControlVariate(exactMargins: try exact(Fixtures.margin))
    let weighted = try weighted()
    var meanSquares: [String: Double] = [:]
    let seeds = 320
    // 160 pairs are eight a row, enough to fit coefficients on; 64 are too few for that.
    let cases: [(name: String, pairs: Int, control: ControlVariate?)] = [
      ("none, 64 pairs", 64, nil), ("fixed, not fitted", 64, fixed),
      ("none, 160 pairs", 160, nil), ("fixed, fitted", 160, fixed), ("weighted", 160, weighted),
    ]
    for (name, pairs, control) in cases {
      var covered = 0
      var squares = 0.0
      var sums = [Double](repeating: 0, count: 18)
      var ownSquares = sums
      for seed in 0..<seeds {
        for (r, explanation) in try explain(
          pairs: pairs, seed: UInt64(seed), control: control
        ).enumerated() {
          for (p, attribution) in explanation.attributions.enumerated() {
            let (lower, upper) = (try #require(attribution.lower), try #require(attribution.upper))
            if truth[r][p] >= lower, truth[r][p] <= upper { covered += 1 }
            let difference = attribution.value - truth[r][p]
            squares += difference * difference
            sums[r * 9 + p] += difference
            ownSquares[r * 9 + p] += difference * difference
          }
        }
      }
      let share = Double(covered) / Double(18 * seeds)
      #expect(share > 0.92 && share < 0.98, "\(name): coverage \(share)")
      // A mean of 320 differences has the standard deviation 0.056 of theirs.
      let bias =
        zip(sums, ownSquares).map { abs($0) / ($1 * Double(seeds)).squareRoot() }.max() ?? 1
      #expect(bias < 0.22, "\(name): bias \(bias) of the standard deviation")
      meanSquares[name] = squares / Double(18 * seeds)
    }
    func ratio(_ a: String, _ b: String) throws -> Double {
      try #require(meanSquares[a]) / (try #require(meanSquares[b]))
    }
    // Measured: 0.067, 0.062 and 0.060 of the variance without a control.
    #expect(try ratio("fixed, not fitted", "none, 64 pairs") < 0.2)
    #expect(try ratio("fixed, fitted", "none, 160 pairs") < 0.2)
    #expect(try ratio("weighted", "none, 160 pairs") < 0.2)
  }

  @Test("Values stay additive, whatever the control and the draws, and the threads do not matter")
  func additive() throws {
    let controls = [
      nil, ControlVariate(exactMargins: try exact(Fixtures.margin)), try weighted(),
    ]
    for control in controls {
      for pairs in [64, 100, 300] {
        let found = try explain(pairs: pairs, seed: 3, control: control)
        for explanation in found {
          let sum = Fixtures.values(explanation).reduce(explanation.baseValue, +)
          #expect(agree(sum, explanation.explainedValue, within: 1e-11))
        }
        #expect(found == (try explain(pairs: pairs, seed: 3, control: control, threads: 3)))
      }
    }
  }

  @Test("The result says what the control saved, and on a straight line it saves everything")
  func varianceRatio() throws {
    let control = ControlVariate(exactMargins: try exact(Fixtures.margin))
    for explanation in try explain(pairs: 160, seed: 1, control: control) {
      guard case .sampled(let evidence) = explanation.fidelity.evidence else {
        Issue.record("Not the kind that was looked for.")
        return
      }
      let ratio = try #require(evidence.varianceRatio)
      #expect(ratio > 0 && ratio < 0.8)
    }
    let line = ExplainedQuantity(calibrator: .platt(slope: 3, offset: 1))
    let found = try explain(pairs: 64, seed: 1, control: control, quantity: line)
    let truth = try exact(line)
    for (explanation, values) in zip(found, truth) {
      #expect(largestDisagreement(Fixtures.values(explanation), values) < 1e-11)
      for attribution in explanation.attributions {
        #expect((attribution.standardError ?? 1) < 1e-11)
      }
    }
  }

  @Test("An additive scorer on a curved scale gets its closed form as control without being asked")
  func automatic() throws {
    let affine = AffineScorer(
      coefficients: [1, -0.8, 0.5, 0.3, -1.2, 0.7, 0.2, -0.4, 0.9], intercept: 0.2)
    let model = try ExplainedModel(
      scorer: affine,
      calibrator: .isotonic(
        margins: [-4, -1, 0, 0.5, 2, 4], probabilities: [0.01, 0.05, 0.2, 0.21, 0.6, 0.9]),
      featureMap: Fixtures.singles(9), scale: .logOdds)
    let sampled = try MethodSelection.sampledShapley(
      for: model, rows: rows, players: players, background: background,
      options: .init(pairs: 160), seeds: SeedTree(seed: 1))
    let truth = try EnumeratedShapley.explain(
      rows, of: affine, quantity: model.quantity, players: players, background: background)
    for (explanation, exact) in zip(sampled, truth) {
      guard case .sampled(let evidence) = explanation.fidelity.evidence else {
        Issue.record("The values were not sampled.")
        continue
      }
      // Each feature's part of a linear margin is always the same: there is little to control.
      #expect(try #require(evidence.varianceRatio) < 1.2)
      for (a, b) in zip(explanation.attributions, exact.attributions) {
        let slack = 5 * (a.standardError ?? 0) + 1e-12
        #expect(abs(a.value - b.value) <= slack)
      }
    }
    #expect(
      try MethodSelection.control(
        for: model.on(.margin), rows: rows, players: players, background: background) == nil)
  }

  @Test("Trees on a curved scale are sampled with their exact margins' values as control")
  func trees() throws {
    let trees = PlainTrees(
      inputWidth: 9, ensemble: .random(trees: 8, depth: 4, width: 9, seed: 5))
    let model = try ExplainedModel(
      scorer: trees, calibrator: .platt(slope: 0.6, offset: -0.5),
      featureMap: Fixtures.singles(9), scale: .probability)
    let sampled = try MethodSelection.sampledShapley(
      for: model, rows: rows, players: players, background: background,
      options: .init(pairs: 160), seeds: SeedTree(seed: 1))
    let truth = try EnumeratedShapley.explain(
      rows, of: trees, quantity: model.quantity, players: players, background: background)
    for (explanation, exact) in zip(sampled, truth) {
      guard case .sampled(let evidence) = explanation.fidelity.evidence else {
        Issue.record("The values were not sampled.")
        continue
      }
      #expect(try #require(evidence.varianceRatio) < 0.6)
      for (a, b) in zip(explanation.attributions, exact.attributions) {
        #expect(abs(a.value - b.value) <= 5 * (a.standardError ?? 0) + 1e-9)
      }
    }
  }

  @Test("Values of another game, of too few rows and on another scale are refused")
  func refusals() throws {
    let margins = try exact(Fixtures.margin)
    func code(_ control: ControlVariate) -> ExplanationError.Code? {
      do {
        _ = try explain(pairs: 64, seed: 1, control: control)
        return nil
      } catch { return (error as? ExplanationError)?.code }
    }
    // As path-dependent tree values would: they start from another mean.
    let shifted = margins.map { $0.enumerated().map { $0 == 0 ? $1 + 0.1 : $1 } }
    #expect(code(ControlVariate(exactMargins: shifted)) == .notAdditive)
    #expect(code(ControlVariate(exactMargins: [margins[0]])) == .badShape)
    #expect(code(ControlVariate { _, _ in [1, 2] }) == .badShape)
    let others = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: curved, players: players, background: background)
    #expect {
      try ControlVariate(exact: others)
    } throws: { ($0 as? ExplanationError)?.code == .mixedScales }
  }

  @Test("Drawing stops when the order of the reasons is certain, and the order is then right")
  func certainOrder() throws {
    let truth = try exact(curved)
    let control = try weighted()
    var wrong = 0
    var certain = 0
    for seed in 0..<40 {
      let found = try explain(
        pairs: 64, seed: UInt64(seed), control: control,
        options: .init(pairs: 64, mostPairs: 400, certainOrder: .init(top: 3)))
      for (explanation, exact) in zip(found, truth) {
        guard case .sampled(let evidence) = explanation.fidelity.evidence else {
          Issue.record("Not the kind that was looked for.")
          return
        }
        let isCertain = try #require(evidence.orderIsCertain as Bool?)
        #expect(isCertain == evidence.reachedTarget)
        let isTold = explanation.fidelity.warnings.contains { $0.code == .targetNotReached }
        #expect(isCertain != isTold)
        guard isCertain else { continue }
        certain += 1
        func top(_ values: [Double]) -> [Int] {
          Array(values.indices.sorted { values[$0] > values[$1] }.prefix(3))
        }
        let adverse = exact.reduce(0) { $0 + max($1, 0) }
        let reasons = top(exact).filter { exact[$0] > 0.06 * adverse }
        if Array(top(Fixtures.values(explanation)).prefix(reasons.count)) != reasons { wrong += 1 }
      }
    }
    #expect(certain > 30)
    #expect(20 * wrong <= certain)
  }

  @Test("Relative targets are met; the limits on evaluations and on time are kept and told")
  func budgets() throws {
    func evidence(
      _ options: SampledShapleyOptions, isOutOfTime: (() -> Bool)? = nil
    ) throws -> SampledEvidence {
      let found = try SampledShapley.explain(
        rows.selecting(rows: [0]), of: scorer, quantity: curved, players: players,
        background: background, options: options, seeds: SeedTree(seed: 1),
        isOutOfTime: isOutOfTime)[0]
      guard case .sampled(let evidence) = found.fidelity.evidence else {
        throw ExplanationError(.numerical, "no evidence")
      }
      let isTold = found.fidelity.warnings.contains { $0.code == .targetNotReached }
      #expect(evidence.reachedTarget != isTold)
      return evidence
    }
    let met = try evidence(.init(pairs: 64, targetRelativeError: 0.02))
    #expect(met.stop == .target && met.relativeStandardError <= 0.02)
    let few = try evidence(
      .init(pairs: 64, targetRelativeError: 1e-5, mostEvaluations: 3000))
    #expect(few.stop == .evaluations && !few.reachedTarget && few.evaluations <= 3100)
    var asked = 0
    let late = try evidence(
      .init(pairs: 64, targetRelativeError: 1e-5),
      isOutOfTime: {
        asked += 1
        return asked > 1
      })
    #expect(late.stop == .time && !late.reachedTarget)
    let plain = try evidence(.init(pairs: 64))
    #expect(plain.stop == .drawn && plain.reachedTarget && plain.orderIsCertain == nil)
  }
}
