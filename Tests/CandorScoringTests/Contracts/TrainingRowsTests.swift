import CandorData
import CandorNumerics
import CandorScoring
import Testing

@Suite("Training rows") struct TrainingRowsTests {
  private func make(
    _ targets: [Double], weights: [Double]? = nil, count: Int? = nil, mapWidth: Int = 1
  ) throws(TrainingError) -> TrainingRows {
    try TrainingRows(
      rows: EncodedRows(Matrix(rows: count ?? targets.count, columns: 1, repeating: 0.5)),
      targets: targets, weights: weights,
      featureMap: FeatureMap(
        sources: [.init(name: "x", columns: 0..<mapWidth)],
        columnNames: (0..<mapWidth).map { "x\($0)" }))
  }

  private func code(_ body: () throws -> TrainingRows) -> TrainingError.Code? {
    let error = #expect(throws: TrainingError.self) { _ = try body() }
    #expect(error?.description.hasSuffix(".") == true)
    return error?.code
  }

  @Test("Rows that fit together are taken, weights of zero too")
  func sound() throws {
    let rows = try make([0, 1, 1], weights: [0, 2, 0.5])
    #expect(rows.count == 3)
    #expect(rows.weights == [0, 2, 0.5])
    #expect(try make([1, 0]).weights == nil)
  }

  @Test("Lengths and widths that differ are refused")
  func shapes() {
    #expect(code { try make([0, 1], count: 3) } == .shapeMismatch)
    #expect(code { try make([0, 1], weights: [1]) } == .shapeMismatch)
    #expect(code { try make([0, 1], mapWidth: 2) } == .shapeMismatch)
  }

  @Test("Too few rows, and rows of one outcome, are refused")
  func outcomes() {
    #expect(code { try make([]) } == .tooFewRows)
    #expect(code { try make([1]) } == .tooFewRows)
    #expect(code { try make([1, 1, 1]) } == .oneClassOnly)
    #expect(code { try make([0, 0]) } == .oneClassOnly)
  }

  @Test("Targets other than 0 and 1, and weights that are no weights, are refused")
  func values() {
    for target in [0.5, -1, 2, .nan] { #expect(code { try make([0, 1, target]) } == .badTarget) }
    for weight in [-0.1, .nan, .infinity] {
      #expect(code { try make([0, 1], weights: [1, weight]) } == .badTarget)
    }
  }
}
