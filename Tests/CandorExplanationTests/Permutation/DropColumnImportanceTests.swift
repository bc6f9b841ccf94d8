import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Drop-column importance")
struct DropColumnImportanceTests {
  /// Outcomes depend on the first two columns; the third is a copy of the first with a little noise,
  /// the fourth says nothing.
  private func rows(_ count: Int, seed: UInt64) -> (EncodedRows, [Double]) {
    var generator = SeedTree(seed: seed).child("drop column").generator()
    let rows = (0..<count).map { _ -> [Double] in
      let x = generator.nextNormal()
      return [x, generator.nextNormal(), x + 0.1 * generator.nextNormal(), generator.nextNormal()]
    }
    let targets = rows.map { generator.nextUniform() < sigmoid($0[0] + $0[1]) ? 1.0 : 0 }
    return (Fixtures.rows(rows), targets)
  }

  private let map = Fixtures.singles(4)

  private func measure(
    _ names: [String], groups: [PlayerGroup] = [], refits: Int = 1, noise: Double = 0,
    seed: UInt64 = 1
  ) throws -> DropColumnImportance {
    let (training, outcomes) = rows(800, seed: seed)
    let (test, truth) = rows(1500, seed: seed + 1000)
    return try DropColumnImportance.measure(
      LeastSquaresLearner(noise: noise),
      training: TrainingRows(
        rows: training, targets: outcomes, featureMap: map, directions: [1: .increasing]),
      sample: .init(name: "test", rows: test, targets: truth),
      players: Players(featureMap: map, groups: groups), dropping: names, refits: refits,
      seeds: SeedTree(seed: 4))
  }

  @Test("A feature with a copy is worth nothing alone, and much with its copy")
  func copies() throws {
    let alone = try measure(["x0", "x1", "x2", "x3"])
    let worth = try ["x0", "x1", "x2", "x3"].map { try #require(alone.player($0)) }
    #expect(abs(worth[0].importance) < 0.01)
    #expect(worth[1].importance > 0.08 && worth[1].pValue < 1e-6)
    #expect(abs(worth[2].importance) < 0.005)
    #expect(abs(worth[3].importance) < 0.005 && worth[3].pValue > 0.001)
    let together = try measure(
      ["pair"], groups: [PlayerGroup(name: "pair", members: ["x0", "x2"])])
    let pair = try #require(together.player("pair"))
    #expect(pair.lower > 0.05)
    #expect(pair.refitStandardError == 0 && pair.rowStandardError == pair.standardError)
  }

  @Test("The difference is that of two fits by hand, with DeLong's standard error")
  func byHand() throws {
    let found = try measure(["x1"])
    let (training, outcomes) = rows(800, seed: 1)
    let (test, truth) = rows(1500, seed: 1001)
    func scored(_ columns: [Int]) throws -> ScoredSample {
      let fit = try LeastSquares.solve(
        design: Matrix(rows: 800, columns: columns.count + 1) { r, c in
          c < columns.count ? training.matrix[r, columns[c]] : 1
        }, response: outcomes)
      let scores = Fixtures.arrays(test).map { row in
        zip(columns, fit.coefficients).reduce(0) { $0 + row[$1.0] * $1.1 }
      }
      return try ScoredSample(
        labels: truth, probabilities: scores.map { sigmoid($0) }, scores: scores)
    }
    let expected = try PairedDeLong(scored([0, 1, 2, 3]), scored([0, 2, 3]))
    let player = try #require(found.players.first)
    #expect(agree(player.importance, expected.difference.value, within: 1e-9))
    #expect(
      agree(player.standardError, try #require(expected.difference.standardError), within: 1e-9))
    #expect(agree(found.full, expected.first.value, within: 1e-9))
  }

  @Test("Refits with other seeds widen the interval; the same seeds give the same bits")
  func refits() throws {
    let one = try measure(["x1"], refits: 4, noise: 0.05)
    let player = try #require(one.players.first)
    #expect(Set(player.refits).count == 4)
    #expect(player.refitStandardError > 0 && player.standardError > player.rowStandardError)
    #expect(agree(player.importance, Moments.mean(player.refits), within: 1e-15))
    #expect(try measure(["x1"], refits: 4, noise: 0.05) == one)
  }

  @Test("Unknown names, and players with every column, are refused")
  func refusals() throws {
    for (names, groups) in [
      (["x9"], []), (["all"], [PlayerGroup(name: "all", members: ["x0", "x1", "x2", "x3"])]),
    ] {
      #expect(throws: ExplanationError.self) { try measure(names, groups: groups) }
    }
    #expect(throws: ExplanationError.self) { try measure(["x0"], refits: 0) }
  }
}

/// Least squares on the columns as they are, with noise on the coefficients where asked.
private struct LeastSquaresLearner: Learner {
  let noise: Double
  var settings: [(name: String, value: String)] { [] }
  var keepsDirections: Bool { true }

  func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<StoredLine> {
    let width = training.rows.width
    let matrix = training.rows.matrix
    guard training.featureMap.width == width, training.directions.keys.allSatisfy({ $0 < width })
    else { throw TrainingError(.shapeMismatch, "The map does not fit.") }
    do throws(LinearAlgebraError) {
      let fit = try LeastSquares.solve(
        design: Matrix(rows: training.count, columns: width + 1) { r, c in
          c < width ? matrix[r, c] : 1
        }, response: training.targets)
      var generator = context.seeds.generator()
      return Trained(
        model: StoredLine(
          coefficients: fit.coefficients[..<width].map { $0 + noise * generator.nextNormal() }),
        log: TrainingLog())
    } catch {
      throw TrainingError(.numerical, error.description)
    }
  }
}

/// A line through the columns.
private struct StoredLine: PersistableScorer {
  static let familyName = "line"
  let coefficients: [Double]
  var inputWidth: Int { coefficients.count }
  var marginScale: MarginScale { .distance }
  var archive: TensorArchive { TensorArchive() }

  init(coefficients: [Double]) { self.coefficients = coefficients }

  init(archive: TensorArchive) throws(ScoringError) {
    throw ScoringError(.unsupported, "Lines are not stored.")
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = zip(rows.matrix.row(r), coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}
