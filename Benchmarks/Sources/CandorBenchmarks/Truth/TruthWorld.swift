import Candor
import Foundation

/// Simulated loans of one seed, and what is true of them.
struct TruthWorld {
  /// How much is drawn and explained.
  struct Size {
    var training = 20_000
    var calibration = 5_000
    var test = 5_000
    var background = 100
    var applicants = 40
    var effectRows = 500
    var trees = 100
    var seeds = 3

    static var quick: Size {
      Size(
        training: 4_000, calibration: 1_000, test: 1_000, background: 30, applicants: 10,
        effectRows: 100, trees: 30, seeds: 2)
    }
  }

  let size: Size
  let seeds: SeedTree
  let threads: Int
  let truth: TrueLogOdds
  let training: CandorData.Table
  let trainingLabels: [Double]
  let calibration: CandorData.Table
  let calibrationLabels: [Double]
  let test: CandorData.Table
  let testLabels: [Double]
  /// True log-odds of the test rows.
  let testLogOdds: [Double]
  /// What the log-odds of the PD given the columns rise by for one of the true log-odds: the factor
  /// in no column flattens what any model can learn.
  let slope: Double
  /// The root of the share of those log-odds' variance that a straight line misses.
  let bend: Double

  var features: [String] { truth.features.map(\.name) }
  /// Whether a feature has no effect, alone or in an interaction.
  let isWithoutEffect: [Bool]
  /// The rows that contributions compare with, as positions among the training rows.
  var backgroundRows: [Int] { Array(0..<size.background) }
  /// The explained rows, as positions among the test rows.
  var applicantRows: [Int] { Array(0..<size.applicants) }

  init(seed: UInt64, size: Size, threads: Int) throws {
    self.size = size
    self.threads = threads
    seeds = SeedTree(seed: seed).child("truth")
    let simulator = try LoanSimulator(SimulationOptions(seed: seed))
    let count = size.training + size.calibration + size.test
    let loans = try simulator.table(rows: count, threads: threads)
    func part(_ rows: Range<Int>) -> (CandorData.Table, [Double]) {
      (loans.table.selecting(rows: Array(rows)), Array(loans.labels[rows]))
    }
    (training, trainingLabels) = part(0..<size.training)
    (calibration, calibrationLabels) = part(size.training..<size.training + size.calibration)
    (test, testLabels) = part(size.training + size.calibration..<count)
    let truth = try TrueLogOdds(of: simulator, sample: training)
    self.truth = truth
    testLogOdds = truth.logOdds(of: try truth.cells(of: test))
    isWithoutEffect = truth.features.indices.map { position in
      truth.features[position].role != .signal
    }
    (slope, bend) = Self.line(
      truth.logOdds(of: try truth.cells(of: training)),
      deviation: simulator.effects.unobservedDeviation)
  }

  /// The straight line through the log-odds of the PD once the unobserved factor is averaged out.
  private static func line(
    _ logOdds: [Double], deviation: Double
  ) -> (slope: Double, bend: Double) {
    let nodes = (0..<64).map { deviation * Normal.quantile((Double($0) + 0.5) / 64) }
    let seen = logOdds.map { value in
      logit(nodes.reduce(0) { $0 + sigmoid(value + $1) } / Double(nodes.count))
    }
    let correlation = Correlation.pearson(logOdds, seen)
    let slope =
      correlation * Moments.standardDeviation(seen) / Moments.standardDeviation(logOdds)
    return (slope, (1 - correlation * correlation).squareRoot())
  }

  func cells(of table: CandorData.Table, _ rows: [Int]) throws -> Matrix {
    try truth.cells(of: table.selecting(rows: rows))
  }

  /// The true contributions against the background.
  func shapley() throws -> TrueContributions {
    TrueContributions(truth, background: try cells(of: training, backgroundRows))
  }
}

/// The interventional Shapley values of the true log-odds in closed form.
///
/// An effect gives its difference from its mean over the background. A product a(xᵢ)·b(xⱼ) is a game
/// of two: with z the background's row, i gets (a(xᵢ) − a(zᵢ))·(b(xⱼ) + b(zⱼ)) / 2, and j likewise;
/// means over z need those of a, b and a·b alone.
struct TrueContributions {
  private let truth: TrueLogOdds
  private let means: [Double]
  private let pairMeans: [(first: Double, second: Double, product: Double)]

  init(_ truth: TrueLogOdds, background: Matrix) {
    self.truth = truth
    func mean(_ value: (Int) -> Double) -> Double {
      (0..<background.rows).reduce(0) { $0 + value($1) } / Double(background.rows)
    }
    means = truth.features.indices.map { j in mean { truth.effect(of: j, at: background[$0, j]) } }
    pairMeans = truth.pairs.enumerated().map { index, pair in
      let a = { (row: Int) in truth.firstFactor(of: index, at: background[row, pair.first]) }
      let b = { (row: Int) in truth.secondFactor(of: index, at: background[row, pair.second]) }
      return (first: mean(a), second: mean(b), product: mean { a($0) * b($0) })
    }
  }

  /// One value a feature.
  func values(_ row: ArraySlice<Double>) -> [Double] {
    let x = Array(row)
    var values = x.indices.map { truth.effect(of: $0, at: x[$0]) - means[$0] }
    for (index, pair) in truth.pairs.enumerated() {
      let a = truth.firstFactor(of: index, at: x[pair.first])
      let b = truth.secondFactor(of: index, at: x[pair.second])
      let mean = pairMeans[index]
      let common = a * b - mean.product
      let tilt = a * mean.second - b * mean.first
      values[pair.first] += (common + tilt) / 2
      values[pair.second] += (common - tilt) / 2
    }
    return values
  }

  func values(_ cells: Matrix, scaled: Double = 1) -> [[Double]] {
    (0..<cells.rows).map { values(cells.row($0)).map { $0 * scaled } }
  }

  /// The curve of a feature: its effect, and its factors times the mean of their partners'.
  func curve(_ feature: Int, at cell: Double) -> Double {
    var value = truth.effect(of: feature, at: cell)
    for (index, pair) in truth.pairs.enumerated() {
      if pair.first == feature {
        value += truth.firstFactor(of: index, at: cell) * pairMeans[index].second
      } else if pair.second == feature {
        value += truth.secondFactor(of: index, at: cell) * pairMeans[index].first
      }
    }
    return value
  }
}

/// The true log-odds as a model that gives scores and nothing else.
struct TrueScorer: Scorer {
  let truth: TrueLogOdds
  let encoder: CandorData.Encoder
  /// From the encoder's level codes to the catalogue's; empty for numbers.
  private let numbers: [[Double]]

  /// Columns as they are: numbers unscaled, levels as codes, blanks as such.
  static var encoding: EncodingOptions {
    var options = EncodingOptions()
    options.scaling = .none
    options.categorical = .levelCodes
    options.numericImputation = .keepMissing
    options.missingIndicators = false
    return options
  }

  init(_ world: TruthWorld) throws {
    truth = world.truth
    encoder = try Encoder.fit(
      world.training, features: world.features, options: Self.encoding)
    numbers = zip(encoder.steps, truth.features).map { step, feature in
      for transformation in step.transformations {
        if case .categoryCodes(let levels) = transformation {
          return levels.map { feature.levels.firstIndex(of: $0).map(Double.init) ?? .nan }
        }
      }
      return []
    }
  }

  var inputWidth: Int { encoder.featureMap.width }
  var marginScale: MarginScale { .logOdds }
  var acceptsMissing: Bool { true }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let matrix = rows.matrix
    let cells = Matrix(rows: rows.count, columns: inputWidth) { r, c in
      let value = matrix[r, c]
      return numbers[c].isEmpty || value.isNaN ? value : numbers[c][Int(value)]
    }
    let values = truth.logOdds(of: cells)
    for row in values.indices { output[row] = values[row] }
  }
}
