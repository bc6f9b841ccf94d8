import CandorData
import CandorNumerics
import CandorScoring

/// One applicant against each background row: the games whose weighted mean every method of this
/// folder shares out.
///
/// In the game of background row b the worth of a coalition is the value of the row that has the
/// applicant's values for the coalition's players and those of b for the rest. A player in whom the
/// applicant and b agree changes nothing in it: its share is zero, and the other players' shares are
/// those of the game without it (the null player property, Shapley 1953). So only the players that
/// differ are played, which on categorical columns spares much of the work, and rows without weight
/// are not played at all.
struct CoalitionGame<S: Scorer>: Sendable {
  let scorer: S
  let quantity: ExplainedQuantity
  let players: Players
  let background: Background
  let applicant: [Double]
  /// The applicant's margin, and its value.
  let whole: Worth
  /// The margin and the value of each background row.
  let empty: [Worth]
  /// The background's weights, summing to one.
  let shares: [Double]
  /// For each background row the players in whom the applicant differs, rising.
  let differing: [[Int]]
  let threads: Int
  /// The scorer's trees, where they are laid out for this background and know the margins of orders.
  let trees: (any TreeGame)?

  /// A coalition's margin, and what the explained quantity makes of it.
  struct Worth: Sendable {
    let margin: Double
    let value: Double
  }

  /// The largest margin of applicant and background rows, by its absolute value.
  var largestMargin: Double { empty.reduce(abs(whole.margin)) { max($0, abs($1.margin)) } }

  /// The value that attributions start from.
  var base: Double { background.mean(of: empty.map(\.value)) }

  /// The games of several applicants; scores rows and background once, or takes the background's
  /// margins from trees that were laid out for it.
  static func games(
    _ rows: EncodedRows, of scorer: S, quantity: ExplainedQuantity, players: Players,
    background: Background, threads: Int, trees: (any TreeGame)? = nil
  ) throws(ExplanationError) -> [CoalitionGame] {
    try players.check(rows: rows, background: background)
    let known = trees.flatMap { $0.baseMargins.count == background.count ? $0 : nil }
    let empty =
      if let known {
        try worths(ofMargins: known.baseMargins[...], quantity: quantity)
      } else {
        try worths(of: background.rows, scorer: scorer, quantity: quantity)
      }
    let whole = try worths(of: rows, scorer: scorer, quantity: quantity)
    let weights = background.weights ?? Array(repeating: 1, count: background.count)
    let total = OrderedReduction.sum(weights)
    let shares = weights.map { $0 / total }
    let matrix = rows.matrix
    let references = background.rows.matrix
    return (0..<rows.count).map { r in
      let applicant = Array(matrix.row(r))
      let differing = (0..<background.count).map { b in
        shares[b] > 0
          ? Self.differing(applicant, from: references.row(b), players: players) : []
      }
      return CoalitionGame(
        scorer: scorer, quantity: quantity, players: players, background: background,
        applicant: applicant, whole: whole[r], empty: empty, shares: shares,
        differing: differing, threads: threads, trees: known?.knowsOrders == true ? known : nil)
    }
  }

  private static func differing(
    _ applicant: [Double], from reference: ArraySlice<Double>, players: Players
  ) -> [Int] {
    let start = reference.startIndex
    return players.columns.indices.filter { player in
      players.columns[player].contains { c in
        let (a, b) = (applicant[c], reference[start + c])
        return a != b && !(a.isNaN && b.isNaN)
      }
    }
  }

  /// The worths of composed rows, in their order.
  func worths(of batch: consuming FeatureMask) throws(ExplanationError) -> [Worth] {
    guard batch.count > 0 else { return [] }
    return try Self.worths(of: try batch.rows(), scorer: scorer, quantity: quantity)
  }

  private static func worths(
    of rows: EncodedRows, scorer: S, quantity: ExplainedQuantity
  ) throws(ExplanationError) -> [Worth] {
    let margins: [Double]
    do throws(ScoringError) {
      margins = try scorer.margins(of: rows)
    } catch {
      throw ExplanationError(error)
    }
    return try worths(ofMargins: margins[...], quantity: quantity)
  }

  /// The worths of margins.
  static func worths(
    ofMargins margins: ArraySlice<Double>, quantity: ExplainedQuantity
  ) throws(ExplanationError) -> [Worth] {
    var worths: [Worth] = []
    worths.reserveCapacity(margins.count)
    for (row, margin) in margins.enumerated() {
      let value = quantity.value(margin)
      guard value.isFinite else {
        throw ExplanationError(
          .numerical,
          "Row \(row) has the value \(value) on the scale \(quantity.scale.rawValue); keep the "
            + "calibrated probabilities away from 0 and 1.")
      }
      worths.append(Worth(margin: margin, value: value))
    }
    return worths
  }
}

/// How rows are gathered to batches.
enum CoalitionBatches {
  /// The fewest rows of a batch where there are so many: enough for any scorer to run at full speed,
  /// few enough to stay in the processor's cache.
  static let rows = 1024

  /// Cuts neighbouring units of work into runs of at least `rows` rows; the cut depends on the sizes
  /// alone.
  static func runs(ofSizes sizes: [Int]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    var filled = 0
    for (position, size) in sizes.enumerated() {
      filled += size
      if filled >= rows {
        found.append(start..<position + 1)
        start = position + 1
        filled = 0
      }
    }
    if start < sizes.count { found.append(start..<sizes.count) }
    return found
  }
}
