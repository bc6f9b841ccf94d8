import CandorData
import CandorModels
import CandorNumerics
import Testing

@Suite("Scoring kernel")
struct ScoringKernelTests {
  private static let levels = VectorLevel.allCases.filter { $0 <= .best }

  @Test(
    "A layer's sums are those of one input after another, to the bit, at every width of vectors")
  func layerSums() {
    var generator = SeedTree(seed: 11).generator()
    for units in [1, 3, 4, 5, 7, 8, 9, 31, 32, 33, 40, 63, 64, 65, 71, 96, 128, 131, 200] {
      for inputs in [0, 1, 3, 4, 9, 50] {
        let weights = (0..<(inputs + 2) * units).map { _ in generator.nextNormal() }
        let biases = (0..<units).map { _ in generator.nextNormal() }
        let first = 2
        let columns = (0..<inputs + first).map { Int32($0 * 7 % (inputs + 2)) }
        let cells = columns.indices.map { $0 % 5 == 3 ? 1e-300 : generator.nextNormal() }
        let expected = (0..<units).map { u in
          (first..<first + inputs).reduce(biases[u]) {
            $0 + cells[$1] * weights[Int(columns[$1]) * units + u]
          }
        }
        for level in Self.levels {
          var sums = [Double](repeating: .nan, count: units + 1)
          var span = sums.mutableSpan
          ScoringKernel.layer(
            columns: columns.span, cells: cells.span, from: first, count: inputs,
            weights: weights.span, biases: biases.span, into: &span, level: level)
          #expect(
            sums.prefix(units).map(\.bitPattern) == expected.map(\.bitPattern),
            "\(units) units, \(inputs) inputs, \(level)")
          #expect(sums[units].isNaN)
        }
      }
    }
  }

  @Test("Every width of vectors lists the answers of rectifiers that are not below zero")
  func answers() {
    var generator = SeedTree(seed: 12).generator()
    let special: [Double] = [
      0, -0.0, .nan, .infinity, -.infinity, Double.leastNonzeroMagnitude,
      -Double.leastNonzeroMagnitude,
    ]
    for units in 0..<70 {
      let sums = (0..<units).map { $0 % 6 == 5 ? special[$0 / 6 % 7] : generator.nextNormal() }
      let expected = sums.indices.filter {
        !(sums[$0] < 0) && sums[$0].bitPattern != (-0.0).bitPattern
      }
      for level in Self.levels {
        var columns = [Int32](repeating: -1, count: units + ScoringKernel.spare)
        var cells = [Double](repeating: 0, count: units + ScoringKernel.spare)
        var columnSpan = columns.mutableSpan
        var cellSpan = cells.mutableSpan
        let count = ScoringKernel.answer(
          .relu, sums: sums.span, units: units, columns: &columnSpan, cells: &cellSpan,
          level: level)
        #expect(columns.prefix(count).map(Int.init) == expected)
        #expect(cells.prefix(count).map(\.bitPattern) == expected.map { sums[$0].bitPattern })
      }
    }
  }
}
