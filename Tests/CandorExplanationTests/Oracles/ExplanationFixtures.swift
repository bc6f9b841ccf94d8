import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport

/// Small models, maps and backgrounds that several tests share.
enum Fixtures {
  /// One source feature an encoded column, named x0, x1, …
  static func singles(_ count: Int) -> FeatureMap {
    FeatureMap(
      sources: (0..<count).map { .init(name: "x\($0)", columns: $0..<$0 + 1) },
      columnNames: (0..<count).map { "x\($0)" })
  }

  /// Source features of the given numbers of columns, named x0, x1, …
  static func blocks(_ sizes: [Int]) -> FeatureMap {
    var sources: [FeatureMap.Source] = []
    var start = 0
    for (position, size) in sizes.enumerated() {
      sources.append(.init(name: "x\(position)", columns: start..<start + size))
      start += size
    }
    return FeatureMap(sources: sources, columnNames: (0..<start).map { "c\($0)" })
  }

  /// Independent standard normal rows.
  static func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> EncodedRows {
    var generator = SeedTree(seed: seed).child("rows").generator()
    return EncodedRows(Matrix(rows: rows, columns: columns) { _, _ in generator.nextNormal() })
  }

  /// Rows given one by one.
  static func rows(_ values: [[Double]]) -> EncodedRows {
    EncodedRows(
      Matrix(rows: values.count, columns: values.first?.count ?? 0) { values[$0][$1] })
  }

  /// Rows as arrays.
  static func arrays(_ rows: EncodedRows) -> [[Double]] {
    (0..<rows.count).map { Array(rows.matrix.row($0)) }
  }

  /// The margin, as it stands.
  static let margin = ExplainedQuantity(scale: .margin, calibrator: .identity)

  /// The attributions' values.
  static func values(_ explanation: Explanation) -> [Double] {
    explanation.attributions.map(\.value)
  }

  /// One hidden layer of four ReLU units over three inputs, from captum's tests (E11).
  static let captumNet: @Sendable ([Double]) -> Double = { x in
    let sum = x.reduce(0, +)
    return [-10.0, 1, 1, 1].reduce(-1) { $0 + max(sum + $1, 0) }
  }

  /// A score of six columns with interactions of orders two, three and four.
  static let knotted: @Sendable ([Double]) -> Double = { x in
    let pair = 0.8 * x[0] * x[1]
    let triple = 1.5 * x[1] * x[2] * x[3]
    let step = x[4] > 0.2 && x[5] < 0.5 && x[0] > -0.5 ? 2.0 : 0
    return x[0] - 0.5 * x[3] + pair + triple + step + x[2] * x[3] * x[4] * x[5]
  }

  /// A score of nine columns: `knotted`, and interactions of the last three with the first.
  static let knottedNine: @Sendable ([Double]) -> Double = { x in
    knotted(x) + x[6] * x[7] * x[8] - 0.7 * x[8] + (x[6] > 0 && x[0] > 0 && x[1] > 0 ? 1.2 : 0)
  }
}

/// A differentiable scorer of margins and gradients given as functions.
struct FunctionScorer: DifferentiableScorer {
  let inputWidth: Int
  let margin: @Sendable ([Double]) -> Double
  let gradient: @Sendable ([Double]) -> [Double]
  var marginScale: MarginScale { .logOdds }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count { output[r] = margin(Array(rows.matrix.row(r))) }
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    let all = (0..<rows.count).map { gradient(Array(rows.matrix.row($0))) }
    return Matrix(rows: rows.count, columns: inputWidth) { all[$0][$1] }
  }
}
