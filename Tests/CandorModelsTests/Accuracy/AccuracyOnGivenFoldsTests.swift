import CandorModels
import CandorScoring
import CandorTestSupport
import Testing

/// A family on an example set, and the baseline that it is held against.
struct AccuracyCase: Sendable, CustomTestStringConvertible {
  let set: String
  let family: String
  let learner: any Learner
  let seeds: Int
  /// How far the mean over the seeds may lie below the baseline: nothing but rounding where both
  /// solve one problem, three standard errors of the difference of the two means where both have
  /// seeds.
  let slack: Double
  var testDescription: String { "\(family) on \(set)" }

  func example() throws -> ExampleSet {
    try set == "german-credit" ? ExampleSet.german() : ExampleSet.taiwan()
  }
}

private struct Baselines: Decodable {
  struct Figure: Decodable {
    let auc: Double
    let seeds: Int
  }
  let meanAUC: [String: [String: Figure]]
}

private let network = NetworkLearner(options: NetworkOptions(hidden: [128, 64]))
private let forest = ForestLearner(options: ForestOptions(trees: 200, minimumLeaf: 5))

// scikit-learn's logistic regression has a ridge of 1 unless told otherwise, and keeps all levels.
private let logistic = LogisticLearner(options: LogisticOptions(ridge: 1))

private let cases: [AccuracyCase] = [
  AccuracyCase(
    set: "german-credit", family: "logistic", learner: logistic, seeds: 1, slack: 2e-4),
  AccuracyCase(
    set: "german-credit", family: "linear-svm", learner: LinearSVMLearner(), seeds: 1,
    slack: 2e-4),
  AccuracyCase(
    set: "german-credit", family: "forest", learner: forest, seeds: 4, slack: 0.003),
  AccuracyCase(set: "german-credit", family: "network", learner: network, seeds: 10, slack: 0),
  AccuracyCase(
    set: "taiwan-credit", family: "logistic", learner: logistic, seeds: 1, slack: 2e-4),
  AccuracyCase(
    set: "taiwan-credit", family: "linear-svm", learner: LinearSVMLearner(), seeds: 1,
    slack: 2e-4),
  AccuracyCase(
    set: "taiwan-credit", family: "forest", learner: forest, seeds: 1, slack: 0.0026),
  AccuracyCase(set: "taiwan-credit", family: "network", learner: network, seeds: 3, slack: 0),
]

// One after another: each case uses both threads itself.
@Suite("Accuracy on the given folds of the example sets", .serialized)
struct AccuracyOnGivenFoldsTests {
  @Test("The mean AUC is at scikit-learn's or above, within the spread of seeds", arguments: cases)
  func accuracy(item: AccuracyCase) throws {
    let baselines = try ReferenceValues.decode(Baselines.self, from: "scikit-learn/baselines.json")
    let baseline = try #require(baselines.meanAUC[item.set]?[item.family])
    let bySeed = try item.example().meanAUC(
      item.learner, seeds: item.seeds, dropsReference: false)
    let mean = bySeed.reduce(0, +) / Double(bySeed.count)
    #expect(
      mean >= baseline.auc - item.slack,
      "\(item.testDescription): \(mean) against \(baseline.auc); by seed \(bySeed)")
  }
}
