import CandorData
public import CandorNumerics

/// Marginal and conditional importance side by side, on the same rows, with the clusters of players
/// that say much the same and the importance of each cluster dealt as one.
///
/// Marginal importance says what the model relies on, conditional importance what a feature tells
/// beyond the others. Where features say the same, the first credits each with what they share, or
/// with as much as the fit happened to give it, and the second credits none: the cluster's own
/// importance is then the number to read.
public struct ImportanceContrast: Sendable, Equatable, Codable {
  /// One player in both views.
  public struct Player: Sendable, Equatable, Codable {
    /// The source feature or group.
    public let source: String
    /// The importance where values are dealt among all rows.
    public let marginal: Double
    /// The importance where they are dealt among alike rows.
    public let conditional: Double
    /// Marginal minus conditional.
    public let difference: Double
    /// The standard error of the difference, paired over rows and repeats.
    public let standardError: Double
    /// The lower end of the 95% interval of the difference.
    public let lower: Double
    /// The upper end of it.
    public let upper: Double
    /// Whether that interval excludes zero.
    public let disagrees: Bool
    /// The players that stand in one cluster with this one, itself included; empty where it stands
    /// alone.
    public let cluster: [String]
  }

  /// A cluster of two players or more.
  public struct Cluster: Sendable, Equatable, Codable {
    /// Its players.
    public let members: [String]
    /// The importance where all of them are dealt by one order of all rows.
    public let importance: Double
    /// The lower end of its 95% interval.
    public let lower: Double
    /// The upper end of it.
    public let upper: Double
    /// The sum of the members' marginal importances, for comparison.
    public let sumOfMembers: Double
    /// Whether how the credit is split among the members is arbitrary: the model could lose any one
    /// of them at little cost, but not all. It is so where the cluster's importance is above zero and
    /// more than twice the largest conditional importance of a member.
    public let isCreditArbitrary: Bool
  }

  /// The marginal view.
  public let marginal: PermutationImportance
  /// The conditional view.
  public let conditional: PermutationImportance
  /// Who stands together.
  public let clusters: CorrelationClusters
  /// Every player in both views, by falling marginal importance.
  public let players: [Player]
  /// Every cluster of two players or more, by falling importance.
  public let clusterImportances: [Cluster]
  /// What a reader must be told: members whose credit is arbitrary, and disagreements outside
  /// clusters.
  public let warnings: [FidelityWarning]

  /// Measures both views and the clusters: about three times the cost of one view.
  ///
  /// - Parameters:
  ///   - model: The score function; its log-odds are used whatever its scale.
  ///   - sample: Held-out rows with their outcomes.
  ///   - players: Source features, or groups.
  ///   - clusters: Who stands together, of the same players.
  ///   - measure: What is charged.
  ///   - repeats: The orders tried, from 2 to 1,000.
  ///   - options: How the strata of the conditional view are made.
  ///   - seeds: The randomness; the marginal view is that of `PermutationImportance.measure` with
  ///     the same seeds.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: Both views and what stands between them.
  /// - Throws: `ExplanationError` as the two views, and where the clusters are of other players.
  public static func measure(
    _ model: ExplainedModel, on sample: PermutationImportance.Sample, players: Players,
    clusters: CorrelationClusters, by measure: ImportanceMeasure = .aucDrop, repeats: Int = 10,
    options: ConditionalOptions = .init(), seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> ImportanceContrast {
    try PermutationImportance.check(sample, players: players, measure: measure, repeats: repeats)
    guard clusters.names == players.names else {
      throw ExplanationError(
        .differentPlayers, "The clusters are of other players than the importance.")
    }
    let run = try ImportanceRun(model, on: sample, by: measure, threads: threads)
    let orders = RowOrders(
      seeds: seeds.child(PermutationImportance.marginalSeeds), rows: sample.rows.count,
      count: repeats)
    let joined = clusters.joined.map { members in
      members.flatMap { member in
        players.names.firstIndex(of: member).map { players.columns[$0] } ?? []
      }.sorted()
    }
    let columns = players.columns + joined
    let all = try run.charge(columns, orders: columns.map { _ in orders }, threads: threads)
    let (conditional, dependence) = try PermutationImportance.chargeConditionally(
      run, players: players, repeats: repeats, options: options, seeds: seeds, threads: threads)
    let marginal = Array(all[..<players.count])
    return ImportanceContrast(
      marginal: PermutationImportance(
        .marginal, run: run, measured: marginal, players: players, repeats: repeats,
        thresholds: thresholds),
      conditional: PermutationImportance(
        .conditional, run: run, measured: conditional, players: players, repeats: repeats,
        dependence: dependence, thresholds: thresholds),
      clusters: clusters, measured: (marginal, conditional, Array(all[players.count...])),
      names: players.names)
  }

  private init(
    marginal: PermutationImportance, conditional: PermutationImportance,
    clusters: CorrelationClusters,
    measured: (
      marginal: [MeasuredImportance], conditional: [MeasuredImportance],
      clusters: [MeasuredImportance]
    ), names: [String]
  ) {
    self.marginal = marginal
    self.conditional = conditional
    self.clusters = clusters
    var found: [Player] = []
    for (player, name) in names.enumerated() {
      let between = measured.marginal[player].minus(measured.conditional[player])
      let half = NormalQuantile.of95 * between.errors.both
      let cluster = clusters.cluster(of: name)
      // Rounding alone is no difference.
      let disagrees = abs(between.mean) > half && abs(between.mean) > 1e-14
      found.append(
        Player(
          source: name, marginal: measured.marginal[player].mean,
          conditional: measured.conditional[player].mean, difference: between.mean,
          standardError: between.errors.both, lower: between.mean - half,
          upper: between.mean + half, disagrees: disagrees,
          cluster: cluster.count > 1 ? cluster : []))
    }
    let byName = Dictionary(found.map { ($0.source, $0) }) { first, _ in first }
    players = marginal.players.compactMap { byName[$0.source] }
    clusterImportances = zip(clusters.joined, measured.clusters).map { members, own in
      let half = NormalQuantile.of95 * own.errors.both
      let parts = members.compactMap { byName[$0] }
      let largest = parts.map(\.conditional).max() ?? 0
      return Cluster(
        members: members, importance: own.mean, lower: own.mean - half, upper: own.mean + half,
        sumOfMembers: parts.reduce(0) { $0 + $1.marginal },
        isCreditArbitrary: own.mean - half > 0 && own.mean > 2 * largest)
    }.sorted { $0.importance > $1.importance }
    warnings = Self.warnings(players, clusterImportances, cut: clusters.cut)
  }

  private static func warnings(
    _ players: [Player], _ clusters: [Cluster], cut: Double
  ) -> [FidelityWarning] {
    var found: [FidelityWarning] = []
    for cluster in clusters where cluster.isCreditArbitrary {
      let names = cluster.members.map { "\"\($0)\"" }.joined(separator: ", ")
      found.append(
        FidelityWarning(
          code: .arbitraryCredit,
          sentence:
            "The features \(names) say much the same (association \(cut) or more): how the model "
            + "splits their credit is arbitrary; read their importance together."))
    }
    for player in players where player.disagrees && player.cluster.isEmpty {
      found.append(
        FidelityWarning(
          code: .schemesDisagree,
          sentence:
            "The importance of \"\(player.source)\" depends on whether the other features are held "
            + "in view: they predict part of it, though no single one is associated with it as a "
            + "cluster's are."))
    }
    return found
  }
}
