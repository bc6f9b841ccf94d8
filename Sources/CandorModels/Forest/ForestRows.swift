import CandorData
import CandorNumerics
import CandorScoring

/// What a forest asks of its training rows.
enum ForestRows {
  /// Refuses rows on which no forest with these options can be grown.
  static func check(
    _ training: TrainingRows, options: ForestOptions
  ) throws(TrainingError) {
    if training.task == .regression {
      guard options.criterion != .entropy else {
        throw TrainingError(
          .badOption,
          "The forest's criterion is entropy, which needs good and bad rows; leave it out for a "
            + "regression, whose splits make the variance small.")
      }
      guard options.classWeights == .none else {
        throw TrainingError(
          .badOption,
          "The forest has class_weights, and a regression has no classes; leave them out.")
      }
    }
    try requireTwoOutcomes(training)
    let width = training.rows.width
    guard width > 0, width <= RandomForest.widthLimit else {
      throw TrainingError(
        .shapeMismatch,
        "A forest needs 1 to \(RandomForest.widthLimit) encoded columns; there are \(width).")
    }
    guard training.count < Int(Int32.max) else {
      throw TrainingError(
        .shapeMismatch, "A forest takes fewer than \(Int32.max) rows; there are \(training.count).")
    }
    for (column, levels) in training.featureMap.levelCounts.sorted(by: { $0.key < $1.key }) {
      guard column >= 0, column < width, levels >= 1, levels <= BinnedMatrix.binLimit else {
        throw TrainingError(
          .shapeMismatch,
          "Encoded column \(column) holds \(levels) levels; a forest splits on at most "
            + "\(BinnedMatrix.binLimit) levels as they are. Group the rare levels.")
      }
    }
    try requireFinite(training)
    try requireModestSize(rows: training.count, options: options)
  }

  private static func requireFinite(_ training: TrainingRows) throws(TrainingError) {
    let reader = ColumnReader(training.rows)
    guard reader.hasInfinity(in: 0..<training.count),
      let found = training.rows.firstCell(where: { $0.isInfinite })
    else { return }
    throw TrainingError(
      .numerical,
      "Training row \(found.row) has \(found.value) in encoded column "
        + "\"\(training.featureMap.columnNames[found.column])\"; a value must be finite or missing."
    )
  }

  /// Refuses a forest that could outgrow memory. Every leaf has `minimum_leaf` draws at least, and a
  /// node takes some 50 bytes with its leaf's weight and what scoring reads of it.
  private static func requireModestSize(
    rows: Int, options: ForestOptions
  ) throws(TrainingError) {
    let draws = (options.sampleShare * Double(rows)).rounded(.up)
    var nodes = max(2 * (draws / Double(options.minimumLeaf)).rounded(.down) - 1, 1)
    if let depth = options.maximumDepth, depth < 40 {
      nodes = min(nodes, Double(sign: .plus, exponent: depth + 1, significand: 1) - 1)
    }
    let bytes = Double(options.trees) * nodes * 50
    guard bytes <= 8 * 0x1p30 else {
      throw TrainingError(
        .badOption,
        "A forest of \(options.trees) trees with a minimum_leaf of \(options.minimumLeaf) on "
          + "\(rows) rows could take \(Int(min(bytes / 0x1p30, 1e15).rounded())) GB, more than the "
          + "8 GB allowed; lower trees or sample_share, raise minimum_leaf, or set maximum_depth.")
    }
  }

  private static func requireTwoOutcomes(_ training: TrainingRows) throws(TrainingError) {
    guard let weights = training.weights else { return }
    let first = weights.firstIndex { $0 > 0 }.map { training.targets[$0] }
    guard zip(weights, training.targets).contains(where: { $0 > 0 && $1 != first }) else {
      throw TrainingError(
        .oneClassOnly,
        training.task == .classification
          ? "All rows with a weight above 0 have the same outcome; a forest needs good and bad rows."
          : "All rows with a weight above 0 have the same target; there is nothing to learn.")
    }
  }
}
