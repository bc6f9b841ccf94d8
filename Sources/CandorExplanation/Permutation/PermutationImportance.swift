public import CandorData
public import CandorNumerics

/// How much worse a model scores held-out rows when one feature's values are dealt anew among them.
///
/// Breiman 2001, doi:10.1023/A:1010933404324; grouped features move by one order of the rows. The
/// measure is signed: a negative importance means that the model does better without the feature.
///
/// Two uncertainties are stated. That of the **repeats** is the spread over orders divided by their
/// number. That of the **rows** comes from influence values: a row acts as the receiver of foreign
/// values and as the donor of its own (the two projections of a U-statistic of order two, Hoeffding
/// 1948, doi:10.1214/aoms/1177730196), each averaged over the repeats. What these averages vary for
/// want of repeats is measured within rows and taken out, so that
/// `standardError² = row² + repeat²` counts the orders once.
public struct PermutationImportance: Sendable, Equatable, Codable {
  /// One player's importance.
  public struct Player: Sendable, Equatable, Codable {
    /// The source feature or group.
    public let source: String
    /// The mean over the repeats.
    public let importance: Double
    /// The importance in each repeat.
    public let repeats: [Double]
    /// The standard error that comes from the choice of orders.
    public let repeatStandardError: Double
    /// The standard error that comes from the choice of rows.
    public let rowStandardError: Double
    /// Both together.
    public let standardError: Double
    /// The lower end of the 95% interval over rows and repeats.
    public let lower: Double
    /// The upper end of it.
    public let upper: Double
    /// The rank band, from one: players whose paired difference from the band's first member does
    /// not exclude zero share a band.
    public let band: Int
  }

  /// The measure's name.
  public let measure: String
  /// The sample's name.
  public let sampleName: String
  /// The number of rows.
  public let rowCount: Int
  /// The number of bad rows.
  public let badCount: Int
  /// The repeats a player.
  public let repeatCount: Int
  /// The measure before anything was permuted: the AUC, or the mean loss.
  public let unpermuted: Double
  /// One importance a player, by falling importance; equal ones keep the players' order.
  public let players: [Player]
  /// Repeats and rows, with a warning where repeats are few.
  public let fidelity: Fidelity

  /// The importance of this source or group, nil where there is none.
  public func player(_ source: String) -> Player? { players.first { $0.source == source } }

  /// The held-out rows that importance is measured on.
  public struct Sample: Sendable {
    /// The name that a reader sees.
    public let name: String
    /// The encoded rows.
    public let rows: EncodedRows
    /// One target a row.
    public let targets: [Double]
    /// One non-negative weight a row; nil means one each. Weights count in the measure; foreign
    /// values are dealt without them.
    public let weights: [Double]?

    /// Joins held-out rows to their outcomes.
    public init(name: String, rows: EncodedRows, targets: [Double], weights: [Double]? = nil) {
      self.name = name
      self.rows = rows
      self.targets = targets
      self.weights = weights
    }
  }

  /// Measures every player's importance: at most one scoring of all rows a player and repeat. A row
  /// that is dealt its own value, or a value that it was dealt before, is not scored again.
  ///
  /// Repeat r uses one order of the rows for all players, so that differences between players are
  /// paired; it depends on the seeds, r and the number of rows alone.
  ///
  /// - Parameters:
  ///   - model: The score function; its log-odds are used whatever its scale.
  ///   - sample: Held-out rows with their outcomes.
  ///   - players: Source features, or groups.
  ///   - measure: What is charged.
  ///   - repeats: The orders tried, from 2 to 1,000.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads, over players; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: The importances with their intervals and rank bands.
  /// - Throws: `ExplanationError` where shapes differ, one outcome is missing, or the scorer
  ///   refuses.
  public static func measure(
    _ model: ExplainedModel, on sample: Sample, players: Players,
    by measure: ImportanceMeasure = .aucDrop, repeats: Int = 10, seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> PermutationImportance {
    try check(sample, players: players, measure: measure, repeats: repeats)
    let model = model.on(.logOdds)
    let own = try model.values(of: sample.rows)
    let baseline = measure.loss(
      logOdds: own, targets: sample.targets, weights: sample.weights)
    let orders = RowOrders(
      seeds: seeds.child("permutation importance"), rows: sample.rows.count, count: repeats)
    let found = try Parallel.map(count: players.count, threads: threads) {
      player throws(ExplanationError) -> Measured in
      try charge(
        columns: players.columns[player], model: model, sample: sample, measure: measure,
        values: own, baseline: baseline, orders: orders)
    }
    return PermutationImportance(
      measure: measure.name, sampleName: sample.name, rowCount: sample.rows.count,
      badCount: sample.targets.count { $0 > 0.5 }, repeatCount: repeats,
      unpermuted: measure.needsBothOutcomes ? -baseline.value : baseline.value,
      players: ranked(found, players: players),
      fidelity: Fidelity(
        .repeats(count: repeats, rows: sample.rows.count), thresholds: thresholds))
  }

  private static func check(
    _ sample: Sample, players: Players, measure: ImportanceMeasure, repeats: Int
  ) throws(ExplanationError) {
    try players.check(rows: sample.rows)
    guard (2...1000).contains(repeats) else {
      throw ExplanationError(.badOption, "repeats is \(repeats); it must be from 2 to 1,000.")
    }
    let n = sample.rows.count
    guard n >= 2, sample.targets.count == n, sample.weights.map({ $0.count == n }) ?? true else {
      throw ExplanationError(
        .badShape,
        "The sample \"\(sample.name)\" has \(n) rows, \(sample.targets.count) targets and "
          + "\(sample.weights?.count ?? n) weights; all must be equal, and two at least.")
    }
    guard sample.targets.allSatisfy(\.isFinite),
      sample.weights?.allSatisfy({ $0 >= 0 && $0.isFinite }) ?? true,
      sample.weights?.contains(where: { $0 > 0 }) ?? true
    else {
      throw ExplanationError(
        .badShape,
        "The sample \"\(sample.name)\" needs finite targets, and weights that are finite, not "
          + "negative and not all zero.")
    }
    if measure.needsBothOutcomes {
      var good = 0.0
      var bad = 0.0
      for (i, target) in sample.targets.enumerated() {
        if target > 0.5 { bad += sample.weights?[i] ?? 1 } else { good += sample.weights?[i] ?? 1 }
      }
      guard good > 0, bad > 0 else {
        throw ExplanationError(
          .badShape,
          "All rows of the sample \"\(sample.name)\" have one outcome; the AUC needs both.")
      }
    }
  }

  /// One player's repeats, the influence of each row on their mean, and how much of the mean
  /// squared influence is due to the finite number of repeats.
  private struct Measured: Sendable {
    var repeats: [Double]
    var influence: [Double]
    var noise: Double
  }

  /// The repeats' orders of the rows: drawn once for all players where they fit in memory, else each
  /// where it is needed.
  private struct RowOrders: Sendable {
    let seeds: SeedTree
    let rows: Int
    let count: Int
    private let drawn: [[Int]]

    /// The most positions that are kept, 32 MB.
    private static let mostKept = 4_000_000

    init(seeds: SeedTree, rows: Int, count: Int) {
      self.seeds = seeds
      self.rows = rows
      self.count = count
      drawn =
        rows * count <= Self.mostKept
        ? (0..<count).map { Self.draw(seeds.child($0), rows: rows) } : []
    }

    /// The order of one repeat; O(rows) where it is drawn.
    func order(_ index: Int) -> [Int] {
      drawn.isEmpty ? Self.draw(seeds.child(index), rows: rows) : drawn[index]
    }

    private static func draw(_ seeds: SeedTree, rows: Int) -> [Int] {
      var generator = seeds.generator()
      return Sampling.permutation(rows, using: &generator)
    }
  }

  private static func charge(
    columns: [Int], model: ExplainedModel, sample: Sample, measure: ImportanceMeasure,
    values: [Double], baseline: ImportanceMeasure.Loss, orders: RowOrders
  ) throws(ExplanationError) -> Measured {
    let n = sample.rows.count
    var repeats: [Double] = []
    var receiver = [Double](repeating: 0, count: n)
    var donor = receiver
    var squares = 0.0
    // A player without encoded columns cannot change a score.
    guard !columns.isEmpty else {
      return Measured(
        repeats: [Double](repeating: 0, count: orders.count), influence: receiver, noise: 0)
    }
    var dealt = DealtValues(
      columns: columns, model: model, rows: sample.rows, values: values, repeats: orders.count)
    for index in 0..<orders.count {
      let order = orders.order(index)
      let scores = try dealt.values(in: order)
      let loss = measure.loss(logOdds: scores, targets: sample.targets, weights: sample.weights)
      repeats.append(loss.value - baseline.value)
      for i in 0..<n {
        let change = loss.influence[i] - baseline.influence[i]
        receiver[i] += change
        donor[order[i]] += change
        squares += change * change
      }
    }
    // Within-row variances of both parts, over the repeats, as they stand in a mean of repeats.
    let count = Double(orders.count)
    var between = 0.0
    for i in 0..<n {
      between += (receiver[i] * receiver[i] + donor[i] * donor[i]) / count
      receiver[i] = (receiver[i] + donor[i]) / count
    }
    return Measured(
      repeats: repeats, influence: receiver,
      noise: max(2 * squares - between, 0) / (count - 1) / count / Double(n))
  }

  // MARK: - Ranks

  /// `(row, repeat, both)` standard errors of a mean over repeats with these influence values.
  private static func errors(
    repeats: [Double], influence: [Double], noise: Double
  ) -> (row: Double, order: Double, both: Double) {
    let r = Double(repeats.count)
    let n = Double(influence.count)
    let mean = OrderedReduction.sum(repeats) / r
    let orderVariance =
      OrderedReduction.sum(repeats.map { ($0 - mean) * ($0 - mean) }) / (r - 1) / r
    let raw = OrderedReduction.sum(influence.map { $0 * $0 }) / (n * (n - 1))
    let rowVariance = max(raw - noise / n, 0)
    return (
      rowVariance.squareRoot(), orderVariance.squareRoot(),
      (rowVariance + orderVariance).squareRoot()
    )
  }

  /// Players by importance with their bands. Noise is left in the errors of differences, which can
  /// only join bands that more repeats would part.
  private static func ranked(_ measured: [Measured], players: Players) -> [Player] {
    let means = measured.map { OrderedReduction.sum($0.repeats) / Double($0.repeats.count) }
    let order = measured.indices.sorted { means[$0] == means[$1] ? $0 < $1 : means[$0] > means[$1] }
    var band = 0
    var first = order.first ?? 0
    return order.map { player in
      let own = measured[player]
      let head = measured[first]
      let difference = errors(
        repeats: zip(head.repeats, own.repeats).map(-),
        influence: zip(head.influence, own.influence).map(-), noise: 0)
      let gap = means[first] - means[player]
      if band == 0 || (gap > NormalQuantile.of95 * difference.both && gap > 1e-14) {
        band += 1
        first = player
      }
      let error = errors(
        repeats: own.repeats, influence: own.influence, noise: own.noise)
      return Player(
        source: players.names[player], importance: means[player], repeats: own.repeats,
        repeatStandardError: error.order, rowStandardError: error.row, standardError: error.both,
        lower: means[player] - NormalQuantile.of95 * error.both,
        upper: means[player] + NormalQuantile.of95 * error.both, band: band)
    }
  }
}
