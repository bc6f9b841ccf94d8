public import CandorData
public import CandorNumerics
public import CandorScoring

extension PermutationImportance {
  /// Measures importance on a forest's own training rows, each row scored by the trees that did not
  /// see it (Breiman 2001, doi:10.1023/A:1010933404324): no held-out rows are needed.
  ///
  /// A row's margin is the mean over its out-of-bag trees; what is charged is the fall of the
  /// out-of-bag measure once a player's values are dealt among all rows by one order for all trees.
  /// Rows that every tree saw are left out. Fewer trees speak about a row than about a held-out one
  /// (about 37% of a bootstrap forest), so that the measure itself is a little worse than held out.
  ///
  /// - Parameters:
  ///   - scorer: A forest that knows which rows each tree did not see.
  ///   - calibrator: The map from margins to PDs; one fitted on out-of-bag or out-of-fold margins.
  ///   - sample: The training rows, in the order in which they were fitted.
  ///   - featureMap: Which encoded columns are which source feature.
  ///   - players: Source features, or groups.
  ///   - measure: What is charged.
  ///   - repeats: The orders tried, from 2 to 1,000.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads, over players; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: The importances with their intervals and rank bands.
  /// - Throws: `ExplanationError` as `measure`, and where the scorer is not a plain mean of its
  ///   trees, or no row is out of bag.
  public static func outOfBag(
    _ scorer: some OutOfBagScorer, calibrator: Calibrator, sample: Sample, featureMap: FeatureMap,
    players: Players, by measure: ImportanceMeasure = .aucDrop, repeats: Int = 10,
    seeds: SeedTree, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> PermutationImportance {
    try check(sample, players: players, measure: measure, repeats: repeats)
    let count = sample.rows.count
    var unseen = scorer.outOfBagRows
    guard unseen.allSatisfy({ $0.allSatisfy { (0..<count).contains($0) } }) else {
      throw ExplanationError(
        .badShape,
        "The sample \"\(sample.name)\" has \(count) rows; the forest was fitted on more. Give the "
          + "training rows in the order in which they were fitted.")
    }
    var isCovered = [Bool](repeating: false, count: count)
    for rows in unseen { for row in rows { isCovered[row] = true } }
    var covered = sample
    if isCovered.contains(false) {
      let kept = (0..<count).filter { isCovered[$0] }
      guard !kept.isEmpty else {
        throw ExplanationError(
          .unsupported,
          "Every tree saw every row of \"\(sample.name)\", so that none is out of bag; fit with "
            + "bootstrap samples, or use held-out rows.")
      }
      var position = [Int](repeating: 0, count: count)
      for (i, row) in kept.enumerated() { position[row] = i }
      unseen = unseen.map { $0.map { position[$0] } }
      covered = Sample(
        name: sample.name, rows: sample.rows.selecting(rows: kept),
        targets: kept.map { sample.targets[$0] },
        weights: sample.weights.map { all in kept.map { all[$0] } })
      try check(covered, players: players, measure: measure, repeats: repeats)
    }
    let model = try ExplainedModel(
      scorer: scorer, calibrator: calibrator, featureMap: featureMap, scale: .logOdds)
    guard
      let paths = TreePaths(
        scorer.ensemble, rows: covered.rows, levelCounts: featureMap.levelCounts, unseen: unseen,
        threads: threads)
    else {
      throw ExplanationError(
        .unsupported,
        "Out-of-bag importance needs a forest whose margin is the plain mean of its trees.")
    }
    let run = try ImportanceRun(
      model, on: covered, by: measure, margins: paths.margins, paths: paths)
    let orders = RowOrders(
      seeds: seeds.child("out-of-bag importance"), rows: covered.rows.count, count: repeats)
    let found = try run.charge(
      players.columns, orders: players.columns.map { _ in orders }, threads: threads)
    return PermutationImportance(
      .outOfBag, run: run, measured: found, players: players, repeats: repeats,
      thresholds: thresholds)
  }
}
