import CandorData
import CandorNumerics
import CandorScoring

/// The marginal contributions that random orders gave so far, row by row of the background.
///
/// Every background row has either its exact values, where trying all its coalitions costs no more
/// than its pairs of orders would, or one contribution a player from each of `each` pairs.
struct ShapleyDraws: Sendable {
  /// The number of players.
  let players: Int
  /// The number of background rows.
  let rows: Int
  /// The pairs of every row that is sampled.
  private(set) var each = 0
  /// The rows that are sampled.
  private(set) var sampled: [Int]
  /// The exact values of the other rows.
  private(set) var exact: [Int: ExactGames.Values] = [:]
  /// The contributions to the explained value: pair k of row b starts at `place(k, b)`.
  private(set) var values: [Double] = []
  /// The contributions to the margin, likewise.
  private(set) var margins: [Double] = []
  /// The model evaluations made.
  private(set) var evaluations = 0

  /// Starts without draws.
  init<S>(of game: CoalitionGame<S>) {
    players = game.players.count
    rows = game.background.count
    sampled = Array(0..<rows)
  }

  /// Where the contributions of pair k of background row b start.
  func place(_ pair: Int, _ row: Int) -> Int { (pair * rows + row) * players }

  /// The pairs in all, rows with exact values counted as if they had been sampled.
  var pairs: Int { each * rows }

  /// How many model evaluations it takes to have `wanted` pairs of every sampled row.
  func cost<S>(
    of wanted: Int, game: CoalitionGame<S>, structure: CoalitionStructure?
  ) -> Int {
    sampled.reduce(0) { sum, row in
      let inner = max(game.differing[row].count - 1, 0)
      return sum
        + min(
          2 * inner * (wanted - each),
          CoalitionPlan.cost(
            players: inner + 1, groups: structure?.local(game.differing[row])))
    }
  }

  /// Draws on until every sampled row has `wanted` pairs.
  mutating func draw<S: Scorer>(
    upTo wanted: Int, game: CoalitionGame<S>, structure: CoalitionStructure?, seeds: SeedTree
  ) throws(ExplanationError) {
    guard wanted > each else { return }
    var found: [Int] = []
    for row in sampled {
      let count = game.differing[row].count
      let cost = CoalitionPlan.cost(players: count, groups: structure?.local(game.differing[row]))
      if cost <= 2 * (count - 1) * wanted || count < 3 {
        found.append(row)
        evaluations += cost
      }
    }
    for (row, values) in zip(
      found, try ExactGames.values(of: game, rows: found, structure: structure))
    {
      exact[row] = values
    }
    sampled = sampled.filter { exact[$0] == nil }
    try sample(each..<wanted, game: game, structure: structure, seeds: seeds)
    each = wanted
  }

  private mutating func sample<S: Scorer>(
    _ pairs: Range<Int>, game: CoalitionGame<S>, structure: CoalitionStructure?, seeds: SeedTree
  ) throws(ExplanationError) {
    let more = [Double](repeating: 0, count: pairs.count * rows * players)
    values += more
    margins += more
    let drawn = pairs.flatMap { pair in sampled.map { (pair: pair, row: $0) } }
    let sizes = drawn.map { 2 * (game.differing[$0.row].count - 1) }
    evaluations += sizes.reduce(0, +)
    let runs = CoalitionBatches.runs(ofSizes: sizes)
    let (rowCount, count) = (rows, players)
    let orders = Parallel.map(count: runs.count, threads: game.threads) { run -> [[Int]] in
      drawn[runs[run]].map { pair, row in
        Self.order(
          of: row, seeds: seeds.child(pair * rowCount + row), game: game, structure: structure)
      }
    }
    let known = game.trees.map { trees in
      trees.margins(
        along: zip(drawn, orders.joined()).map { TreeOrder(row: $0.row, players: $1) },
        applicant: game.applicant, threads: game.threads)
    }
    var starts: [Int] = []
    var end = 0
    for run in runs {
      starts.append(end)
      end += sizes[run].reduce(0, +)
    }
    let firsts = starts
    let blocks = try Parallel.map(count: runs.count, threads: game.threads) {
      run throws(ExplanationError) -> (values: [Double], margins: [Double]) in
      let own = drawn[runs[run]]
      let size = sizes[runs[run]].reduce(0, +)
      let worths =
        if let known {
          try CoalitionGame<S>.worths(
            ofMargins: known[firsts[run]..<firsts[run] + size], quantity: game.quantity)
        } else {
          try Self.worths(of: own.map(\.row), orders[run], game, size: size)
        }
      return Self.contributions(
        orders[run], own.map { game.empty[$0.row] }, worths, game, players: count)
    }
    var next = 0
    for block in blocks {
      var from = 0
      while from < block.values.count {
        let start = place(drawn[next].pair, drawn[next].row)
        for player in 0..<players {
          values[start + player] = block.values[from + player]
          margins[start + player] = block.margins[from + player]
        }
        from += players
        next += 1
      }
    }
  }

  /// A random order of the players that differ from a background row.
  private static func order<S>(
    of row: Int, seeds: SeedTree, game: CoalitionGame<S>, structure: CoalitionStructure?
  ) -> [Int] {
    var generator = seeds.generator()
    let differing = game.differing[row]
    let order =
      structure?.order(of: differing, using: &generator)
      ?? Sampling.permutation(differing.count, using: &generator)
    return order.map { differing[$0] }
  }

  /// The worths of the coalitions along orders and their reverses, by scoring rows.
  private static func worths<S>(
    of rows: [Int], _ orders: [[Int]], _ game: CoalitionGame<S>, size: Int
  ) throws(ExplanationError) -> [CoalitionGame<S>.Worth] {
    let applicant = game.applicant[...]
    let references = game.background.rows.matrix
    var batch = FeatureMask(players: game.players, capacity: size)
    for (row, players) in zip(rows, orders) {
      for sequence in [players, players.reversed()] {
        for step in 0..<players.count - 1 {
          if step == 0 { batch.append(references.row(row)) } else { batch.appendCopyOfLast() }
          batch.set(player: sequence[step], from: applicant)
        }
      }
    }
    return try game.worths(of: batch)
  }

  /// The mean marginal contributions of orders and their reverses.
  private static func contributions<S>(
    _ orders: [[Int]], _ empty: [CoalitionGame<S>.Worth], _ worths: [CoalitionGame<S>.Worth],
    _ game: CoalitionGame<S>, players: Int
  ) -> (values: [Double], margins: [Double]) {
    var values = [Double](repeating: 0, count: orders.count * players)
    var margins = values
    var next = 0
    for (position, order) in orders.enumerated() {
      for side in 0..<2 {
        var before = empty[position]
        for step in order.indices {
          let player = side == 0 ? order[step] : order[order.count - 1 - step]
          let isLast = step == order.count - 1
          let after = isLast ? game.whole : worths[next]
          if !isLast { next += 1 }
          values[position * players + player] += 0.5 * (after.value - before.value)
          margins[position * players + player] += 0.5 * (after.margin - before.margin)
          before = after
        }
      }
    }
    return (values, margins)
  }
}
