import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Methods on simulated loans, where every true effect is known.
@Suite("Explanations of simulated loans against the truth")
struct SimulatedTruthTests {
  private static let applicants = 40..<43

  /// The applicants' true values and what is needed to explain them.
  private struct Case {
    let loans: SimulatedTruth
    let players: Players
    let background: Background
    let rows: EncodedRows
    let truth: [[Double]]

    init(seed: UInt64) throws {
      loans = try SimulatedTruth(rows: 400, seed: seed)
      players = try Players(featureMap: loans.encoder.featureMap)
      background = try Background(name: "loans", rows: loans.rows(0..<40))
      rows = try loans.rows(SimulatedTruthTests.applicants)
      let others = try loans.cells(0..<40)
      let cells = try loans.cells(SimulatedTruthTests.applicants)
      let all = loans
      truth = (0..<cells.rows).map { all.shapley(cells.row($0), against: others) }
    }

    /// Whether every estimate is within four of its standard errors; a column without an effect has
    /// exactly nothing.
    func expectCovered(_ found: [Explanation], _ what: String) {
      for (explanation, values) in zip(found, truth) {
        for (position, attribution) in explanation.attributions.enumerated() {
          let error = attribution.standardError ?? 0
          let miss = abs(attribution.value - values[position])
          #expect(
            miss <= 4 * error + Tolerance.exact,
            "\(what) of \(attribution.source): \(attribution.value) ± \(error), \(values[position])"
          )
        }
      }
    }
  }

  @Test("Sampled values are within four standard errors", arguments: [3, 4] as [UInt64])
  func sampled(seed: UInt64) throws {
    let known = try Case(seed: seed)
    let found = try SampledShapley.explain(
      known.rows, of: known.loans.scorer, quantity: Fixtures.margin, players: known.players,
      background: known.background, options: SampledShapleyOptions(pairs: 128),
      seeds: SeedTree(seed: seed))
    known.expectCovered(found, "sampled value")
  }

  @Test("Kernel values are within four standard errors")
  func kernel() throws {
    let known = try Case(seed: 3)
    let found = try KernelShapley.explain(
      known.rows, of: known.loans.scorer, quantity: Fixtures.margin, players: known.players,
      background: known.background, pairs: 512, seeds: SeedTree(seed: 3))
    known.expectCovered(found, "kernel value")
  }

  @Test("Enumerated values of groups are the sums of their members'")
  func enumerated() throws {
    let known = try Case(seed: 5)
    let names = known.players.names
    let groups = (0..<9).map { number in
      PlayerGroup(
        name: "group \(number)",
        members: names.indices.filter { $0 % 9 == number }.map { names[$0] })
    }
    let players = try Players(featureMap: known.loans.encoder.featureMap, groups: groups)
    let found = try EnumeratedShapley.explain(
      known.rows, of: known.loans.scorer, quantity: Fixtures.margin, players: players,
      background: known.background)
    for (explanation, values) in zip(found, known.truth) {
      for (number, attribution) in explanation.attributions.enumerated() {
        let sum = values.indices.filter { $0 % 9 == number }.reduce(0) { $0 + values[$1] }
        #expect(agree(attribution.value, sum, within: Tolerance.exact), "\(attribution.source)")
      }
    }
  }

  @Test("Partial dependence is the effect and the mean of the partner's factor")
  func partialDependence() throws {
    let loans = try SimulatedTruth(rows: 300, seed: 6)
    let model = try ExplainedModel(
      scorer: loans.scorer, calibrator: .identity, featureMap: loans.encoder.featureMap,
      scale: .margin)
    var options = EffectOptions()
    options.points = 8
    options.resamples = 0
    options.curves = 0
    let applicants = try EffectSample(
      name: "loans", table: loans.table.selecting(rows: Array(0..<80)), encoder: loans.encoder)
    let found = try PartialDependence.measure(
      model, features: ["income", "bureau_score", "housing", "employment_years", "card_limit"],
      sample: applicants, options: options, seeds: SeedTree(seed: 1))
    let cells = try loans.cells(0..<80)
    var points = 0
    for effect in found {
      let position = try #require(
        loans.truth.features.firstIndex { $0.name == effect.feature })
      let levels = loans.truth.features[position].levels
      for point in effect.points {
        let cell =
          point.at.isMissing
          ? .nan : point.at.number ?? levels.firstIndex(of: point.at.label).map(Double.init)
        let expected = loans.partialDependence(
          of: position, at: try #require(cell), over: cells)
        #expect(
          agree(point.effect.value, expected, within: Tolerance.exact),
          "\(effect.feature) at \(point.at.label)")
        points += 1
      }
    }
    #expect(points > 20)
  }
}
