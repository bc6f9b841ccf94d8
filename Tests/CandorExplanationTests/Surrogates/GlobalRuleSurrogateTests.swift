import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Global surrogate tree and scorecard")
struct GlobalRuleSurrogateTests {
  private let map = FeatureMap(
    sources: [.init(name: "amount", columns: 0..<1), .init(name: "job", columns: 1..<3)],
    columnNames: ["amount", "job=a", "job=b"])
  private let table: Table
  private let sample: Background

  init() throws {
    var generator = SeedTree(seed: 1).child("global").generator()
    let amounts = (0..<400).map { _ in (generator.nextUniform() * 1_000).rounded() }
    let jobs = (0..<400).map { _ in generator.nextInteger(below: 2) }
    table = try Table(columns: [
      Column(name: "amount", numbers: amounts),
      Column(name: "job", texts: jobs.map { ["a", "b"][$0] }),
    ])
    sample = try Background(
      name: "training",
      rows: Fixtures.rows(
        zip(amounts, jobs).map { [($0 - 500) / 300, $1 == 0 ? 1 : 0, $1 == 1 ? 1 : 0] }))
  }

  private func model(_ score: @escaping @Sendable ([Double]) -> Double) throws -> ExplainedModel {
    try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 3, score), calibrator: .platt(slope: 1, offset: 0),
      featureMap: map)
  }

  /// A learner that makes the one tree it is given: amount at a threshold, then the job of the left.
  private struct GivenTree: Learner {
    struct Model: PersistableScorer, TreeEnsembleScorer {
      static let familyName = "given-tree"
      let ensemble: TreeEnsemble
      let inputWidth = 2
      let marginScale = MarginScale.target
      let acceptsMissing = true
      var archive: TensorArchive { TensorArchive() }
      init(ensemble: TreeEnsemble) { self.ensemble = ensemble }
      init(archive: TensorArchive) throws(ScoringError) {
        throw ScoringError(.unsupported, "not stored")
      }
      func margins(
        of rows: EncodedRows, into output: inout MutableSpan<Double>
      ) throws(ScoringError) {
        try checkInput(rows, places: output.count)
        for r in 0..<rows.count {
          let x = Array(rows.matrix.row(r))
          output[r] = x[0] <= 300.5 ? (x[1] == 0 ? -2 : 0.5) : 1
        }
      }
    }
    let settings = [(name: "depth", value: "2")]
    func fit(
      _ training: TrainingRows, context: TrainingContext
    ) throws(TrainingError) -> Trained<Model> {
      // Raw units and level codes reach the learner.
      guard training.task == .regression, training.featureMap.levelCounts == [1: 2],
        training.rows.matrix.column(0).max() ?? 0 > 300
      else { throw TrainingError(.badTarget, "not source rows") }
      var tree = TreeEnsemble.Tree(weight: 1)
      tree.feature = [0, 1, 0, 0, 0]
      tree.threshold = [300.5, 0, 0, 0, 0]
      tree.left = [1, 3, -1, -1, -1]
      tree.right = [2, 4, -1, -1, -1]
      tree.missingGoesLeft = Array(repeating: true, count: 5)
      tree.value = [0, 0, 1, -2, 0.5]
      tree.cover = Array(repeating: 1, count: 5)
      tree.categories = [1: [0]]
      return Trained(model: Model(ensemble: TreeEnsemble(trees: [tree])), log: TrainingLog())
    }
  }

  @Test("A tree's leaves are read as rules in raw units, with what the model says there")
  func tree() throws {
    let first = try #require(table.columns[1].codes).levels.levels[0]
    let second = first == "a" ? "b" : "a"
    // The model is the tree itself.
    let isFirst = first == "a" ? 1 : 2
    let model = try model { x in
      x[0] * 300 + 500 <= 300.5 ? (x[isFirst] == 1 ? -2 : 0.5) : 1
    }
    let found = try GlobalSurrogateTree.fit(
      to: model, sample: sample, source: try SourceValues(table: table, featureMap: map),
      learner: GivenTree(), cutOff: 0, context: TrainingContext(seeds: SeedTree(seed: 1)))
    #expect(
      found.rules.map(\.text) == [
        "amount ≤ 300.5, job = \(first)", "amount ≤ 300.5, job = \(second)", "amount > 300.5",
      ])
    #expect(found.rules.map(\.value) == [-2, 0.5, 1])
    #expect(
      largestDisagreement(found.rules.map(\.modelMean), found.rules.map(\.value)) < 1e-9)
    #expect(agree(found.rules.reduce(0) { $0 + $1.share }, 1, within: 1e-12))
    #expect(agree(found.agreement.rSquared, 1, within: 1e-9))
    #expect(found.agreement.decisionAgreement == 1)
    #expect(found.agreement.areaUnderCurve == 1)
    #expect(found.warnings.isEmpty)
    // Another model: fidelity falls, and a warning says so.
    let other = try GlobalSurrogateTree.fit(
      to: try self.model { 3 * $0[0] * ($0[1] - 0.5) }, sample: sample,
      source: try SourceValues(table: table, featureMap: map), learner: GivenTree(), cutOff: 0,
      context: TrainingContext(seeds: SeedTree(seed: 1)))
    #expect(other.agreement.rSquared < 0.6)
    #expect(other.warnings.map(\.code) == [.surrogateUnfaithful])
    #expect((other.agreement.decisionAgreement ?? 1) < 0.9)
  }

  @Test("A scorecard of cells is recovered, with points that add up")
  func scorecard() throws {
    let amounts = try #require(table.columns[0].numbers)
    let cut = Quantiles.value(of: amounts, at: 0.5)
    let model = try model { x in
      ((x[0] * 300 + 500).rounded() > cut ? 1.2 : -0.3) + (x[2] == 1 ? 0.8 : 0)
    }
    let source = try SourceValues(table: table, featureMap: map)
    let found = try GlobalScorecard.fit(
      to: model, sample: sample, source: source, bins: 4, ridge: 1e-9, cutOff: 0.2)
    #expect(agree(found.agreement.rSquared, 1, within: 1e-6))
    #expect(found.agreement.decisionAgreement == 1)
    let amount = found.features[0]
    #expect(amount.cells.count == 4)
    #expect(
      agree(amount.cells[3].coefficient - amount.cells[0].coefficient, 1.5, within: 1e-6))
    #expect(
      agree(amount.cells.reduce(0) { $0 + $1.share * $1.coefficient }, 0, within: 1e-9))
    #expect(
      amount.cells[0].text
        == "amount ≤ \(shortText(Quantiles.value(of: amounts, at: 0.25)))")
    let job = found.features[1]
    let byText = Dictionary(uniqueKeysWithValues: job.cells.map { ($0.text, $0) })
    let (a, b) = (try #require(byText["job = a"]), try #require(byText["job = b"]))
    #expect(agree(b.coefficient - a.coefficient, 0.8, within: 1e-6))
    // Twenty points double the odds.
    #expect(
      agree(
        (try #require(a.points)) - (try #require(b.points)), 0.8 * 20 / 0.6931471805599453,
        within: 1e-6))
    #expect(agree(found.average, sample.mean(of: try model.values(of: sample.rows)), within: 1e-6))
    let onProbability = try GlobalScorecard.fit(
      to: model.on(.probability), sample: sample, source: source)
    #expect(onProbability.averagePoints == nil && onProbability.features[0].cells[0].points == nil)
  }
}
