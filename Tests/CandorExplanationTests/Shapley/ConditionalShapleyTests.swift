import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Linear scorers in the conditional game")
struct ConditionalShapleyTests {
  /// All sign patterns of some columns, copied where told and with a little of another column added:
  /// means are zero and other correlations exactly zero.
  private func twins(_ copies: Int) throws -> Background {
    var rows: [[Double]] = []
    for pattern in 0..<(1 << (copies + 1)) {
      let signs = (0...copies).map { pattern >> $0 & 1 == 1 ? 1.0 : -1 }
      // The noise makes the correlation of twins 0.999999, as in the source of the case.
      rows.append(
        [signs[0]] + (1..<copies).map { signs[0] + 0.001414 * signs[$0] } + [signs[copies]])
    }
    return try Background(name: "twins", rows: Fixtures.rows(rows))
  }

  private func explain(
    _ scorer: some LinearScorer, _ rows: EncodedRows, _ background: Background, players: Players,
    options: ConditionalShapleyOptions = .init(shrinkage: 0),
    quantity: ExplainedQuantity = Fixtures.margin, seed: UInt64 = 1, threads: Int = 1
  ) throws -> [Explanation] {
    try ConditionalLinearShapley(
      of: scorer, quantity: quantity, players: players, background: background,
      options: options, seeds: SeedTree(seed: seed), threads: threads
    ).explain(rows)
  }

  @Test("A twin that the score does not use shares the credit: halves, and thirds of three")
  func twinCredit() throws {
    // Reference case E8, the conditional game.
    let two = try explain(
      AffineScorer(coefficients: [1, 0, 0], intercept: 0), Fixtures.rows([[1, 1, 1]]),
      try twins(2), players: try Players(featureMap: Fixtures.singles(3)))[0]
    #expect(largestDisagreement(Fixtures.values(two), [0.5, 0.5, 0]) < 1e-5)
    #expect(two.method.game == .conditionalNormal && !two.method.givesReasons)
    let three = try explain(
      AffineScorer(coefficients: [1, 0, 0, 0], intercept: 0), Fixtures.rows([[1, 1, 1, 1]]),
      try twins(3), players: try Players(featureMap: Fixtures.singles(4)))[0]
    let third = 1.0 / 3
    #expect(largestDisagreement(Fixtures.values(three), [third, third, third, 0]) < 1e-5)
  }

  /// Correlated rows in seven columns, one of them constant.
  private func correlated(_ count: Int, seed: UInt64) -> EncodedRows {
    let raw = Fixtures.arrays(Fixtures.normal(count, 7, seed: seed))
    return Fixtures.rows(
      raw.map { z in
        [
          z[0], z[0] + 0.5 * z[1], 2 - z[1] + z[2], 3 * z[2] + z[3], 7, z[0] - z[4] + 0.3 * z[5],
          z[5] + 0.2 * z[6],
        ]
      })
  }

  /// Worths by elimination on the sample covariances, values by all orders.
  private func oracle(
    _ x: [Double], _ background: Background, _ beta: [Double], _ blocks: [[Int]]
  ) -> [Double] {
    let rows = Fixtures.arrays(background.rows)
    let weights = background.weights ?? rows.map { _ in 1 }
    let total = weights.reduce(0, +)
    let mean = background.meanRow
    func covariance(_ a: Int, _ b: Int) -> Double {
      var sum = 0.0
      for (row, weight) in zip(rows, weights) {
        sum += weight * (row[a] - mean[a]) * (row[b] - mean[b])
      }
      return sum / total
    }
    let table = beta.indices.map { a in beta.indices.map { covariance(a, $0) } }
    func expected(_ known: [Int]) -> Double {
      // The constant column tells nothing; its own value counts once it is known.
      let telling = known.filter { table[$0][$0] > 1e-12 }
      var system = telling.map { a in telling.map { table[a][$0] } + [x[a] - mean[a]] }
      for p in system.indices {
        for r in system.indices where r != p {
          let factor = system[r][p] / system[p][p]
          for c in p...telling.count { system[r][c] -= factor * system[p][c] }
        }
      }
      return beta.indices.reduce(0) { sum, c in
        if known.contains(c) { return sum + beta[c] * (x[c] - mean[c]) }
        var mean = 0.0
        for k in telling.indices {
          mean += table[c][telling[k]] * system[k][telling.count] / system[k][k]
        }
        return sum + beta[c] * mean
      }
    }
    var sums = [Double](repeating: 0, count: blocks.count)
    var orders = 0.0
    func extend(_ order: [Int]) {
      guard order.count < blocks.count else {
        orders += 1
        var known: [Int] = []
        for player in order {
          let before = expected(known)
          known += blocks[player]
          sums[player] += expected(known) - before
        }
        return
      }
      for player in blocks.indices where !order.contains(player) { extend(order + [player]) }
    }
    extend([])
    return sums.map { $0 / orders }
  }

  @Test("They are the mean over orders of conditional expectations, blocks and weights included")
  func againstOrders() throws {
    let rows = correlated(60, seed: 51)
    let background = try Background(
      name: "b", rows: rows, weights: (0..<60).map { Double($0 % 4) })
    let players = try Players(featureMap: Fixtures.blocks([1, 2, 2, 1, 1]))
    let beta = [0.5, -1, 0, 0.7, 2, 1.1, -0.3]
    var applicants = Fixtures.arrays(correlated(3, seed: 52))
    applicants[0][4] = 8
    let found = try explain(
      AffineScorer(coefficients: beta, intercept: 0.4), Fixtures.rows(applicants), background,
      players: players, threads: 2)
    for (x, explanation) in zip(applicants, found) {
      let expected = oracle(x, background, beta, players.columns)
      #expect(largestDisagreement(Fixtures.values(explanation), expected) < Tolerance.exact)
      let sum = Fixtures.values(explanation).reduce(explanation.baseValue, +)
      #expect(agree(sum, explanation.explainedValue, within: 1e-12))
    }
  }

  @Test("Without dependence, or shrunk away, the two games agree; scales and signs carry over")
  func withoutDependence() throws {
    let rows = correlated(80, seed: 53)
    let background = try Background(name: "b", rows: rows)
    let players = try Players(featureMap: Fixtures.singles(7))
    let beta = [0.5, -1, 0, 0.7, 2, 1.1, -0.3]
    let scorer = AffineScorer(coefficients: beta, intercept: 0.4)
    let applicants = correlated(2, seed: 54)
    let marginal = try LinearShapley.explain(
      applicants, of: scorer, quantity: Fixtures.margin, players: players,
      background: background)
    let free = try explain(
      scorer, applicants, background, players: players, options: .init(shrinkage: 1))
    for (a, b) in zip(free, marginal) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < Tolerance.exact)
    }
    let margin = try explain(scorer, applicants, background, players: players)
    let opposite = try explain(
      AffineScorer(coefficients: beta.map { -$0 }, intercept: -0.4), applicants, background,
      players: players)
    let platt = try explain(
      scorer, applicants, background, players: players,
      quantity: ExplainedQuantity(calibrator: .platt(slope: 2, offset: -1)))
    for r in 0..<2 {
      let values = Fixtures.values(margin[r])
      #expect(largestDisagreement(values, Fixtures.values(opposite[r]).map { -$0 }) < 1e-12)
      #expect(largestDisagreement(values.map { 2 * $0 }, Fixtures.values(platt[r])) < 1e-12)
    }
  }

  @Test("From random orders intervals cover the values of all coalitions")
  func coverage() throws {
    let background = try Background(name: "b", rows: correlated(200, seed: 55))
    let players = try Players(featureMap: Fixtures.singles(7))
    let scorer = AffineScorer(coefficients: [0.5, -1, 0, 0.7, 2, 1.1, -0.3], intercept: 0.4)
    let applicants = correlated(2, seed: 56)
    let exact = try explain(scorer, applicants, background, players: players)
    var covered = 0
    var counted = 0
    for seed in 0..<300 {
      let found = try explain(
        scorer, applicants, background, players: players,
        options: .init(shrinkage: 0, pairs: 64, mostEnumeratedPlayers: 0), seed: UInt64(seed))
      for (a, b) in zip(found, exact) {
        let sum = Fixtures.values(a).reduce(a.baseValue, +)
        #expect(agree(sum, a.explainedValue, within: 1e-11))
        for (attribution, truth) in zip(a.attributions, b.attributions) {
          guard let lower = attribution.lower, let upper = attribution.upper,
            (attribution.standardError ?? 0) > 1e-9
          else { continue }
          counted += 1
          if truth.value >= lower, truth.value <= upper { covered += 1 }
        }
      }
    }
    let share = Double(covered) / Double(counted)
    #expect(counted > 3000 && share > 0.92 && share < 0.98, "coverage \(share) of \(counted)")
  }

  @Test("Shrinkage lets one-hot blocks, duplicates and constants through; without it they are told")
  func collinear() throws {
    let rows = Fixtures.arrays(Fixtures.normal(200, 3, seed: 57)).map { z -> [Double] in
      let level = z[0] < -0.5 ? 0 : z[0] < 0.5 ? 1 : 2
      return (0..<3).map { $0 == level ? 1 : 0 } + [z[1], z[1], 4]
    }
    let background = try Background(name: "b", rows: Fixtures.rows(rows))
    let players = try Players(featureMap: Fixtures.blocks([3, 1, 1, 1]))
    let scorer = AffineScorer(coefficients: [0.2, -0.4, 0.9, 1, 1, 5], intercept: 0)
    let found = try explain(
      scorer, Fixtures.rows(Array(rows[..<3])), background, players: players, options: .init())
    for explanation in found {
      let (first, second) = (explanation.attributions[1].value, explanation.attributions[2].value)
      #expect(agree(first, second, within: 1e-9))
      #expect(abs(explanation.attributions[3].value) < 1e-12)
    }
    #expect {
      try explain(scorer, Fixtures.rows([rows[0]]), background, players: players)
    } throws: { ($0 as? ExplanationError)?.code == .numerical }
    #expect {
      try explain(
        scorer, Fixtures.rows([rows[0]]), background, players: players,
        quantity: ExplainedQuantity(scale: .probability, calibrator: .identity))
    } throws: { ($0 as? ExplanationError)?.code == .unsupported }
    let model = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 6) { $0[0] }, calibrator: .identity,
      featureMap: Fixtures.blocks([3, 1, 1, 1]))
    #expect {
      try MethodSelection.conditionalShapley(
        for: model, players: players, background: background, seeds: SeedTree(seed: 1))
    } throws: { ($0 as? ExplanationError)?.code == .unsupported }
  }
}
