import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Conditional permutation")
struct ConditionalPermutationTests {
  private let squaredError = ImportanceMeasure.rise(inMeanOf: "squared error") {
    ($0 - $1) * ($0 - $1)
  }

  private func model(_ coefficients: [Double]) throws -> ExplainedModel {
    try ExplainedModel(
      scorer: AffineScorer(coefficients: coefficients, intercept: 0), calibrator: .identity,
      featureMap: Fixtures.singles(coefficients.count))
  }

  /// Normal rows in which the first two columns have this correlation, and noisy targets.
  private func sample(
    _ coefficients: [Double], correlation: Double, rows count: Int, seed: UInt64
  ) -> PermutationImportance.Sample {
    var generator = SeedTree(seed: seed).child("correlated").generator()
    let rows = (0..<count).map { _ -> [Double] in
      var row = coefficients.map { _ in generator.nextNormal() }
      row[1] = correlation * row[0] + (1 - correlation * correlation).squareRoot() * row[1]
      return row
    }
    let targets = rows.map { row in
      zip(row, coefficients).reduce(generator.nextNormal()) { $0 + $1.0 * $1.1 }
    }
    return .init(name: "held out", rows: Fixtures.rows(rows), targets: targets)
  }

  @Test("Twins are worth much together and almost nothing beyond each other")
  func twins() throws {
    let coefficients = [1.0, 1, 0.5]
    let data = sample(coefficients, correlation: 0.999, rows: 2000, seed: 1)
    let players = try Players(featureMap: Fixtures.singles(3))
    let model = try model(coefficients)
    let marginal = try PermutationImportance.measure(
      model, on: data, players: players, by: squaredError, seeds: SeedTree(seed: 1))
    let found = try PermutationImportance.conditional(
      model, on: data, players: players, by: squaredError, seeds: SeedTree(seed: 1))
    #expect(found.scheme == .conditional && marginal.scheme == .marginal)
    for name in ["x0", "x1"] {
      let twin = try #require(found.player(name))
      #expect(try #require(marginal.player(name)).importance > 1.7)
      #expect(twin.importance < 0.05)
      #expect(try #require(twin.dependence).rSquared > 0.97)
      #expect(twin.dependence?.strata == 100 && twin.dependence?.rowsPerStratum == 20)
    }
  }

  @Test(
    "Under a joint normal the conditional importance is 2 b² times the conditional variance",
    arguments: [0.5, 0.8, 0.95])
  func gaussian(_ correlation: Double) throws {
    let coefficients = [1.0, 0.7, -0.5]
    let model = try model(coefficients)
    let players = try Players(featureMap: Fixtures.singles(3))
    let left = 1 - correlation * correlation
    var ratios = [0.0, 0, 0]
    for seed in 0..<4 as Range<UInt64> {
      let data = sample(coefficients, correlation: correlation, rows: 3000, seed: 20 + seed)
      let found = try PermutationImportance.conditional(
        model, on: data, players: players, by: squaredError, repeats: 5,
        seeds: SeedTree(seed: seed))
      for j in 0..<3 {
        let expected = 2 * coefficients[j] * coefficients[j] * (j < 2 ? left : 1)
        ratios[j] += try #require(found.player("x\(j)")).importance / expected / 4
      }
    }
    // Strata have a width, which leaves a few percent of the other feature's part.
    for ratio in ratios { #expect(ratio > 0.93 && ratio < 1.15, "\(ratios)") }
  }

  @Test("Where features are independent both views agree")
  func independent() throws {
    let coefficients = [1.0, 0.5, 0, -0.8]
    let model = try model(coefficients)
    let players = try Players(featureMap: Fixtures.singles(4))
    var disagreements = 0
    for seed in 0..<20 as Range<UInt64> {
      let data = sample(coefficients, correlation: 0, rows: 400, seed: 40 + seed)
      let contrast = try ImportanceContrast.measure(
        model, on: data, players: players,
        clusters: CorrelationClusters(
          rows: data.rows, featureMap: model.featureMap, players: players), by: squaredError,
        repeats: 5, seeds: SeedTree(seed: seed))
      disagreements += contrast.players.count(where: \.disagrees)
      #expect(contrast.clusterImportances.isEmpty)
    }
    // 5% of 80 are 4; eleven or more have a chance of less than 0.3%.
    #expect(disagreements <= 10, "\(disagreements)")
  }

  @Test("Only values of real rows are dealt, all of a player's columns from one")
  func realValues() throws {
    var generator = SeedTree(seed: 3).child("mixed").generator()
    // Levels 0, 2 and 5 of six; a number with a copy; missing cells.
    let rows = Fixtures.rows(
      (0..<240).map { _ in
        let level = [0.0, 2, 5][generator.nextInteger(below: 3)]
        let x = generator.nextUniform() < 0.1 ? .nan : level + generator.nextNormal()
        return [level, x, x * 2, generator.nextNormal()]
      })
    let map = FeatureMap(
      sources: [
        .init(name: "kind", columns: 0..<1), .init(name: "size", columns: 1..<3),
        .init(name: "rest", columns: 3..<4),
      ], columnNames: ["kind", "size", "twice", "rest"], levelCounts: [0: 6])
    let seen = LockedState(Set<[UInt64]>())
    let scorer = RecordingScorer(inputWidth: 4) { row in
      seen.withLock { _ = $0.insert(row[0..<3].map { $0.isNaN ? 0 : $0.bitPattern }) }
      return (row[0] == 2 ? 1 : 0) + (row[1].isNaN ? 0.3 : row[1]) + row[3]
    }
    let targets = (0..<240).map { Double($0 % 2) }
    let found = try PermutationImportance.conditional(
      ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map),
      on: .init(name: "s", rows: rows, targets: targets), players: Players(featureMap: map),
      repeats: 4, seeds: SeedTree(seed: 4))
    #expect(try #require(found.player("kind")?.dependence).rSquared > 0.3)
    #expect(try #require(found.player("size")?.dependence).rSquared > 0.3)
    for row in seen.withLock({ $0 }) {
      let level = Double(bitPattern: row[0])
      #expect([0, 2, 5].contains(level))
      #expect(2 * Double(bitPattern: row[1]) == Double(bitPattern: row[2]))
    }
  }

  @Test("Threads change no bit; strata are of held-out rows alone and cover each once")
  func determinism() throws {
    let coefficients = [1.0, 1, 0.5]
    let data = sample(coefficients, correlation: 0.8, rows: 301, seed: 5)
    let model = try model(coefficients)
    let players = try Players(featureMap: Fixtures.singles(3))
    func measure(_ threads: Int, seed: UInt64 = 6) throws -> PermutationImportance {
      try PermutationImportance.conditional(
        model, on: data, players: players, by: squaredError, repeats: 3,
        seeds: SeedTree(seed: seed), threads: threads)
    }
    let one = try measure(1)
    #expect(try measure(3) == one)
    #expect(try measure(1, seed: 7) != one)
    #expect(throws: ExplanationError.self) {
      try PermutationImportance.conditional(
        model, on: data, players: players, by: squaredError,
        options: ConditionalOptions(rowsPerStratum: 1), seeds: SeedTree(seed: 1))
    }
  }

  @Test("Both views, their difference and the cluster's importance stand side by side")
  func contrast() throws {
    let coefficients = [1.0, 1, 0.5, 0.5]
    let data = sample(coefficients, correlation: 0.99, rows: 1500, seed: 8)
    let model = try model(coefficients)
    let players = try Players(featureMap: Fixtures.singles(4))
    let clusters = try CorrelationClusters(
      rows: data.rows, featureMap: model.featureMap, players: players)
    #expect(clusters.joined == [["x0", "x1"]])
    let found = try ImportanceContrast.measure(
      model, on: data, players: players, clusters: clusters, by: squaredError,
      seeds: SeedTree(seed: 9), threads: 2)
    let alone = try PermutationImportance.measure(
      model, on: data, players: players, by: squaredError, seeds: SeedTree(seed: 9))
    #expect(found.marginal == alone)
    for player in found.players {
      let isTwin = ["x0", "x1"].contains(player.source)
      #expect(player.disagrees == isTwin, "\(player)")
      #expect(player.cluster == (isTwin ? ["x0", "x1"] : []))
      #expect(agree(player.difference, player.marginal - player.conditional, within: 1e-12))
    }
    let cluster = try #require(found.clusterImportances.first)
    // (1 + 1)² of nearly one variable: twice the sum of the parts.
    #expect(abs(cluster.importance - 8) < 1)
    #expect(cluster.isCreditArbitrary)
    #expect(agree(cluster.sumOfMembers, 4, within: 0.2))
    #expect(found.warnings.map(\.code) == [.arbitraryCredit])
  }
}

/// A scorer that takes missing cells and lets its function see every row.
private struct RecordingScorer: Scorer {
  let inputWidth: Int
  let function: @Sendable ([Double]) -> Double
  var marginScale: MarginScale { .logOdds }
  var acceptsMissing: Bool { true }

  init(inputWidth: Int, _ function: @escaping @Sendable ([Double]) -> Double) {
    self.inputWidth = inputWidth
    self.function = function
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count { output[r] = function(Array(rows.matrix.row(r))) }
  }
}
