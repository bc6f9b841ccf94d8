import CandorEvaluation
import CandorTestSupport
import Testing

@Suite("Decisions")
struct DecisionTests {
  @Test("Shares at a cut-off agree with scikit-learn, with and without weights")
  func confusion() throws {
    for reference in try Reference.load().cases {
      let sample = try reference.sample()
      let matrix = try ConfusionMatrix(of: sample, cutOff: reference.cutOff)
      #expect(agree(matrix.accuracy.value, reference.accuracy, within: 1e-12))
      #expect(agree(matrix.precision?.value ?? 0, reference.precision, within: 1e-12))
      #expect(agree(matrix.recall?.value ?? 0, reference.recall, within: 1e-12))
      #expect(agree(matrix.f1 ?? 0, reference.f1, within: 1e-12))
      let approved = matrix.approvedBads + matrix.approvedGoods
      #expect(
        agree(matrix.approvalRate.value, approved / sample.ranked.totalWeight, within: 1e-12))
      #expect(
        agree(
          matrix.badRateAmongApproved?.value ?? 0, matrix.approvedBads / approved, within: 1e-12)
      )
      #expect(
        agree(
          matrix.specificity?.value ?? 0, matrix.approvedGoods / sample.ranked.goodWeight,
          within: 1e-12))
    }
  }

  @Test("A probability on the cut-off is refused, and empty denominators are nil")
  func edges() throws {
    let sample = try ScoredSample(labels: [0, 1], probabilities: [0.2, 0.4])
    let matrix = try ConfusionMatrix(of: sample, cutOff: 0.4)
    #expect(matrix.refusedBads == 1 && matrix.approvedGoods == 1 && matrix.refusedGoods == 0)
    let all = try ConfusionMatrix(of: sample, cutOff: 1)
    #expect(all.precision == nil && all.approvalRate.value == 1)
    let none = try ConfusionMatrix(of: sample, cutOff: 0)
    #expect(none.badRateAmongApproved == nil && none.approvalRate.value == 0)
  }

  @Test("The cheapest cut-off is cheapest among all")
  func cheapest() throws {
    for seed in 0..<8 as Range<UInt64> {
      let sample = try Samples.drawn(rows: 150, seed: seed, digits: 40, weighted: seed % 2 == 1)
      let costs = DecisionCosts(falseGood: 5, falseBad: 1)
      let cutOff = try CutOff(.minimumCost(costs), on: sample, curvePoints: 20)
      func cost(_ c: Double) -> Double {
        var sum = 0.0
        for i in 0..<sample.count {
          let w = sample.weights?[i] ?? 1
          let refused = sample.probabilities[i] >= c
          if refused && sample.labels[i] == 0 { sum += w }
          if !refused && sample.labels[i] == 1 { sum += 5 * w }
        }
        return sum / sample.ranked.totalWeight
      }
      #expect(agree(cutOff.chosen.cost ?? -1, cost(cutOff.value), within: 1e-12))
      let least = (Array(Set(sample.probabilities)) + [0, 1]).map(cost).min() ?? 0
      #expect(agree(cutOff.chosen.cost ?? -1, least, within: 1e-12), "seed \(seed)")
      #expect(cutOff.curve.contains(cutOff.chosen))
      #expect(cutOff.curve.map(\.cutOff) == cutOff.curve.map(\.cutOff).sorted())
      for point in cutOff.curve {
        #expect(agree(point.cost ?? -1, cost(point.cutOff), within: 1e-12))
      }
    }
    #expect(
      agree(
        DecisionCosts(falseGood: 5, falseBad: 1).cutOffOfPerfectProbabilities, 1 / 6, within: 1e-15)
    )
  }

  @Test("Of equal costs the cut-off that approves most is taken")
  func ties() throws {
    // Refusing the good at 0.6 saves nothing and costs nothing beside the bad at 0.8.
    let sample = try ScoredSample(labels: [0, 1, 0, 1], probabilities: [0.2, 0.4, 0.6, 0.8])
    let cutOff = try CutOff(
      .minimumCost(DecisionCosts(falseGood: 1, falseBad: 1)), on: sample)
    #expect(agree(cutOff.value, 0.7, within: 1e-12))
  }

  @Test("An approval rate is reached but not passed, ties together")
  func approvalRate() throws {
    let sample = try ScoredSample(
      labels: [0, 0, 0, 1, 1], probabilities: [0.1, 0.2, 0.2, 0.3, 0.4])
    #expect(try CutOff(.approvalRate(0.6), on: sample).chosen.approvalRate == 0.6)
    // Two rows tie at 0.2, so that 40% cannot be met: one is approved.
    #expect(try CutOff(.approvalRate(0.4), on: sample).chosen.approvalRate == 0.2)
    #expect(try CutOff(.approvalRate(1), on: sample).chosen.approvalRate == 1)
    #expect(try CutOff(.approvalRate(0), on: sample).value == 0)
    let fixed = try CutOff(.fixed(0.25), on: sample)
    #expect(fixed.value == 0.25 && fixed.chosen.approvalRate == 0.6)
    let matrix = try ConfusionMatrix(of: sample, cutOff: 0.25)
    #expect(matrix.approvalRate.value == fixed.chosen.approvalRate)
  }

  @Test("A probability of one can still be approved by the last candidate")
  func certainty() throws {
    let sample = try ScoredSample(labels: [0, 1], probabilities: [0.5, 1])
    let cutOff = try CutOff(.approvalRate(1), on: sample)
    #expect(cutOff.value > 1 && cutOff.chosen.approvalRate == 1)
  }

  @Test("Options out of range are refused by a sentence")
  func refusals() throws {
    let sample = try ScoredSample(labels: [0, 1], probabilities: [0.2, 0.4])
    #expect(throws: EvaluationError.self) { try CutOff(.approvalRate(1.5), on: sample) }
    #expect(throws: EvaluationError.self) { try CutOff(.fixed(-0.1), on: sample) }
    #expect(throws: EvaluationError.self) {
      try CutOff(.minimumCost(DecisionCosts(falseGood: 0, falseBad: 1)), on: sample)
    }
  }
}
