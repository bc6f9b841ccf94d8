import CandorConformance
import CandorData
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// A learner that separates the class means, and can break any promise of the contract.
struct MeansLearner: Learner {
  enum Fault: Sendable {
    case none, unseededChance, chanceByThreads, acceptsOneClass, ignoresWeights, failsOnConstants
    case acceptsAnyOption
  }

  static let clock = LockedState(0)
  var fault = Fault.none
  var shrinkage = 1.0
  var settings: [(name: String, value: String)] { [("shrinkage", "\(shrinkage)")] }

  func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<SavedMeans> {
    if fault != .acceptsAnyOption, !(shrinkage > 0) {
      throw TrainingError(.badOption, "The shrinkage is \(shrinkage); it must be above 0.")
    }
    let weights =
      fault == .ignoresWeights || training.weights == nil
      ? [Double](repeating: 1, count: training.count) : training.weights ?? []
    let matrix = training.rows.matrix
    var means = [[Double]](repeating: [], count: 2)
    for outcome in 0..<2 {
      let rows = training.targets.indices.filter { training.targets[$0] == Double(outcome) }
      let total = rows.reduce(0) { $0 + weights[$1] }
      if total == 0, fault != .acceptsOneClass {
        throw TrainingError(.oneClassOnly, "One outcome has no weight.")
      }
      means[outcome] = (0..<matrix.columns).map { c in
        total == 0 ? 0 : rows.reduce(0) { $0 + weights[$1] * matrix[$1, c] } / total
      }
    }
    var coefficients = zip(means[1], means[0]).map { shrinkage * ($0 - $1) }
    if fault == .failsOnConstants {
      for c in coefficients.indices {
        let column = matrix.column(c)
        if column.allSatisfy({ $0 == column[0] }) {
          throw TrainingError(.numerical, "A column is constant.")
        }
      }
    }
    if fault == .unseededChance {
      coefficients[0] += Self.clock.withLock {
        $0 += 1
        return Double($0)
      }
    }
    if fault == .chanceByThreads { coefficients[0] += 1e-14 * Double(context.threads) }
    return Trained(model: SavedMeans(coefficients: coefficients), log: TrainingLog())
  }
}

/// What `MeansLearner` gives.
struct SavedMeans: PersistableScorer {
  static let familyName = "means"
  let coefficients: [Double]
  var inputWidth: Int { coefficients.count }
  var marginScale: MarginScale { .distance }

  init(coefficients: [Double]) { self.coefficients = coefficients }

  var archive: TensorArchive {
    var archive = TensorArchive()
    archive.set("coefficients", coefficients)
    return archive
  }

  init(archive: TensorArchive) throws(ScoringError) {
    coefficients = try archive.doubles("coefficients")
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try AffineScorer(coefficients: coefficients, intercept: 0).margins(of: rows, into: &output)
  }
}

@Suite("Conformance of learners")
struct LearnerConformanceTests {
  private func trial(outOfRange: [any Learner] = [MeansLearner(shrinkage: -1)]) throws
    -> LearnerTrial
  {
    let targets = (0..<30).map { typicalRows.matrix[$0, 0] > 0.1 ? 1.0 : 0 }
    let names = ["a", "b", "c"]
    let map = FeatureMap(
      sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
      columnNames: names)
    return LearnerTrial(
      training: try TrainingRows(rows: typicalRows, targets: targets, featureMap: map),
      outOfRange: outOfRange, isDeterministic: true)
  }

  @Test("A learner that keeps its promises has no violation")
  func soundLearner() throws {
    #expect(LearnerConformance.check(MeansLearner(), in: try trial()).isEmpty)
  }

  @Test(
    "Each fault is found by the check that names it",
    arguments: [
      (MeansLearner.Fault.unseededChance, "equal seeds give equal archives"),
      (.chanceByThreads, "threads change no byte of the archive"),
      (.acceptsOneClass, "rows of one class are refused"),
      (.ignoresWeights, "whole weights equal repeated rows"),
      (.failsOnConstants, "constant columns are harmless"),
      (.acceptsAnyOption, "options out of range are refused by a sentence"),
    ])
  func faultIsFound(fault: MeansLearner.Fault, check: String) throws {
    let trial = try trial(outOfRange: [MeansLearner(fault: fault, shrinkage: -1)])
    let found = LearnerConformance.check(MeansLearner(fault: fault), in: trial)
    #expect(found.contains { $0.check == check }, "\(found)")
    #expect(LearnerConformance.checks.contains { $0.name == check })
  }
}
