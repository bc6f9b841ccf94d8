import CandorData
public import CandorNumerics

extension PermutationImportance {
  /// What conditional dealing was built on.
  public struct Dependence: Sendable, Equatable, Codable {
    /// The share of the player's variance that the other features predict on rows that the fit did
    /// not see; 0 where they predict nothing, and values are then dealt among all rows.
    public let rSquared: Double
    /// The number of strata within which values were dealt.
    public let strata: Int
    /// The rows of a stratum.
    public let rowsPerStratum: Int

    init(rSquared: Double, strata: Int, rowsPerStratum: Int) {
      self.rSquared = rSquared
      self.strata = strata
      self.rowsPerStratum = rowsPerStratum
    }
  }

  /// Measures what each player tells beyond the others: its values are dealt among rows in which the
  /// other features predict it alike, so that rows stay plausible and a feature whose knowledge the
  /// others have gets little (Strobl et al. 2008, doi:10.1186/1471-2105-9-307).
  ///
  /// A player that the others do not predict is dealt among all rows, in the orders of `measure`: its
  /// two importances are then equal. The p-value is that of importance beyond the other features. See
  /// `ConditionalOptions` for what is fitted.
  ///
  /// - Parameters:
  ///   - model: The score function; its log-odds are used whatever its scale.
  ///   - sample: Held-out rows with their outcomes.
  ///   - players: Source features, or groups.
  ///   - measure: What is charged.
  ///   - repeats: The orders tried, from 2 to 1,000.
  ///   - options: How strata are made.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads, over players; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: The importances, each with the dependence that was taken out.
  /// - Throws: `ExplanationError` as `measure`, and where an option is out of range.
  public static func conditional(
    _ model: ExplainedModel, on sample: Sample, players: Players,
    by measure: ImportanceMeasure = .aucDrop, repeats: Int = 10,
    options: ConditionalOptions = .init(), seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> PermutationImportance {
    try check(sample, players: players, measure: measure, repeats: repeats)
    let run = try ImportanceRun(model, on: sample, by: measure, threads: threads)
    let (measured, dependence) = try chargeConditionally(
      run, players: players, repeats: repeats, options: options, seeds: seeds, threads: threads)
    return PermutationImportance(
      .conditional, run: run, measured: measured, players: players, repeats: repeats,
      dependence: dependence, thresholds: thresholds)
  }

  static func chargeConditionally(
    _ run: ImportanceRun, players: Players, repeats: Int, options: ConditionalOptions,
    seeds: SeedTree, threads: Int
  ) throws(ExplanationError) -> ([MeasuredImportance], [Dependence]) {
    let rows = run.sample.rows
    let strata = try ConditionalStrata(
      rows: rows, players: players, options: options, seeds: seeds.child("conditional strata"),
      threads: threads
    ).players
    let all = RowOrders(seeds: seeds.child(marginalSeeds), rows: rows.count, count: repeats)
    let orders = strata.indices.map { player in
      strata[player].strata.map {
        RowOrders(
          seeds: seeds.child("conditional permutation").child(player), strata: $0, count: repeats)
      } ?? all
    }
    let measured = try run.charge(players.columns, orders: orders, threads: threads)
    return (measured, strata.map(\.dependence))
  }
}
