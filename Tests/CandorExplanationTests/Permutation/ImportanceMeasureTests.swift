import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("What permuted features are charged with")
struct ImportanceMeasureTests {
  private let map = Fixtures.singles(3)

  private func model(_ coefficients: [Double]) throws -> ExplainedModel {
    try ExplainedModel(
      scorer: AffineScorer(coefficients: coefficients, intercept: -1), calibrator: .identity,
      featureMap: map)
  }

  /// Outcomes depend on the first column alone.
  private func sample(_ count: Int, seed: UInt64) -> PermutationImportance.Sample {
    let rows = Fixtures.normal(count, 3, seed: seed)
    var generator = SeedTree(seed: seed).child("targets").generator()
    let targets = Fixtures.arrays(rows).map { row in
      generator.nextUniform() < sigmoid(row[0] - 1) ? 1.0 : 0
    }
    return .init(name: "held out", rows: rows, targets: targets)
  }

  @Test("Brier score and cost of decisions are those of the evaluation target")
  func againstEvaluation() throws {
    let data = sample(400, seed: 1)
    let model = try model([1, 0.3, 0])
    let players = try Players(featureMap: map)
    let probabilities = try model.values(of: data.rows).map { sigmoid($0) }
    let scored = try ScoredSample(labels: data.targets, probabilities: probabilities)
    let costs = DecisionCosts(falseGood: 5, falseBad: 2)
    let cutOff = try CutOff(.fixed(0.25), on: scored, costs: costs)
    let brier = try PermutationImportance.measure(
      model, on: data, players: players, by: .brierRise, seeds: SeedTree(seed: 2))
    let cost = try PermutationImportance.measure(
      model, on: data, players: players, by: .costRise(costs, cutOff: 0.25),
      seeds: SeedTree(seed: 2))
    let expected = zip(probabilities, data.targets).map { ($0 - $1) * ($0 - $1) }
    #expect(agree(brier.unpermuted, Moments.mean(expected), within: 1e-12))
    #expect(agree(cost.unpermuted, try #require(cutOff.chosen.cost), within: 1e-12))
    for found in [brier, cost] {
      #expect(found.players.first?.source == "x0")
      #expect(try #require(found.player("x0")).pValue < 1e-3)
      #expect(try #require(found.player("x2")).repeats.allSatisfy { $0 == 0 })
      #expect(found.player("x2")?.pValue == 1)
    }
    for (costs, cutOff) in [(DecisionCosts(falseGood: 0, falseBad: 1), 0.5), (costs, 1.5)] {
      #expect(throws: ExplanationError.self) {
        try ImportanceMeasure.costRise(costs, cutOff: cutOff)
      }
    }
  }

  @Test("A feature without an effect is called important in about 5% of samples")
  func size() throws {
    // The model uses all three columns, but outcomes depend on the first alone.
    let model = try model([1, 0.5, -0.5])
    let players = try Players(featureMap: map)
    for measure in [ImportanceMeasure.aucDrop, .logLossRise] {
      var rejected = 0
      var adjusted = 0
      let samples = 300
      for seed in 0..<samples {
        let found = try PermutationImportance.measure(
          model, on: sample(250, seed: UInt64(1000 + seed)), players: players, by: measure,
          repeats: 5, seeds: SeedTree(seed: UInt64(seed)))
        for name in ["x1", "x2"] {
          let player = try #require(found.player(name))
          if player.pValue < 0.05 { rejected += 1 }
          if player.adjustedPValue < 0.05 { adjusted += 1 }
          #expect(player.adjustedPValue >= player.pValue)
        }
      }
      let share = Double(rejected) / Double(2 * samples)
      #expect(share > 0.025 && share < 0.08, "\(measure.name): \(share)")
      #expect(adjusted < rejected)
    }
  }
}
