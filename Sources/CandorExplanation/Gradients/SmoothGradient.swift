public import CandorData
public import CandorNumerics
public import CandorScoring

/// The mean gradient around an applicant: SmoothGrad, with standard errors.
///
/// Smilkov, Thorat, Kim, Viégas and Wattenberg 2017, arXiv:1706.03825. Where the gradient of a kinked
/// score jumps, its mean over a neighbourhood does not. The neighbourhood is on the applicant's own
/// scale:
///
/// - A column of numbers gets normal noise of `share` times its standard deviation over the background;
///   draws come in pairs of opposite noise.
/// - A source feature whose encoded columns are all 0/1 in the background (one-hot levels, a flag) is
///   not perturbed by normal noise, which would make levels that nobody has: with probability `share`
///   the whole block is that of a row drawn from the background. So is a column of level codes.
///
/// A 0/1 column beside numbers of the same source (a missing flag) stays as it is. Like every slope it
/// is no difference from anything, and never a reason.
public enum SmoothGradient {
  /// The noise, as a share of each feature's spread over the background.
  public static let usualShare = 0.15

  /// Explains each row by its mean gradient; `2 · pairs` gradients a row.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded, without missing cells.
  ///   - scorer: A scorer with gradients.
  ///   - quantity: What is explained.
  ///   - featureMap: Which encoded columns are one source feature.
  ///   - players: Who is attributed to.
  ///   - background: Where spreads and levels come from.
  ///   - share: The noise as a share of the spread, above 0 and at most 1.
  ///   - options: How many draws.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads, over rows; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, with standard errors.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ, or the quantity has no
  ///   derivative.
  public static func explain(
    _ rows: EncodedRows, of scorer: some DifferentiableScorer, quantity: ExplainedQuantity,
    featureMap: FeatureMap, players: Players, background: Background,
    share: Double = SmoothGradient.usualShare, options: GradientDrawOptions = .init(),
    seeds: SeedTree, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    try players.check(rows: rows, background: background)
    guard share > 0, share <= 1 else {
      throw ExplanationError(.badOption, "share is \(share); it must be above 0 and at most 1.")
    }
    guard featureMap.width == players.width else {
      throw ExplanationError(
        .badShape,
        "The feature map names \(featureMap.width) encoded columns where the players have "
          + "\(players.width).")
    }
    let noise = Noise(featureMap, background, share: share)
    let base = background.mean(
      of: try scorer.values(of: background.rows, as: quantity, threads: threads))
    let explained = try scorer.values(of: rows, as: quantity, threads: threads)
    let matrix = rows.matrix
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> Explanation in
      let row = Array(matrix.row(r))
      let own = seeds.child("smooth gradient").child(row: row)
      var draws: [[Double]] = []
      var mean = StratifiedMean([], shares: [1])
      var wanted = options.pairs
      repeat {
        draws += try Self.draws(
          draws.count..<wanted, at: row, noise, own, of: scorer, quantity, players)
        mean = StratifiedMean(draws, shares: [1])
        wanted *= 2
      } while !mean.reaches(options) && wanted <= options.mostPairs
      return Explanation(
        method: .smoothGradient, scale: quantity.scale, background: background, baseValue: base,
        explainedValue: explained[r],
        attributions: players.names.indices.map {
          Attribution(
            source: players.names[$0], value: mean.values[$0], standardError: mean.errors[$0],
            quantile: mean.quantiles[$0])
        },
        fidelity: Fidelity(
          .draws(
            DrawEvidence(
              pairs: draws.count, gradients: 2 * draws.count, errors: mean.errors,
              values: mean.values, reachedTarget: mean.reaches(options))),
          thresholds: thresholds))
    }
  }

  /// The mean gradients of pairs of draws, a player's columns summed.
  private static func draws(
    _ range: Range<Int>, at row: [Double], _ noise: Noise, _ seeds: SeedTree,
    of scorer: some DifferentiableScorer, _ quantity: ExplainedQuantity, _ players: Players
  ) throws(ExplanationError) -> [[Double]] {
    let width = row.count
    var points = Matrix(rows: 2 * range.count, columns: width)
    for (i, pair) in range.enumerated() {
      let (one, other) = noise.pair(around: row, seeds.child(pair))
      points.setRow(2 * i, to: one)
      points.setRow(2 * i + 1, to: other)
    }
    let gradients = try scorer.gradients(at: EncodedRows(points), of: quantity)
    return (0..<range.count).map { at in
      let mean = (0..<width).map {
        0.5 * (gradients[2 * at, $0] + gradients[2 * at + 1, $0])
      }
      return players.sums(of: mean)
    }
  }

  /// How rows are perturbed.
  private struct Noise: Sendable {
    /// The columns that get normal noise, with its standard deviation.
    let numbers: [(column: Int, deviation: Double)]
    /// Blocks of columns that take another row's cells together.
    let blocks: [[Int]]
    let share: Double
    let background: Background
    let draw: WeightedDraw

    init(_ map: FeatureMap, _ background: Background, share: Double) {
      let matrix = background.rows.matrix
      var numbers: [(column: Int, deviation: Double)] = []
      var blocks: [[Int]] = []
      for source in map.sources where !source.columns.isEmpty {
        let flags = source.columns.filter { c in
          (0..<matrix.rows).allSatisfy { matrix[$0, c] == 0 || matrix[$0, c] == 1 }
        }
        let codes = source.columns.filter { map.levelCounts[$0] != nil }
        if flags.count == source.columns.count || !codes.isEmpty {
          blocks.append(Array(source.columns))
          continue
        }
        for c in source.columns where !flags.contains(c) {
          let deviation = background.standardDeviation(of: matrix.column(c))
          numbers.append((c, deviation.isFinite ? share * deviation : 0))
        }
      }
      self.numbers = numbers
      self.blocks = blocks
      self.share = share
      self.background = background
      draw = WeightedDraw(background)
    }

    /// Two rows with opposite noise; each draws its own levels.
    func pair(around row: [Double], _ seeds: SeedTree) -> ([Double], [Double]) {
      var generator = seeds.generator()
      var one = row
      var other = row
      for (column, deviation) in numbers {
        let step = deviation * generator.nextNormal()
        one[column] += step
        other[column] -= step
      }
      for block in blocks {
        if generator.nextUniform() < share { take(block, into: &one, &generator) }
        if generator.nextUniform() < share { take(block, into: &other, &generator) }
      }
      return (one, other)
    }

    private func take(
      _ block: [Int], into row: inout [Double], _ generator: inout CounterGenerator
    ) {
      let chosen = draw.next(&generator)
      for c in block { row[c] = background.rows.matrix[chosen, c] }
    }
  }
}
