import CandorData
import CandorNumerics

/// Rows drawn once for all applicants, with the model's value and the players' cells.
package struct PoolDesign: Sendable {
  /// The cells, a row after another, one a player.
  package let codes: [UInt32]
  /// The model's value at each row, less `centre`.
  package let values: [Double]
  /// The mean of the model's values.
  package let centre: Double
  /// For each player the share of background rows in each cell.
  private let shares: [[UInt32: Double]]
  private let options: PortfolioSurrogateOptions
  private let count: Int
  /// The players with encoded columns, one at least.
  private let active: Int

  /// Draws the rows and asks the model.
  init(
    cells: PlayerCells, players: Players, background: Background, model: ExplainedModel,
    options: PortfolioSurrogateOptions, seeds: SeedTree, threads: Int
  ) throws(ExplanationError) {
    var generator = seeds.child("pool").generator()
    let draw = WeightedDraw(background)
    let count = players.count
    var codes: [UInt32] = []
    codes.reserveCapacity(options.rows * count)
    var batch = FeatureMask(players: players, capacity: options.rows)
    let matrix = background.rows.matrix
    for _ in 0..<options.rows {
      let first = draw.next(&generator)
      batch.append(matrix.row(first))
      for player in 0..<count {
        var from = first
        if options.design == .pool, player > 0 {
          from = draw.next(&generator)
          batch.set(player: player, from: matrix.row(from))
        }
        codes.append(cells.background[from * count + player])
      }
    }
    let values = try model.values(of: try batch.rows(), threads: threads)
    self.init(
      codes: codes, values: values, background: cells.background,
      weights: background.weights ?? Array(repeating: 1, count: background.count), count: count,
      active: players.active.count, options: options)
  }

  /// Takes rows as they are: their cells and values, and the background's cells.
  package init(
    codes: [UInt32], values: [Double], background: [UInt32], weights: [Double], count: Int,
    active: Int, options: PortfolioSurrogateOptions
  ) {
    let centre = OrderedReduction.sum(values) / Double(max(values.count, 1))
    self.codes = codes
    self.values = values.map { $0 - centre }
    self.centre = centre
    self.count = count
    self.active = max(active, 1)
    self.options = options
    var shares: [[UInt32: Double]] = Array(repeating: [:], count: count)
    let total = OrderedReduction.sum(weights)
    for r in weights.indices {
      for p in 0..<count { shares[p][background[r * count + p], default: 0] += weights[r] / total }
    }
    self.shares = shares
  }

  /// The kernel's weight of a row of which so many players differ.
  package func weight(differing: Int) -> Double {
    SystemMath.exp(
      -Double(differing) / Double(active) / (options.kernelWidth * options.kernelWidth))
  }

  /// The sums of each part for an applicant's cells, and the rows by the number of cells that differ.
  package func moments(
    for own: [UInt32]
  ) throws(ExplanationError) -> (parts: [SurrogateMoments], histogram: [Int]) {
    let roots = (0...count).map { weight(differing: $0).squareRoot() }
    var histogram = [Int](repeating: 0, count: count + 1)
    let size = (values.count + options.parts - 1) / options.parts
    var parts: [SurrogateMoments] = []
    for range in Parallel.blocks(of: values.count, size: size) {
      var design = [Double](repeating: 0, count: range.count * (count + 2))
      var designSpan = design.mutableSpan
      var histogramSpan = histogram.mutableSpan
      SurrogateKernel.fill(
        codes: codes.span, own: own.span, values: values.span, first: range.lowerBound,
        rows: range.count, roots: roots.span, design: &designSpan, histogram: &histogramSpan)
      parts.append(
        SurrogateMoments(
          try SurrogateMoments.gram(rows: range.count, order: count + 2, design)))
    }
    return (parts, histogram)
  }

  /// The explanation of an applicant with these cells.
  func explain(
    _ own: [UInt32], explained: Double, scale: ExplainedScale, players: Players,
    background: Background, thresholds: FidelityThresholds
  ) throws(ExplanationError) -> Explanation {
    let (sums, histogram) = try moments(for: own)
    let parts = SurrogateParts(
      parts: sums, groups: (0..<count).map { [$0] }, options: options)
    let inCell = own.indices.map { shares[$0][own[$0]] ?? 0 }
    let factors = inCell.map { 1 - $0 }
    let answer = try parts.answer(factors: factors)
    var (sum, squares) = (0.0, 0.0)
    for (differing, rows) in histogram.enumerated() {
      let weight = weight(differing: differing)
      sum += Double(rows) * weight
      squares += Double(rows) * weight * weight
    }
    return parts.explanation(
      answer, factors: factors, base: centre + answer.fit.value(at: inCell),
      effectiveRows: squares > 0 ? sum * sum / squares : 0, explained: explained, scale: scale,
      players: players, background: background, thresholds: thresholds)
  }
}
