import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport

/// Simulated loans whose true log-odds are a scorer, with the explanations of it in closed form.
struct SimulatedTruth {
  let table: Table
  let truth: TrueLogOdds
  let encoder: CandorData.Encoder
  let scorer: MissingScorer

  init(rows: Int, seed: UInt64) throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: seed))
    table = try simulator.table(rows: rows).table
    let truth = try TrueLogOdds(of: simulator, sample: table)
    var options = EncodingOptions()
    options.scaling = .none
    options.categorical = .levelCodes
    options.numericImputation = .keepMissing
    options.missingIndicators = false
    encoder = try Encoder.fit(table, features: truth.features.map(\.name), options: options)
    // From the encoder's level codes to the catalogue's.
    let numbers = zip(encoder.steps, truth.features).map { step, feature -> [Double] in
      for transformation in step.transformations {
        if case .categoryCodes(let levels) = transformation {
          return levels.map { level in
            feature.levels.firstIndex(of: level).map(Double.init) ?? .nan
          }
        }
      }
      return []
    }
    self.truth = truth
    scorer = MissingScorer(inputWidth: encoder.featureMap.width) { row in
      let cells = Matrix(rows: 1, columns: row.count) { _, c in
        numbers[c].isEmpty || row[c].isNaN ? row[c] : numbers[c][Int(row[c])]
      }
      return truth.logOdds(of: cells)[0]
    }
  }

  func rows(_ range: Range<Int>) throws -> EncodedRows {
    try encoder.encode(table, rows: Array(range))
  }

  func cells(_ range: Range<Int>) throws -> Matrix {
    try truth.cells(of: table.selecting(rows: Array(range)))
  }

  /// The interventional Shapley values of one row: an effect less its mean, and of a product
  /// a(xᵢ)·b(xⱼ) half of what each of the two orders of i and j gives.
  func shapley(_ row: ArraySlice<Double>, against others: Matrix) -> [Double] {
    let x = Array(row)
    let count = Double(others.rows)
    var values = x.indices.map { j in
      truth.effect(of: j, at: x[j])
        - others.column(j).reduce(0) { $0 + truth.effect(of: j, at: $1) } / count
    }
    for (index, pair) in truth.pairs.enumerated() {
      let a = truth.firstFactor(of: index, at: x[pair.first])
      let b = truth.secondFactor(of: index, at: x[pair.second])
      for z in 0..<others.rows {
        let c = truth.firstFactor(of: index, at: others[z, pair.first])
        let d = truth.secondFactor(of: index, at: others[z, pair.second])
        values[pair.first] += (a - c) * (b + d) / 2 / count
        values[pair.second] += (b - d) * (a + c) / 2 / count
      }
    }
    return values
  }

  /// The mean log-odds of rows that all have one cell of a feature.
  func partialDependence(of feature: Int, at cell: Double, over rows: Matrix) -> Double {
    let count = Double(rows.rows)
    var value = truth.intercept + truth.effect(of: feature, at: cell)
    for other in truth.features.indices where other != feature {
      value += rows.column(other).reduce(0) { $0 + truth.effect(of: other, at: $1) } / count
    }
    for (index, pair) in truth.pairs.enumerated() {
      for z in 0..<rows.rows {
        let first = pair.first == feature ? cell : rows[z, pair.first]
        let second = pair.second == feature ? cell : rows[z, pair.second]
        value +=
          truth.firstFactor(of: index, at: first) * truth.secondFactor(of: index, at: second)
          / count
      }
    }
    return value
  }
}

/// A scorer of nothing but margins that takes missing cells.
struct MissingScorer: Scorer {
  let inputWidth: Int
  let function: @Sendable ([Double]) -> Double
  var marginScale: MarginScale { .logOdds }
  var acceptsMissing: Bool { true }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count { output[r] = function(Array(rows.matrix.row(r))) }
  }
}
