public import CandorData
public import CandorNumerics
public import CandorScoring

/// Integrated gradients averaged over a background: expected gradients.
///
/// The attribution of an encoded column is the mean over background rows b of
/// `(x_c − b_c) ∫₀¹ ∂f/∂x_c (b + t (x − b)) dt`; the attributions add up to the value less the
/// background's mean. Erion, Janizek, Sturmfels, Lundberg and Lee 2021,
/// doi:10.1038/s42256-021-00343-w.
///
/// A net of rectifiers is integrated without error, one walk a background row (`explain` for a
/// `LayeredScorer`). Elsewhere the places t are drawn: every background row gets the same number of
/// antithetic pairs t and 1 − t, two at least, and counts with its weight, so that only the choice of
/// the places is left to chance.
public enum ExpectedGradients {
  /// Explains each row against the background from draws along the paths.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with gradients.
  ///   - quantity: What is explained; it must have a derivative.
  ///   - players: Who shares the difference.
  ///   - background: What the applicants are compared with.
  ///   - options: How many pairs over all background rows, and where to stop.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads, over rows; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, with standard errors.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ, or the quantity has no
  ///   derivative.
  public static func explain(
    _ rows: EncodedRows, of scorer: some DifferentiableScorer, quantity: ExplainedQuantity,
    players: Players, background: Background, options: GradientDrawOptions = .init(),
    seeds: SeedTree, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    try players.check(rows: rows, background: background)
    let base = background.mean(
      of: try scorer.values(of: background.rows, as: quantity, threads: threads))
    let explained = try scorer.values(of: rows, as: quantity, threads: threads)
    let matrix = rows.matrix
    let shares = background.shares
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> Explanation in
      let row = Array(matrix.row(r))
      let own = seeds.child("expected gradients").child(row: row)
      var draws: [[Double]] = []
      var mean = StratifiedMean([], shares: shares)
      var each = max(2, (options.pairs + background.count - 1) / background.count)
      repeat {
        draws += try Self.draws(
          draws.count..<each * background.count, at: row, background, own, of: scorer, quantity,
          players)
        mean = StratifiedMean(draws, shares: shares)
        each *= 2
      } while !mean.reaches(options) && each * background.count <= options.mostPairs
      let values = Array(mean.values.dropLast())
      let errors = Array(mean.errors.dropLast())
      return Explanation(
        method: .expectedGradients, scale: quantity.scale, background: background,
        baseValue: base, explainedValue: explained[r],
        attributions: players.names.indices.map {
          Attribution(
            source: players.names[$0], value: values[$0], standardError: errors[$0],
            quantile: mean.quantiles[$0])
        },
        fidelity: Fidelity(
          .draws(
            DrawEvidence(
              pairs: draws.count, gradients: 2 * draws.count, errors: errors, values: values,
              residual: explained[r] - base - OrderedReduction.sum(values),
              residualStandardError: mean.errors.last, reachedTarget: mean.reaches(options))),
          thresholds: thresholds))
    }
  }

  /// Explains each row against the background: exactly where the scorer is a net of rectifiers, else
  /// from draws with gradients from matrix products.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with layers.
  ///   - quantity: What is explained; it must have a derivative.
  ///   - players: Who shares the difference.
  ///   - background: What the applicants are compared with.
  ///   - options: For draws.
  ///   - seeds: For draws.
  ///   - threads: At most so many threads, over rows; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row; standard errors are zero where nothing was drawn.
  /// - Throws: `ExplanationError` as above.
  public static func explain(
    _ rows: EncodedRows, of scorer: some LayeredScorer, quantity: ExplainedQuantity,
    players: Players, background: Background, options: GradientDrawOptions = .init(),
    seeds: SeedTree, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let general: any DifferentiableScorer
    if let tiled = TiledGradients(scorer) { general = tiled } else { general = scorer }
    guard let path = LayeredNet(of: scorer).flatMap({ RectifierPath($0) }),
      quantity.isDifferentiable
    else {
      return try explain(
        rows, of: general, quantity: quantity, players: players, background: background,
        options: options, seeds: seeds, threads: threads, thresholds: thresholds)
    }
    try players.check(rows: rows, background: background)
    let spread = try scorer.values(of: background.rows, as: quantity, threads: threads)
    let base = background.mean(of: spread)
    let deviation = background.standardDeviation(of: spread)
    let explained = try scorer.values(of: rows, as: quantity, threads: threads)
    let matrix = rows.matrix
    let ends = background.rows.matrix.values
    let shares = background.shares
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> Explanation in
      // From the applicant to every background row: one start, and the sign turned round.
      let start = path.start(at: Array(matrix.row(r)))
      var parts: [[Double]] = []
      var pieces = 0
      var isWhole = true
      for tile in Parallel.blocks(of: background.count, size: LayeredNet.tileRows) {
        let found = path.walk(from: start, to: ends, tile, quantity: quantity)
        var sums = [Double](repeating: 0, count: matrix.columns)
        for (i, b) in tile.enumerated() {
          for c in sums.indices {
            sums[c] -= shares[b] * found.contributions[i * matrix.columns + c]
          }
        }
        parts.append(sums)
        pieces += found.pieces.reduce(0, +)
        isWhole = isWhole && !found.pieces.contains(0)
      }
      let perColumn: [Double] = OrderedReduction.sum(parts)
      let difference = explained[r] - base
      let residual = difference - OrderedReduction.sum(perColumn)
      let tolerance = max(
        thresholds.completenessShare * abs(difference), thresholds.completenessSpread * deviation)
      guard isWhole, abs(residual) <= tolerance else {
        return try explain(
          rows.selecting(rows: [r]), of: general, quantity: quantity, players: players,
          background: background, options: options, seeds: seeds, thresholds: thresholds)[0]
      }
      return Explanation(
        method: .expectedGradients, scale: quantity.scale, background: background,
        baseValue: base, explainedValue: explained[r],
        attributions: zip(players.names, players.sums(of: perColumn)).map {
          Attribution(source: $0, value: $1, standardError: 0)
        },
        fidelity: Fidelity(
          .completeness(residual: residual, tolerance: tolerance, nodes: pieces),
          thresholds: thresholds))
    }
  }

  /// The contributions of pairs of places, a player's columns summed, and their sum at the end; pair k
  /// belongs to background row `k mod rows`.
  private static func draws(
    _ range: Range<Int>, at row: [Double], _ background: Background, _ seeds: SeedTree,
    of scorer: some DifferentiableScorer, _ quantity: ExplainedQuantity, _ players: Players
  ) throws(ExplanationError) -> [[Double]] {
    let width = row.count
    let others = background.rows.matrix
    var all: [[Double]] = []
    all.reserveCapacity(range.count)
    for block in Parallel.blocks(of: range.count, size: 1024) {
      var points = Matrix(rows: 2 * block.count, columns: width)
      for (i, at) in block.enumerated() {
        let pair = range.lowerBound + at
        var generator = seeds.child(pair).generator()
        let place = generator.nextUniform()
        let other = others.row(pair % background.count)
        points.setRow(2 * i, to: zip(other, row).map { $0 + place * ($1 - $0) })
        points.setRow(2 * i + 1, to: zip(other, row).map { $1 - place * ($1 - $0) })
      }
      let gradients = try scorer.gradients(at: EncodedRows(points), of: quantity)
      for (i, at) in block.enumerated() {
        let other = others.row((range.lowerBound + at) % background.count)
        let first = other.startIndex
        let perColumn = (0..<width).map {
          0.5 * (gradients[2 * i, $0] + gradients[2 * i + 1, $0]) * (row[$0] - other[first + $0])
        }
        let sums = players.sums(of: perColumn)
        all.append(sums + [OrderedReduction.sum(sums)])
      }
    }
    return all
  }
}

extension Background {
  /// One share a row; they add up to one.
  var shares: [Double] {
    guard let weights else { return Array(repeating: 1 / Double(count), count: count) }
    let total = OrderedReduction.sum(weights)
    return weights.map { $0 / total }
  }
}
