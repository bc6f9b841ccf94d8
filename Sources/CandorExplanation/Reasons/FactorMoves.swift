public import CandorData
import CandorNumerics
import CandorScoring

/// What happens to one applicant's value when some players have the reference's values.
public struct FactorMove: Sendable, Equatable {
  /// The weighted mean of the value over the reference rows.
  public let mean: Double
  /// The weighted mean of the change of the value; negative is towards approval.
  public let meanChange: Double
  /// The weighted share of reference rows that lower the value.
  public let shareLowered: Double
  /// The weighted share of reference rows that bring the value below the limit.
  public let shareBelow: Double
}

/// Moves players of applicants to a reference, for many applicants at once.
///
/// A move gives an applicant each reference row's values of some players in turn. Where the model is
/// made of trees and they are laid out already, only the rows that leave the applicant's path are
/// walked, all together; elsewhere the rows are composed and scored in batches of some thousands, on
/// threads. Both say the same to rounding.
public struct FactorMoves: Sendable {
  private let model: ExplainedModel
  let players: Players
  private let reference: Background
  private let trees: MovableTrees?

  /// Rows that are composed and scored together.
  private static let batch = 8192
  /// Applicants that share the fetching of a tree.
  private static let applicantBlock = 64

  /// Prepares moves by scoring: nothing is laid out.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - players: By whose encoded columns factors move.
  ///   - reference: The rows that they move to.
  /// - Throws: `ExplanationError.badShape` where the reference has another width.
  public init(
    _ model: ExplainedModel, players: Players, reference: Background
  ) throws(ExplanationError) {
    try players.check(rows: reference.rows, background: reference)
    self.model = model
    self.players = players
    self.reference = reference
    trees = nil
  }

  /// Prepares moves to the background of prepared Shapley values, by their trees where they have any.
  public init(_ prepared: PreparedShapley) {
    model = prepared.model
    players = prepared.players
    reference = prepared.background
    trees = prepared.game.map {
      MovableTrees($0.trees, sides: $0.sides, background: prepared.background)
    }
  }

  /// Moves players of each applicant.
  ///
  /// - Parameters:
  ///   - moves: For each applicant the moves, each a set of players by position.
  ///   - rows: The applicants, encoded.
  ///   - limit: The value below which an applicant is approved, on the model's scale.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One outcome a move, and the value of each applicant as it is.
  /// - Throws: `ExplanationError` where shapes differ or the model refuses.
  public func outcomes(
    of moves: [[[Int]]], rows: EncodedRows, limit: Double, threads: Int = 1
  ) throws(ExplanationError) -> (values: [Double], outcomes: [[FactorMove]]) {
    try players.check(rows: rows)
    guard moves.count == rows.count else {
      throw ExplanationError(
        .badShape, "There are moves of \(moves.count) applicants where there are \(rows.count).")
    }
    let margins: [Double]
    do throws(ScoringError) {
      margins = try model.scorer.margins(of: rows, threads: threads)
    } catch {
      throw ExplanationError(error)
    }
    let values = try checked(margins.map(model.quantity.value))
    if let trees {
      let cells = trees.trees.cells(of: rows)
      let blocks = Parallel.blocks(of: rows.count, size: Self.applicantBlock)
      let parts = try Parallel.map(count: blocks.count, threads: threads) {
        block throws(ExplanationError) -> [[FactorMove]] in
        let changes = trees.changes(
          of: Array(moves[blocks[block]]), rows: blocks[block], cells: cells)
        var place = 0
        var found: [[FactorMove]] = []
        for row in blocks[block] {
          var own: [FactorMove] = []
          for _ in moves[row] {
            let after = try checked(
              (0..<trees.rowCount).map { model.quantity.value(margins[row] + changes[place + $0]) })
            own.append(
              Self.outcome(after, value: values[row], limit: limit, weights: trees.weights))
            place += trees.stride
          }
          found.append(own)
        }
        return found
      }
      return (values, parts.flatMap { $0 })
    }
    return (
      values, try scored(moves, rows: rows, values: values, limit: limit, threads: threads)
    )
  }

  private func scored(
    _ moves: [[[Int]]], rows: EncodedRows, values: [Double], limit: Double, threads: Int
  ) throws(ExplanationError) -> [[FactorMove]] {
    let all = moves.indices.flatMap { row in moves[row].indices.map { (row, $0) } }
    let blocks = Parallel.blocks(of: all.count, size: max(1, Self.batch / reference.count))
    let weights = reference.weights ?? Array(repeating: 1, count: reference.count)
    let parts = try Parallel.map(count: blocks.count, threads: threads) {
      block throws(ExplanationError) -> [FactorMove] in
      var batch = FeatureMask(
        players: players, capacity: blocks[block].count * reference.count)
      for (row, move) in all[blocks[block]] {
        for b in 0..<reference.count {
          batch.append(rows.matrix.row(row))
          for player in moves[row][move] {
            batch.set(player: player, from: reference.rows.matrix.row(b))
          }
        }
      }
      let after = try model.values(of: try batch.rows())
      return blocks[block].indices.map { position in
        let start = (position - blocks[block].lowerBound) * reference.count
        return Self.outcome(
          Array(after[start..<start + reference.count]), value: values[all[position].0],
          limit: limit, weights: weights)
      }
    }
    var next = parts.joined().makeIterator()
    return moves.map { own in own.compactMap { _ in next.next() } }
  }

  private func checked(_ values: [Double]) throws(ExplanationError) -> [Double] {
    if let bad = values.first(where: { !$0.isFinite }) {
      throw ExplanationError(
        .numerical,
        "An applicant has the value \(bad) on the scale \(model.scale.rawValue) with factors moved "
          + "to the reference; keep the calibrated probabilities away from 0 and 1.")
    }
    return values
  }

  private static func outcome(
    _ after: [Double], value: Double, limit: Double, weights: [Double]
  ) -> FactorMove {
    let total = OrderedReduction.sum(weights)
    func mean(_ number: (Double) -> Double) -> Double {
      OrderedReduction.sum(zip(weights, after).map { $0 * number($1) }) / total
    }
    return FactorMove(
      mean: mean { $0 }, meanChange: mean { $0 - value },
      shareLowered: mean { $0 < value ? 1 : 0 }, shareBelow: mean { $0 < limit ? 1 : 0 })
  }
}

/// Trees with the ways of the reference rows, 256 rows a group.
private struct MovableTrees: Sendable {
  let trees: PlayerTrees
  let rowCount: Int
  /// The rows' weights.
  let weights: [Double]
  private let groups: Int
  private let masks: [SIMD4<UInt64>]
  private let alive: [SIMD4<UInt64>]

  /// The places of one move.
  var stride: Int { groups * 256 }

  init(_ trees: PlayerTrees, sides: BackgroundSides, background: Background) {
    self.trees = trees
    rowCount = sides.rowCount
    // The rows with a weight, as the sides have them.
    weights = (background.weights ?? Array(repeating: 1, count: background.count)).filter { $0 > 0 }
    let groups = (sides.words + 3) / 4
    self.groups = groups
    func four(_ words: [UInt64], from start: Int, of count: Int, group: Int) -> SIMD4<UInt64> {
      var result = SIMD4<UInt64>.zero
      for lane in 0..<min(4, count - 4 * group) { result[lane] = words[start + 4 * group + lane] }
      return result
    }
    var masks: [SIMD4<UInt64>] = []
    masks.reserveCapacity(trees.nodes.count * groups)
    for node in trees.nodes.indices {
      for group in 0..<groups {
        masks.append(
          four(sides.masks, from: node * sides.words, of: sides.words, group: group))
      }
    }
    self.masks = masks
    alive = (0..<groups).map { four(sides.alive, from: 0, of: sides.words, group: $0) }
  }

  /// What each move of each applicant changes in the margin: `stride` places a move, one a row.
  func changes(of moves: [[[Int]]], rows: Range<Int>, cells: [Double]) -> [Double] {
    let players = trees.playerCount
    let count = moves.reduce(0) { $0 + $1.count }
    var moved = [Bool](repeating: false, count: count * players)
    var number = 0
    for own in moves {
      for move in own {
        for player in move { moved[number * players + player] = true }
        number += 1
      }
    }
    var result = [Double](repeating: 0, count: count * stride)
    var pathArray = [Int64](repeating: 0, count: trees.depth + 1)
    var branchArray = [FactorBranch](repeating: FactorBranch(), count: trees.depth + 2)
    var changes = result.mutableSpan
    var path = pathArray.mutableSpan
    var branches = branchArray.mutableSpan
    for root in trees.roots where root >= 0 {
      var first = 0
      for (row, own) in zip(rows, moves) where !own.isEmpty {
        let start = row * trees.width
        let (length, leaf) = FactorMoveKernel.walk(
          nodes: trees.nodes.span, root: root, cells: cells.span, start: start,
          setStarts: trees.setStarts.span, setWords: trees.setWords.span, path: &path)
        for move in own.indices {
          for group in 0..<groups {
            FactorMoveKernel.add(
              nodes: trees.nodes.span, leaves: trees.leaves.span, masks: masks.span,
              groups: groups, group: group, rows: alive[group], path: path, length: length,
              ownLeaf: trees.leaves[leaf], moved: moved.span,
              firstPlayer: (first + move) * players, cells: cells.span, start: start,
              setStarts: trees.setStarts.span, setWords: trees.setWords.span,
              branches: &branches, changes: &changes,
              place: (first + move) * stride + group * 256)
          }
        }
        first += own.count
      }
    }
    return result
  }
}
