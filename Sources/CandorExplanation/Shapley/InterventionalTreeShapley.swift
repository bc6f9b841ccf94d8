public import CandorData
public import CandorNumerics
public import CandorScoring

/// Interventional Shapley values of a tree ensemble, exact, prepared for many applicants.
///
/// The game is the marginal one of all Shapley methods here: a coalition's worth is the mean, over
/// background rows b, of the value of the row with the applicant's values for the coalition and those
/// of b for the rest. In a tree, an applicant and one background row reach few leaves together, and
/// each of these has a closed form; Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9. The columns
/// of one player are one player of the game, also where several of them are tested on one path.
///
/// Preparing takes every background row through every node once and keeps a bit of it, so that 64
/// rows go through a tree in one walk: `nodes · background / 8` bytes, `memoryBytes` in all. Exact on
/// scales that are a straight line of the margin (`ExplainedQuantity.affine`).
public struct InterventionalTreeShapley<Model: TreeEnsembleScorer>: Sendable {
  /// The scorer.
  public let model: Model
  /// Who shares the value.
  public let players: Players
  /// What applicants are compared with.
  public let background: Background
  let trees: PlayerTrees
  let sides: BackgroundSides
  private let factors: [SIMD2<Double>]
  let baseMargins: [Double]

  /// Rows that are worked together, so that a tree is fetched once for all of them.
  private static var rowBlock: Int { 16 }

  /// Lays out the trees and takes the background through them; O(background · nodes).
  ///
  /// - Parameters:
  ///   - model: A scorer made of trees.
  ///   - players: Who shares the value.
  ///   - background: What applicants are compared with.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Throws: `ExplanationError` where shapes differ, the scorer refuses the background, or a tree is
  ///   not one.
  public init(
    _ model: Model, players: Players, background: Background, threads: Int = 1
  ) throws(ExplanationError) {
    try players.check(rows: background.rows, background: background)
    self.model = model
    self.players = players
    self.background = background
    baseMargins = try model.values(of: background.rows, as: .rawMargin)
    trees = try PlayerTrees(model.ensemble, players: players)
    sides = BackgroundSides(trees, background: background, threads: threads)
    factors = TreeShapleyFactors.pairs(most: trees.mostOnPath)
  }

  /// The bytes that are kept for the walks.
  public var memoryBytes: Int {
    trees.nodes.count * MemoryLayout<GameNode>.stride + trees.leaves.count * 8
      + sides.masks.count * 8 + trees.setWords.count * 8
  }

  /// Explains each row.
  ///
  /// Costs about thirty operations for each leaf that the row and one background row reach together;
  /// a row costs the same bits alone and among others.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - quantity: What is explained; it must be a straight line of the margin.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, errors zero.
  /// - Throws: `ExplanationError.unsupported` where the quantity is no straight line of the margin,
  ///   `.notAdditive` where the trees and the scorer's margins disagree.
  public func explain(
    _ rows: EncodedRows, quantity: ExplainedQuantity, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let line = try quantity.straightLine()
    let margins = try marginValues(of: rows, threads: threads)
    let explained = try model.values(of: rows, as: quantity)
    let base = background.mean(of: baseMargins.map(quantity.value))
    var results: [Explanation] = []
    results.reserveCapacity(rows.count)
    for r in 0..<rows.count {
      let values = margins.row(r).map { line.slope * $0 }
      results.append(
        Explanation(
          method: .treeShapley, scale: quantity.scale, background: background, baseValue: base,
          explainedValue: explained[r],
          attributions: zip(players.names, values).map {
            Attribution(source: $0, value: $1, standardError: 0)
          },
          fidelity: try LinearShapley.exactFidelity(
            residual: explained[r] - base - OrderedReduction.sum(values),
            magnitudes: values + [explained[r], base], thresholds: thresholds)))
    }
    return results
  }

  /// Exact values of the raw margin, one row a row and one column a player, without evidence: for
  /// methods on other scales that use them as a control variate, and for streams of rows.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: `rows × players`.
  /// - Throws: `ExplanationError.badShape` where the rows have another width.
  public func marginValues(
    of rows: EncodedRows, threads: Int = 1
  ) throws(ExplanationError) -> Matrix {
    try marginValues(of: rows, shares: sides.weights, threads: threads)
  }

  /// The same where the background's rows have other weights than those that were prepared.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - weights: One weight a background row, none negative and not all zero; rows that had none
  ///     when the walks were prepared have none here.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: `rows × players`.
  /// - Throws: `ExplanationError.badShape` where the rows have another width or the weights another
  ///   number, `.badBackground` where a weight is negative, not finite, or all are zero.
  public func marginValues(
    of rows: EncodedRows, weights: [Double], threads: Int = 1
  ) throws(ExplanationError) -> Matrix {
    guard weights.count == background.count else {
      throw ExplanationError(
        .badShape,
        "There are \(weights.count) weights for \(background.count) background rows; give one a "
          + "row.")
    }
    let used = sides.rows.map { weights[$0] }
    let total = OrderedReduction.sum(used)
    guard used.allSatisfy({ $0 >= 0 && $0.isFinite }), total > 0, total.isFinite else {
      throw ExplanationError(
        .badBackground,
        "The background \"\(background.name)\" needs one finite weight a row, none negative and not "
          + "all zero.")
    }
    return try marginValues(of: rows, shares: used.map { $0 / total }, threads: threads)
  }

  private func marginValues(
    of rows: EncodedRows, shares: [Double], threads: Int
  ) throws(ExplanationError) -> Matrix {
    try players.check(rows: rows)
    let cells = trees.cells(of: rows)
    let treeBlocks = trees.blocks
    let rowBlocks = Parallel.blocks(of: rows.count, size: Self.rowBlock)
    let parts = Parallel.map(count: rowBlocks.count * treeBlocks.count, threads: threads) {
      unit -> [Double] in
      values(
        of: rowBlocks[unit / treeBlocks.count], trees: treeBlocks[unit % treeBlocks.count],
        cells: cells, shares: shares)
    }
    return Matrix(
      rows: rows.count, columns: players.count,
      joining: parts, rowBlocks: rowBlocks, partsEach: treeBlocks.count)
  }

  /// The values of some rows in some trees, row after row.
  private func values(
    of rows: Range<Int>, trees block: Range<Int>, cells: [Double], shares: [Double]
  ) -> [Double] {
    var values = [Double](repeating: 0, count: rows.count * players.count)
    var own = [Double](repeating: 0, count: players.count)
    var stateArray = [TreePlayerState](repeating: TreePlayerState(), count: players.count)
    var errandArray = [TreeErrand](repeating: TreeErrand(), count: 2 * trees.depth + 2)
    var countArray = [Int](repeating: 0, count: 64)
    var sumArray = [Double](repeating: 0, count: 64)
    let weights = shares + [Double](repeating: 0, count: 64 * sides.words - shares.count)
    var states = stateArray.mutableSpan
    var errands = errandArray.mutableSpan
    var counts = countArray.mutableSpan
    var sums = sumArray.mutableSpan
    for tree in block {
      for row in rows {
        for player in own.indices { own[player] = 0 }
        var ownSpan = own.mutableSpan
        for word in 0..<sides.words {
          TreeShapleyKernel.add(
            nodes: trees.nodes.span, leaves: trees.leaves.span, root: trees.roots[tree],
            masks: sides.masks.span, words: sides.words, word: word, rows: sides.alive[word],
            weights: weights.span, cells: cells.span, start: row * trees.width,
            width: trees.width, setStarts: trees.setStarts.span, setWords: trees.setWords.span,
            factors: factors.span, stride: trees.mostOnPath + 1, states: &states,
            errands: &errands, applicantSides: &counts, sums: &sums, values: &ownSpan)
        }
        let place = (row - rows.lowerBound) * players.count
        for player in own.indices { values[place + player] += own[player] }
      }
    }
    return values
  }
}

extension ExplainedQuantity {
  /// The scorer's own margin.
  static var rawMargin: ExplainedQuantity {
    ExplainedQuantity(scale: .margin, calibrator: .identity)
  }

  /// The line that the value is of the margin.
  ///
  /// - Returns: Slope and offset.
  /// - Throws: `ExplanationError.unsupported` where it is none.
  func straightLine() throws(ExplanationError) -> (slope: Double, offset: Double) {
    guard let affine else {
      throw ExplanationError(
        .unsupported,
        "On the scale \(scale.rawValue) with \(calibrator.name) calibration the value is no straight "
          + "line of the margin; use sampled Shapley values.")
    }
    return affine
  }
}

extension Matrix {
  /// Adds up the parts of each block of rows in their order; `partsEach` parts follow one another for
  /// each block.
  init(rows: Int, columns: Int, joining parts: [[Double]], rowBlocks: [Range<Int>], partsEach: Int)
  {
    self.init(rows: rows, columns: columns)
    withMutableValues { values in
      for (number, block) in rowBlocks.enumerated() {
        for part in parts[number * partsEach..<(number + 1) * partsEach] {
          for place in part.indices { values[block.lowerBound * columns + place] += part[place] }
        }
      }
    }
  }
}
