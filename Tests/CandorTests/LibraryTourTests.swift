import Candor
import CandorTestSupport
import Foundation
import Testing

// [tour]
/// Trains on past loans, measures on loans not seen, and explains the riskiest of those.
func tour(of file: String) throws -> (area: Estimate, explanation: Explanation) {
  let table = try CSVReader.read(file: file).table
  let labels = try BinaryTarget.labels(in: table, target: "credit", bad: "bad")
  let excluded = ["credit", "age", "sex", "status_sex", "foreign_worker"]
  let seeds = SeedTree(seed: 7)
  let split = try StratifiedSplit.make(labels: labels, testShare: 0.3, seeds: seeds.child("split"))

  // What is learnt from rows is learnt from training rows.
  let encoder = try Encoder.fit(
    table, features: table.names.filter { !excluded.contains($0) }, rows: split.train,
    options: ModelLibrary.encoding(of: "forest", EncodingOptions()))
  let training = try TrainingRows(
    rows: encoder.encode(table, rows: split.train), targets: split.train.map { labels[$0] },
    featureMap: encoder.featureMap)
  let fit = try ForestLearner(options: ForestOptions(trees: 300)).fitKeepingOutOfBag(
    training, context: TrainingContext(seeds: seeds, threads: Parallel.processorCount))
  let forest = fit.trained.model
  let calibrator = try PlattScaling.fit(
    margins: fit.outOfBagMargins.compactMap { $0 }, labels: training.targets)

  let test = try encoder.encode(table, rows: split.test)
  let margins = try forest.margins(of: test)
  let sample = try ScoredSample(
    labels: split.test.map { labels[$0] }, probabilities: margins.map(calibrator.probability))

  // Shapley values on the log-odds: what moved this applicant away from a hundred others.
  let riskiest = margins.indices.max { margins[$0] < margins[$1] } ?? 0
  let explanations = try MethodSelection.shapley(
    for: ExplainedModel(scorer: forest, calibrator: calibrator, featureMap: encoder.featureMap),
    rows: test.selecting(rows: [riskiest]), players: Players(featureMap: encoder.featureMap),
    background: Background(name: "100 loans", rows: training.rows.selecting(rows: Array(0..<100))),
    seeds: seeds.child("explanation"))
  return (try AUC.estimate(of: sample), explanations[0])
}
// [/tour]

/// The example of the README, run and compared.
@Suite struct LibraryTourTests {
  @Test("The README's example trains, measures and explains")
  func tourRuns() throws {
    let file = ReferenceValues.examples.appendingPathComponent("german-credit/german-credit.csv")
    let (area, explanation) = try tour(of: file.path)
    // Three hundred loans leave an interval of some 0.06 to each side; outside lies a broken chain.
    #expect((0.70...0.88).contains(area.value))
    #expect(area.contains(area.value))
    #expect(explanation.scale == .logOdds)
    #expect(explanation.attributions.count == 17)
    #expect(explanation.attribution(of: "age") == nil)
    #expect(explanation.attribution(of: "status") != nil)
    // The riskiest applicant stands above the average, and the attributions make up the difference.
    #expect(explanation.explainedValue > explanation.baseValue)
    let sum = explanation.attributions.reduce(explanation.baseValue) { $0 + $1.value }
    #expect(abs(sum - explanation.explainedValue) < 1e-9)
  }

  @Test("The README shows the example as it was run")
  func readmeIsCurrent() throws {
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let readme = try String(
      contentsOf: ReferenceValues.packageRoot.appendingPathComponent("README.md"), encoding: .utf8)
    let snippet = try #require(Self.text(in: source, from: "\n// [tour]\n", to: "// [/tour]\n"))
    #expect(snippet.split(separator: "\n").count <= 40)
    let block = try #require(Self.text(in: readme, from: "\n```swift\n", to: "```\n"))
    #expect(block == "import Candor\n\n" + snippet)
  }

  /// What stands between the first opening and the closing that follows it.
  private static func text(in page: String, from opening: String, to closing: String) -> String? {
    guard let start = page.range(of: opening)?.upperBound,
      let end = page.range(of: closing, range: start..<page.endIndex)?.lowerBound
    else { return nil }
    return String(page[start..<end])
  }
}
