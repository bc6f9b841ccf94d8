import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Comparable applicants")
struct ComparableApplicantsTests {
  private let map = Fixtures.singles(3)

  /// A forest whose trees test one threshold each, on the three columns in turn.
  private struct Stumps: TreeEnsembleScorer {
    let ensemble: TreeEnsemble
    let inputWidth = 3
    let marginScale = MarginScale.probability

    init(_ thresholds: [Double]) {
      ensemble = TreeEnsemble(
        trees: thresholds.enumerated().map { place, threshold in
          var tree = TreeEnsemble.Tree(weight: 1 / Double(thresholds.count))
          tree.feature = [Int32(place % 3), 0, 0]
          tree.threshold = [threshold, 0, 0]
          tree.left = [1, -1, -1]
          tree.right = [2, -1, -1]
          tree.missingGoesLeft = [true, true, true]
          tree.value = [0.5, 0, 1]
          tree.cover = [2, 1, 1]
          return tree
        })
    }

    func margins(
      of rows: EncodedRows, into output: inout MutableSpan<Double>
    ) throws(ScoringError) {
      try checkInput(rows, places: output.count)
      for r in 0..<rows.count {
        output[r] = ensemble.trees.reduce(0) {
          $0 + (rows.matrix[r, Int($1.feature[0])] > $1.threshold[0] ? $1.weight : 0)
        }
      }
    }
  }

  @Test("By leaf profile the distance is the share of trees with another leaf")
  func leaves() throws {
    let thresholds = [-1, 0, 1, 0.5, -0.5, 0, 0.2, -0.2, 0.1]
    let model = try ExplainedModel(
      scorer: Stumps(thresholds), calibrator: .identity, featureMap: map, scale: .margin)
    let sample = try Background(name: "training", rows: Fixtures.normal(120, 3, seed: 1))
    let search = try MethodSelection.comparableSearch(for: model, sample: sample)
    #expect(search.measure == .leafProfile)
    let applicant = Fixtures.normal(2, 3, seed: 2)
    let found = try search.nearest(5, to: applicant)
    for (r, one) in found.enumerated() {
      let distances = (0..<120).map { other in
        Double(
          thresholds.enumerated().count { place, threshold in
            (applicant.matrix[r, place % 3] > threshold)
              != (sample.rows.matrix[other, place % 3] > threshold)
          }) / 9
      }
      let expected = (0..<120).sorted {
        distances[$0] == distances[$1] ? $0 < $1 : distances[$0] < distances[$1]
      }.prefix(5)
      #expect(one.items.map(\.row) == Array(expected))
      #expect(
        largestDisagreement(one.items.map(\.distance), expected.map { distances[$0] }) < 1e-12)
      #expect(one.isPseudonymous && one.candidates == 120)
    }
  }

  @Test("Only rows of the wanted decision are shown, and never the applicant's own")
  func wanted() throws {
    let model = try ExplainedModel(
      scorer: Stumps([0, 0, 0]), calibrator: .identity, featureMap: map, scale: .margin)
    let sample = try Background(name: "training", rows: Fixtures.normal(60, 3, seed: 3))
    let outcomes = (0..<60).map { Double($0 % 2) }
    let search = try MethodSelection.comparableSearch(
      for: model, sample: sample, outcomes: outcomes)
    let own = sample.rows.selecting(rows: [7])
    let any = try search.nearest(3, to: own)[0]
    #expect(any.items[0].row == 7 || any.items[0].distance == 0)
    let approved = try search.nearest(60, to: own, wanted: .approved(below: 0.5))[0]
    #expect(approved.items.allSatisfy { $0.value < 0.5 })
    #expect(approved.items.count == approved.candidates && !approved.warnings.isEmpty)
    let refused = try search.nearest(60, to: own, wanted: .refused(from: 0.5))[0]
    #expect(refused.candidates + approved.candidates == 60)
    let others = try search.nearest(60, to: own, excluding: [7])[0]
    #expect(!others.items.contains { $0.row == 7 } && others.candidates == 59)
    #expect(others.items.allSatisfy { $0.outcome == Double($0.row % 2) })
    #expect(throws: ExplanationError.self) { try search.nearest(0, to: own) }
  }

  /// A net of two layers as a layered scorer.
  private struct SmallNet: LayeredScorer {
    let layers: [LayerView]
    let inputWidth = 3
    let marginScale = MarginScale.logOdds

    func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
      Matrix(rows: rows.count, columns: 3)
    }

    func margins(
      of rows: EncodedRows, into output: inout MutableSpan<Double>
    ) throws(ScoringError) {
      try checkInput(rows, places: output.count)
      for r in 0..<rows.count { output[r] = rows.matrix[r, 0] }
    }
  }

  @Test("By the last hidden layer the distance is that of its activations")
  func hidden() throws {
    let net = SmallNet(layers: [
      LayerView(
        weights: Matrix(rows: 2, columns: 3) { [[1, 0, -1], [0, 2, 0]][$0][$1] },
        biases: [0.5, 0], activation: "relu"),
      LayerView(
        weights: Matrix(rows: 1, columns: 2) { _, _ in 1 }, biases: [0], activation: "identity"),
    ])
    let model = try ExplainedModel(
      scorer: net, calibrator: .identity, featureMap: map, scale: .margin)
    let sample = try Background(name: "training", rows: Fixtures.normal(80, 3, seed: 4))
    let search = try MethodSelection.comparableSearch(for: model, sample: sample)
    #expect(search.measure == .lastHiddenLayer)
    func units(_ x: [Double]) -> [Double] { [max(x[0] - x[2] + 0.5, 0), max(2 * x[1], 0)] }
    let all = Fixtures.arrays(sample.rows).map(units)
    let spreads = (0..<2).map { u in sample.standardDeviation(of: all.map { $0[u] }) }
    let own = [0.3, 0.4, -0.2]
    let found = try search.nearest(4, to: Fixtures.rows([own]))[0]
    let distances = all.map { other in
      (0..<2).reduce(0.0) {
        let difference = (units(own)[$1] - other[$1]) / spreads[$1]
        return $0 + difference * difference
      }.squareRoot()
    }
    let expected = distances.indices.sorted { distances[$0] < distances[$1] }.prefix(4)
    #expect(found.items.map(\.row) == Array(expected))
    #expect(
      largestDisagreement(found.items.map(\.distance), expected.map { distances[$0] }) < 1e-12)
  }

  @Test("Gower's distance on raw values, levels and missing cells; differences are in raw values")
  func gower() throws {
    let map = FeatureMap(
      sources: [.init(name: "amount", columns: 0..<1), .init(name: "job", columns: 1..<3)],
      columnNames: ["amount", "job=a", "job=b"])
    let table = try Table(columns: [
      Column(name: "amount", numbers: [1_000, 2_000, .nan, 5_000]),
      Column(name: "job", texts: ["a", "b", "a", nil]),
    ])
    let sample = try Background(
      name: "training", rows: Fixtures.rows([[0, 1, 0], [1, 0, 1], [0, 1, 0], [4, 0, 0]]))
    let model = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 3) { $0[0] }, calibrator: .identity, featureMap: map,
      scale: .margin)
    let search = try MethodSelection.comparableSearch(
      for: model, sample: sample, source: try SourceValues(table: table, featureMap: map))
    #expect(search.measure == .sourceFeatures)
    // The applicant's levels have codes of their own.
    let applicant = try Table(columns: [
      Column(name: "amount", numbers: [3_000]), Column(name: "job", texts: ["b"]),
    ])
    let found = try search.nearest(
      4, to: Fixtures.rows([[2, 0, 1]]),
      applicants: try SourceValues(table: applicant, featureMap: map))[0]
    // (0.25 + 0)/2, (0.5 + 1)/2, 1 on the job alone, 0.5 on the amount alone.
    #expect(found.items.map(\.row) == [1, 3, 0, 2])
    #expect(largestDisagreement(found.items.map(\.distance), [0.125, 0.5, 0.75, 1]) < 1e-12)
    let difference = try #require(found.items[0].differences.first)
    #expect(found.items[0].differences.count == 1 && difference.source == "amount")
    #expect(difference.applicant == "3000" && difference.comparable == "2000")
    #expect(found.items[0].sameFeatures == 1)
    #expect(found.items[3].differences[0].comparable == "missing")
  }
}
