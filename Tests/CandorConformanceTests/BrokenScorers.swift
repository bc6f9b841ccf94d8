import CandorConformance
import CandorData
import CandorNumerics
import CandorScoring
import CandorTestSupport

/// A scorer whose behaviour is a closure over the whole batch, so that any promise can be broken.
struct BatchScorer: Scorer {
  var inputWidth = 3
  var marginScale = MarginScale.distance
  let batch: @Sendable (EncodedRows, Int) throws(ScoringError) -> [Double]

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    let result = try batch(rows, output.count)
    for r in 0..<min(output.count, result.count) { output[r] = result[r] }
  }

  /// The sum of a row.
  static func sum(_ rows: EncodedRows, _ r: Int) -> Double { rows.matrix.row(r).reduce(0, +) }

  /// Refuses as a scorer must.
  static func check(_ rows: EncodedRows, places: Int) throws(ScoringError) {
    try MinimalScorer(inputWidth: 3) { _ in 0 }.checkInput(rows, places: places)
  }
}

/// A scorer that says it takes missing cells, and hands them on.
struct CarelessMissingScorer: Scorer {
  var inputWidth: Int { 3 }
  var marginScale: MarginScale { .distance }
  var acceptsMissing: Bool { true }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count { output[r] = BatchScorer.sum(rows.dense, r) }
  }
}

/// A linear scorer whose parts can disagree with one another.
struct DisagreeingLinearScorer: LinearScorer {
  var coefficients = [0.5, -1, 2]
  var intercept = 0.25
  var constantTerm = 0.25
  var gradientFactor = 1.0
  var termLeak = 0.0
  var marginShift = 0.0
  var inputWidth: Int { 3 }
  var marginScale: MarginScale { .logOdds }
  private let truth = AffineScorer(coefficients: [0.5, -1, 2], intercept: 0.25)

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try truth.margins(of: rows, into: &output)
    for r in 0..<output.count { output[r] += marginShift }
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: 3) { gradientFactor * [0.5, -1, 2][$1] }
  }

  func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: 3) { r, c in
      let leak = c == 0 ? termLeak : c == 1 ? -termLeak : 0
      return rows.matrix[r, c] * [0.5, -1, 2][c] + leak * rows.matrix[r, 2]
    }
  }
}

/// A scorer of two trees that can be told another ensemble than it scores by.
struct StumpScorer: OutOfBagScorer {
  var shown: TreeEnsemble = Self.truth
  var outOfBagRows: [[Int]] = [[0, 4], [2]]
  var inputWidth: Int { 3 }
  var marginScale: MarginScale { .distance }

  static var truth: TreeEnsemble {
    TreeEnsemble(trees: [stump(column: 0), stump(column: 2)], baseMargin: 0.5)
  }

  static func stump(column: Int32) -> TreeEnsemble.Tree {
    var tree = TreeEnsemble.Tree(weight: 2)
    _ = tree.appendLeaf(value: 0.25, cover: 8)
    _ = tree.appendLeaf(value: -1, cover: 3)
    _ = tree.appendLeaf(value: 1, cover: 5)
    tree.feature[0] = column
    tree.threshold[0] = 0
    tree.left[0] = 1
    tree.right[0] = 2
    return tree
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = 0.5 + (rows.matrix[r, 0] <= 0 ? -2 : 2) + (rows.matrix[r, 2] <= 0 ? -2 : 2)
    }
  }
}

/// A scorer that can be saved, with a file that can lie.
struct SavedScorer: PersistableScorer {
  static let familyName = "saved"
  var coefficients = [0.5, -1, 2]
  var loses = 0.0
  var accepts = false
  var inputWidth: Int { 3 }
  var marginScale: MarginScale { .logOdds }

  init(loses: Double = 0, accepts: Bool = false) {
    self.loses = loses
    self.accepts = accepts
  }

  var archive: TensorArchive {
    var archive = TensorArchive()
    archive.set("coefficients", coefficients.map { $0 - loses })
    if accepts { archive.attributes["lenient"] = "yes" }
    return archive
  }

  init(archive: TensorArchive) throws(ScoringError) {
    accepts = archive.attributes["lenient"] == "yes"
    coefficients = try archive.doubles("coefficients")
    guard coefficients.count == 3 else { throw ScoringError(.invalidModel, "Three are needed.") }
    guard accepts || coefficients.allSatisfy(\.isFinite) else {
      throw ScoringError(.invalidModel, "A coefficient is not finite.")
    }
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try AffineScorer(coefficients: coefficients, intercept: 0).margins(of: rows, into: &output)
  }
}

/// A layered scorer whose shown layers can differ from what it computes.
struct ShownLayersScorer: LayeredScorer {
  var layers: [LayerView]
  var inputWidth: Int { 3 }
  var marginScale: MarginScale { .logOdds }
  private let truth = AffineScorer(coefficients: [0.5, -1, 2], intercept: 0.25)

  init(bias: Double) {
    layers = [
      LayerView(
        weights: Matrix(rows: 1, columns: 3) { [0.5, -1, 2][$1] }, biases: [bias],
        activation: "sigmoid")
    ]
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try truth.margins(of: rows, into: &output)
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try truth.gradients(at: rows)
  }
}
