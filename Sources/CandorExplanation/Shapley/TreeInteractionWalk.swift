import CandorNumerics

/// Walks through trees that add up the interaction index of each pair of players, one row at a time:
/// plain, since one row's matrix is asked for by hand, not by the thousand.
struct TreeInteractionWalk {
  private let trees: PlayerTrees
  private let cells: [Double]
  private let players: Int
  /// The index of each pair, row after row; only places above the diagonal until `symmetric`.
  private var indices: [Double]
  // The state of the walk.
  private var path: [Int] = []
  private var follows: [Bool]
  private var share: [Double]

  /// The deepest tree that is walked.
  static let mostDepth = 512

  init(_ trees: PlayerTrees, cells: [Double]) throws(ExplanationError) {
    guard trees.depth <= Self.mostDepth else {
      throw ExplanationError(
        .unsupported,
        "A tree is \(trees.depth) nodes deep; interaction values are computed to depth "
          + "\(Self.mostDepth).")
    }
    self.trees = trees
    self.cells = cells
    players = trees.playerCount
    indices = [Double](repeating: 0, count: players * players)
    follows = [Bool](repeating: true, count: players)
    share = [Double](repeating: 1, count: players)
  }

  /// The indices with both halves filled.
  var symmetric: [Double] {
    var result = indices
    for i in 0..<players {
      for j in 0..<players where j > i {
        let sum = indices[i * players + j] + indices[j * players + i]
        result[i * players + j] = sum
        result[j * players + i] = sum
      }
    }
    return result
  }

  private func goesLeft(_ node: GameNode) -> Bool {
    TreeTestKernel.goesLeft(
      node, cells: cells.span, start: 0, setStarts: trees.setStarts.span,
      setWords: trees.setWords.span)
  }

  // MARK: The marginal game

  /// One player's side: none yet, the applicant's, or the background row's.
  private enum Side { case open, applicant, row }

  /// Adds the part of some background rows.
  mutating func addMarginal(_ sides: BackgroundSides, rows: Range<Int>) {
    var own = [Side](repeating: .open, count: players)
    for row in rows {
      for root in trees.roots {
        var applicant: [Int] = []
        var other: [Int] = []
        marginal(
          root, sides, row: row, own: &own, applicant: &applicant, other: &other)
      }
    }
  }

  private mutating func marginal(
    _ child: Int32, _ sides: BackgroundSides, row: Int, own: inout [Side],
    applicant: inout [Int], other: inout [Int]
  ) {
    guard child >= 0 else {
      return leaf(
        sides.weights[row] * trees.leaves[Int(~child)], applicant: applicant, other: other)
    }
    let node = trees.nodes[Int(child)]
    let player = Int(node.player)
    let left = goesLeft(node)
    let rowLeft =
      sides.masks[Int(child) * sides.words + row / 64] >> UInt64(row % 64) & 1 == 1
    func next(_ left: Bool) -> Int32 { left ? node.left : node.right }
    switch own[player] {
    case .applicant:
      marginal(next(left), sides, row: row, own: &own, applicant: &applicant, other: &other)
    case .row:
      marginal(next(rowLeft), sides, row: row, own: &own, applicant: &applicant, other: &other)
    case .open where left == rowLeft:
      marginal(next(left), sides, row: row, own: &own, applicant: &applicant, other: &other)
    case .open:
      own[player] = .applicant
      applicant.append(player)
      marginal(next(left), sides, row: row, own: &own, applicant: &applicant, other: &other)
      applicant.removeLast()
      own[player] = .row
      other.append(player)
      marginal(next(rowLeft), sides, row: row, own: &own, applicant: &applicant, other: &other)
      other.removeLast()
      own[player] = .open
    }
  }

  private mutating func leaf(_ value: Double, applicant: [Int], other: [Int]) {
    let (a, b) = (applicant.count, other.count)
    guard a + b > 1 else { return }
    if a > 1 {
      add(value * TreeShapleyFactors.integral(a - 1, b), pairs: applicant)
    }
    if b > 1 {
      add(value * TreeShapleyFactors.integral(b - 1, a), pairs: other)
    }
    if a > 0, b > 0 {
      let amount = -value * TreeShapleyFactors.integral(a, b - 1)
      for i in applicant { for j in other { indices[i * players + j] += amount } }
    }
  }

  private mutating func add(_ amount: Double, pairs: [Int]) {
    for (position, i) in pairs.enumerated() {
      for j in pairs[(position + 1)...] { indices[i * players + j] += amount }
    }
  }

  // MARK: The path-dependent game

  /// Adds the part of some trees.
  mutating func addPathDependent(trees block: Range<Int>) {
    let rule = GaussLegendre.nodesAndWeights(order: max((trees.mostOnPath + 1) / 2, 1))
    for root in trees.roots[block] { pathDependent(root, rule.nodes, rule.weights) }
  }

  private mutating func pathDependent(_ child: Int32, _ nodes: [Double], _ weights: [Double]) {
    guard child >= 0 else {
      return leaf(trees.leaves[Int(~child)], nodes, weights)
    }
    let node = trees.nodes[Int(child)]
    let player = Int(node.player)
    let isNew = node.earlier < 0
    if isNew {
      path.append(player)
      follows[player] = true
      share[player] = 1
    }
    let (followed, kept) = (follows[player], share[player])
    let left = goesLeft(node)
    for isLeft in [true, false] {
      follows[player] = followed && isLeft == left
      share[player] = kept * (isLeft ? node.leftShare : 1 - node.leftShare)
      // A leaf below has the factor zero, in the integral or before it.
      if !follows[player], share[player] == 0 { continue }
      pathDependent(isLeft ? node.left : node.right, nodes, weights)
    }
    (follows[player], share[player]) = (followed, kept)
    if isNew { path.removeLast() }
  }

  private mutating func leaf(_ value: Double, _ nodes: [Double], _ weights: [Double]) {
    guard path.count > 1, value != 0 else { return }
    for (t, weight) in zip(nodes, weights) {
      var product = value * weight
      let parts = path.map { player -> Double in
        let factor = share[player] * (1 - t) + (follows[player] ? t : 0)
        product *= factor
        return ((follows[player] ? 1 : 0) - share[player]) / factor
      }
      for (position, i) in path.enumerated() {
        let part = product * parts[position]
        for other in position + 1..<path.count {
          indices[i * players + path[other]] += part * parts[other]
        }
      }
    }
  }
}
