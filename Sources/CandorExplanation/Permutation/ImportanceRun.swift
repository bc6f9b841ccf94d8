import CandorData
import CandorEvaluation
import CandorNumerics
import CandorScoring

/// One player's repeats, the influence of each row on their mean, and how much of the mean squared
/// influence is due to the finite number of repeats.
struct MeasuredImportance: Sendable {
  var repeats: [Double]
  var influence: [Double]
  var noise: Double

  /// The mean over the repeats.
  var mean: Double { OrderedReduction.sum(repeats) / Double(repeats.count) }

  /// What a player gets that can change no score.
  static func zero(rows: Int, repeats: Int) -> MeasuredImportance {
    MeasuredImportance(
      repeats: [Double](repeating: 0, count: repeats),
      influence: [Double](repeating: 0, count: rows), noise: 0)
  }

  /// `(row, repeat, both)` standard errors of the mean over the repeats.
  var errors: (row: Double, order: Double, both: Double) {
    let r = Double(repeats.count)
    let n = Double(influence.count)
    let mean = mean
    let orderVariance =
      OrderedReduction.sum(repeats.map { ($0 - mean) * ($0 - mean) }) / (r - 1) / r
    let raw = OrderedReduction.sum(influence.map { $0 * $0 }) / (n * (n - 1))
    let rowVariance = max(raw - noise / n, 0)
    return (
      rowVariance.squareRoot(), orderVariance.squareRoot(),
      (rowVariance + orderVariance).squareRoot()
    )
  }

  /// The paired difference from another on the same rows and repeats. Noise is left in its error,
  /// which errs on the side of finding no difference.
  func minus(_ other: MeasuredImportance) -> MeasuredImportance {
    MeasuredImportance(
      repeats: zip(repeats, other.repeats).map(-),
      influence: zip(influence, other.influence).map(-), noise: 0)
  }
}

/// What is measured on: a sample, what the model says about it, and how it says it of dealt rows.
struct ImportanceRun: Sendable {
  let model: ExplainedModel
  let sample: PermutationImportance.Sample
  let measure: ImportanceMeasure
  /// The values of the rows as they are.
  let values: [Double]
  let baseline: ImportanceMeasure.Loss
  private let paths: TreePaths?

  /// Scores the sample, and walks it where the model has trees.
  init(
    _ model: ExplainedModel, on sample: PermutationImportance.Sample, by measure: ImportanceMeasure,
    threads: Int
  ) throws(ExplanationError) {
    let model = model.on(.logOdds)
    let margins = try model.margins(of: sample.rows)
    let paths = MethodSelection.treePaths(
      of: model, rows: sample.rows, margins: margins, threads: threads)
    try self.init(
      model, on: sample, by: measure, margins: paths?.margins ?? margins, paths: paths)
  }

  /// Takes margins and ways as they are.
  init(
    _ model: ExplainedModel, on sample: PermutationImportance.Sample, by measure: ImportanceMeasure,
    margins: [Double], paths: TreePaths?
  ) throws(ExplanationError) {
    self.model = model
    self.sample = sample
    self.measure = measure
    self.paths = paths
    values = try model.quantity.values(ofMargins: margins)
    baseline = measure.loss(logOdds: values, targets: sample.targets, weights: sample.weights)
  }

  /// The measure before anything was dealt: the AUC, or the mean loss.
  var unpermuted: Double { measure.needsBothOutcomes ? -baseline.value : baseline.value }

  /// How much worse the measure gets in each order of the rows once a player's columns are dealt, one
  /// result a player.
  ///
  /// - Parameters:
  ///   - columns: Each player's encoded columns; a player without any cannot change a score.
  ///   - orders: Each player's orders, of one number for all.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: As many results as players.
  /// - Throws: `ExplanationError` where the scorer refuses or a value is not finite.
  func charge(
    _ columns: [[Int]], orders: [RowOrders], threads: Int
  ) throws(ExplanationError) -> [MeasuredImportance] {
    if let paths {
      return try charge(columns, orders: orders, paths: paths, threads: threads)
    }
    return try Parallel.map(count: columns.count, threads: threads) {
      player throws(ExplanationError) -> MeasuredImportance in
      let (own, orders) = (columns[player], orders[player])
      guard !own.isEmpty else { return .zero(rows: sample.rows.count, repeats: orders.count) }
      var tally = Tally(rows: sample.rows.count)
      var dealt = DealtValues(
        columns: own, model: model, rows: sample.rows, values: values, repeats: orders.count)
      for index in 0..<orders.count {
        let order = orders.order(index)
        add(try dealt.values(in: order), order: order, to: &tally)
      }
      return tally.result()
    }
  }

  /// Players that no tree tests change no score; the others are dealt together.
  private func charge(
    _ columns: [[Int]], orders: [RowOrders], paths: TreePaths, threads: Int
  ) throws(ExplanationError) -> [MeasuredImportance] {
    let repeats = orders.first?.count ?? 0
    let zero = MeasuredImportance.zero(rows: sample.rows.count, repeats: repeats)
    var found = [MeasuredImportance](repeating: zero, count: columns.count)
    for pass in paths.passes(of: columns) {
      var tallies = pass.map { _ in Tally(rows: sample.rows.count) }
      for chunk in Parallel.blocks(of: repeats, size: TreePaths.repeatsAtOnce) {
        let dealt = pass.map { player in
          DealtColumns(
            columns: columns[player], orders: chunk.map { orders[player].order($0) })
        }
        let margins = paths.dealing(dealt, threads: threads)
        let before = tallies
        tallies = try Parallel.map(count: pass.count, threads: threads) {
          player throws(ExplanationError) -> Tally in
          var tally = before[player]
          for (lane, order) in dealt[player].orders.enumerated() {
            let own = margins.margins(ofPlayer: player, repeat: lane)
            add(try model.quantity.values(ofMargins: own), order: order, to: &tally)
          }
          return tally
        }
      }
      for (player, tally) in zip(pass, tallies) { found[player] = tally.result() }
    }
    return found
  }

  private func add(_ scores: [Double], order: [Int], to tally: inout Tally) {
    let loss = measure.loss(logOdds: scores, targets: sample.targets, weights: sample.weights)
    tally.repeats.append(loss.value - baseline.value)
    for i in scores.indices {
      let change = loss.influence[i] - baseline.influence[i]
      tally.receiver[i] += change
      tally.donor[order[i]] += change
      tally.squares += change * change
    }
  }

  /// Sums over repeats: a row's part as the receiver of foreign values and as the donor of its own.
  private struct Tally: Sendable {
    var repeats: [Double] = []
    var receiver: [Double]
    var donor: [Double]
    var squares = 0.0

    init(rows: Int) {
      receiver = [Double](repeating: 0, count: rows)
      donor = receiver
    }

    /// Influence on the mean, and the within-row variances of both parts over the repeats as they
    /// stand in it.
    func result() -> MeasuredImportance {
      let count = Double(repeats.count)
      let n = receiver.count
      var between = 0.0
      var influence = receiver
      for i in 0..<n {
        between += (receiver[i] * receiver[i] + donor[i] * donor[i]) / count
        influence[i] = (receiver[i] + donor[i]) / count
      }
      return MeasuredImportance(
        repeats: repeats, influence: influence,
        noise: max(2 * squares - between, 0) / (count - 1) / count / Double(n))
    }
  }
}

/// The repeats' orders of the rows: all rows among each other, or each stratum within itself.
///
/// Orders of all rows are drawn once for all players where they fit in memory, else each where it is
/// needed.
struct RowOrders: Sendable {
  let count: Int
  private let seeds: SeedTree
  private let rows: Int
  private let strata: [[Int]]?
  private let drawn: [[Int]]

  /// The most positions that are kept, 32 MB.
  private static let mostKept = 4_000_000

  /// Uniformly random orders of all rows.
  init(seeds: SeedTree, rows: Int, count: Int) {
    self.seeds = seeds
    self.rows = rows
    self.count = count
    strata = nil
    drawn =
      rows * count <= Self.mostKept
      ? (0..<count).map { Self.draw(seeds.child($0), rows: rows) } : []
  }

  /// Random orders within strata that part the rows. No row of a stratum of two or more keeps its own
  /// values: with few rows to a stratum that would water the importance down. Each other row of the
  /// stratum is as likely a donor (Sattolo 1986, doi:10.1016/0020-0190(86)90073-6).
  init(seeds: SeedTree, strata: [[Int]], count: Int) {
    self.seeds = seeds
    self.strata = strata
    self.count = count
    rows = strata.reduce(0) { $0 + $1.count }
    drawn = []
  }

  /// These orders.
  init(given orders: [[Int]]) {
    seeds = SeedTree(seed: 0)
    strata = nil
    drawn = orders
    count = orders.count
    rows = orders.first?.count ?? 0
  }

  /// The order of one repeat; O(rows) where it is drawn.
  func order(_ index: Int) -> [Int] {
    guard let strata else {
      return drawn.isEmpty ? Self.draw(seeds.child(index), rows: rows) : drawn[index]
    }
    var generator = seeds.child(index).generator()
    var order = Array(0..<rows)
    for stratum in strata {
      var donors = stratum
      for last in stride(from: donors.count - 1, to: 0, by: -1) {
        donors.swapAt(last, generator.nextInteger(below: last))
      }
      for (row, donor) in zip(stratum, donors) { order[row] = donor }
    }
    return order
  }

  private static func draw(_ seeds: SeedTree, rows: Int) -> [Int] {
    var generator = seeds.generator()
    return Sampling.permutation(rows, using: &generator)
  }
}

extension ExplainedModel {
  /// One margin a row; the scorer's refusal becomes an `ExplanationError`.
  func margins(of rows: EncodedRows) throws(ExplanationError) -> [Double] {
    try scorer.values(of: rows, as: ExplainedQuantity(scale: .margin, calibrator: .identity))
  }
}

extension ExplainedQuantity {
  /// The values of margins; throws where one is not finite.
  func values(ofMargins margins: [Double]) throws(ExplanationError) -> [Double] {
    var values = margins
    for i in values.indices {
      values[i] = value(values[i])
      guard values[i].isFinite else {
        throw ExplanationError(
          .numerical,
          "Row \(i) has the value \(values[i]) on the scale \(scale.rawValue); keep the calibrated "
            + "probabilities away from 0 and 1.")
      }
    }
    return values
  }
}
