import CandorData
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// A scorer with one layer, which makes it layered and differentiable.
private struct OneLayer: LayeredScorer {
  let inputWidth = 1
  let marginScale = MarginScale.logOdds
  var layers: [LayerView] {
    [LayerView(weights: Matrix(rows: 1, columns: 1), biases: [0], activation: "identity")]
  }
  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: 1)
  }
  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {}
}

/// Trees and nothing else.
private struct Trees: TreeEnsembleScorer {
  let inputWidth = 1
  let marginScale = MarginScale.probability
  let ensemble = TreeEnsemble(trees: [])
  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {}
}

/// A stump that knows its out-of-bag rows.
private struct Stump: OutOfBagScorer {
  let inputWidth = 1
  let marginScale = MarginScale.probability
  let ensemble = TreeEnsemble(trees: [])
  let outOfBagRows: [[Int]] = []
  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {}
}

@Suite("What a scorer can do and refuses") struct ScorerTests {
  private let affine = AffineScorer(coefficients: [1, -2], intercept: 0.5)

  @Test("Capabilities are found for what a scorer is, and nothing more")
  func capabilities() {
    let minimal = MinimalScorer(inputWidth: 1) { $0[0] }
    #expect(Capabilities(of: minimal) == [])
    #expect(Capabilities(of: affine) == [.differentiable, .linear, .additive])
    #expect(Capabilities(of: OneLayer()) == [.differentiable, .layered])
    #expect(Capabilities(of: Trees()) == [.treeEnsemble])
    #expect(Capabilities(of: Stump()) == [.treeEnsemble, .outOfBag])
    #expect(Capabilities(of: SumScorer(weights: [1])) == [.persistable])
  }

  @Test("Each capability has its own bit, and names come in a fixed order")
  func names() {
    let all: [Capabilities] = [
      .differentiable, .layered, .linear, .additive, .treeEnsemble, .outOfBag, .persistable,
    ]
    #expect(Set(all.map(\.rawValue)).count == 7)
    #expect(all.allSatisfy { $0.names.count == 1 })
    #expect(Capabilities(all).names == all.flatMap(\.names))
    #expect(Capabilities(of: affine).names == ["differentiable", "linear", "additive"])
  }

  @Test("Margins come one a row, in order")
  func margins() throws {
    let rows = EncodedRows(Matrix(rows: 3, columns: 2) { Double($0) + 10 * Double($1) })
    #expect(try affine.margins(of: rows) == [-19.5, -20.5, -21.5])
    #expect(try affine.margins(of: EncodedRows(Matrix(rows: 0, columns: 2))).isEmpty)
  }

  @Test("Another width, another length and values that are not finite are refused")
  func refusals() throws {
    func refusal(_ body: () throws -> Void) -> ScoringError? {
      #expect(throws: ScoringError.self) { try body() }
    }
    let wide = EncodedRows(Matrix(rows: 1, columns: 3))
    #expect(refusal { _ = try affine.margins(of: wide) }?.code == .widthMismatch)
    #expect(refusal { try affine.checkInput(wide, places: 1) }?.description.contains("3") == true)
    let rows = EncodedRows(Matrix(rows: 2, columns: 2))
    #expect(refusal { try affine.checkInput(rows, places: 1) }?.code == .widthMismatch)
    for value in [Double.nan, .infinity, -.infinity] {
      let bad = EncodedRows(Matrix(rows: 2, columns: 2) { $0 == 1 && $1 == 0 ? value : 0 })
      let error = refusal { _ = try affine.margins(of: bad) }
      #expect(error?.code == .notFinite)
      #expect(error?.description.hasPrefix("Row 1 has \(value) in encoded column 0") == true)
    }
    try affine.checkInput(rows, places: 2)
  }
}
