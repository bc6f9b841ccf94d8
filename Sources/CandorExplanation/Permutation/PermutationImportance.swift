public import CandorData
import CandorEvaluation
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
    /// The p-value of the one-sided normal test that the importance is not above zero, by
    /// `standardError`; 1 where no repeat changed anything.
    public let pValue: Double
    /// The p-value adjusted for the number of players (Holm).
    public let adjustedPValue: Double
    /// The rank band, from one: players whose paired difference from the band's first member does
    /// not exclude zero share a band.
    public let band: Int
    /// What conditional dealing was built on; nil where values were dealt among all rows.
    public let dependence: Dependence?
  }

  /// How foreign values were dealt.
  public enum Scheme: String, Sendable, Codable {
    /// Among all held-out rows: what the model relies on.
    case marginal
    /// Among rows in which the other features predict alike (`ConditionalStrata`): what the feature
    /// tells beyond the others.
    case conditional
    /// Among all training rows, each scored by the trees that did not see it.
    case outOfBag
  }

  /// How values were dealt.
  public let scheme: Scheme
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
  /// that is dealt its own value, or a value that it was dealt before, is not scored again; of a model
  /// made of trees only the walks that change are walked (`TreePaths`).
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
    let run = try ImportanceRun(model, on: sample, by: measure, threads: threads)
    let orders = RowOrders(
      seeds: seeds.child(marginalSeeds), rows: sample.rows.count, count: repeats)
    let found = try run.charge(
      players.columns, orders: players.columns.map { _ in orders }, threads: threads)
    return PermutationImportance(
      .marginal, run: run, measured: found, players: players, repeats: repeats,
      thresholds: thresholds)
  }

  /// The rise of the measure's loss in each of some orders of the rows, for proofs over all of them.
  package static func rises(
    _ model: ExplainedModel, on sample: Sample, dealing columns: [Int],
    by measure: ImportanceMeasure,
    in orders: [[Int]]
  ) throws(ExplanationError) -> [Double] {
    try ImportanceRun(model, on: sample, by: measure, threads: 1)
      .charge([columns], orders: [RowOrders(given: orders)], threads: 1)[0].repeats
  }

  /// The purpose that the orders of all rows are drawn for.
  static let marginalSeeds = "permutation importance"

  /// Puts a result together; `dependence` has one entry a player where there is any.
  init(
    _ scheme: Scheme, run: ImportanceRun, measured: [MeasuredImportance], players: Players,
    repeats: Int, dependence: [Dependence]? = nil, thresholds: FidelityThresholds
  ) {
    self.scheme = scheme
    measure = run.measure.name
    sampleName = run.sample.name
    rowCount = run.sample.rows.count
    badCount = run.sample.targets.count { $0 > 0.5 }
    repeatCount = repeats
    unpermuted = run.unpermuted
    self.players = Self.ranked(measured, players: players, dependence: dependence)
    fidelity = Fidelity(.repeats(count: repeats, rows: rowCount), thresholds: thresholds)
  }

  static func check(
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

  // MARK: - Ranks

  /// Players by importance with their bands.
  private static func ranked(
    _ measured: [MeasuredImportance], players: Players, dependence: [Dependence]?
  ) -> [Player] {
    let means = measured.map(\.mean)
    let pValues = measured.indices.map { pValue(measured[$0]) }
    let adjusted = HolmAdjustment.adjust(pValues)
    let order = measured.indices.sorted { means[$0] == means[$1] ? $0 < $1 : means[$0] > means[$1] }
    var band = 0
    var first = order.first ?? 0
    return order.map { player in
      let difference = measured[first].minus(measured[player]).errors
      let gap = means[first] - means[player]
      if band == 0 || (gap > NormalQuantile.of95 * difference.both && gap > 1e-14) {
        band += 1
        first = player
      }
      let error = measured[player].errors
      return Player(
        source: players.names[player], importance: means[player],
        repeats: measured[player].repeats, repeatStandardError: error.order,
        rowStandardError: error.row, standardError: error.both,
        lower: means[player] - NormalQuantile.of95 * error.both,
        upper: means[player] + NormalQuantile.of95 * error.both, pValue: pValues[player],
        adjustedPValue: adjusted[player], band: band, dependence: dependence?[player])
    }
  }

  /// The one-sided p-value of an importance.
  private static func pValue(_ measured: MeasuredImportance) -> Double {
    let error = measured.errors.both
    let mean = measured.mean
    return error > 0 ? Normal.survival(mean / error) : mean > 0 ? 0 : 1
  }
}
