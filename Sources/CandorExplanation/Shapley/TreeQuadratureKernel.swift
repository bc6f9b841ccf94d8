/// The path-dependent game of one row in one tree, by quadrature.
///
/// A player with the share z of cover on a path and o = 1 where the row satisfies its tests there,
/// else 0, has the factor `f(t) = z (1 − t) + o t`; a leaf gives the player
/// `value · (o − z) · ∫₀¹ Π f_other(t) dt`, which Gauss–Legendre points give exactly: Wettenstein,
/// Mitchell and Yu 2026, "Quadrature-TreeSHAP", after Lundberg, Erion and Lee 2018,
/// arXiv:1802.03888. Here the factors of the two sides of a node are seen to add up to the factor
/// above it, so that one number a point, `u`, splits a node: with H the product of the factors down
/// to the node and B the sum below it of the leaves' values times the factors still to come,
///
///     H(away) = u H,  H(towards) = H − u H,  B = B(towards) − u (B(towards) − B(away)),
///
/// where `u = z(away) · (1 − t) · z₁ / f₁` with z₁ and f₁ the share and the factor that the player
/// has from tests above (both 1 where it is new), and the node adds
/// `∫ H u (B(towards) − B(away)) / ((1 − t) f₁) dt` to its player. Where the row has failed a test of
/// the player above, the sides only share the cover: `u = z(away)`, and the node adds nothing. All
/// factors lie in [0, 1], nothing is cancelled that was not equal, and no share of zero divides.
enum TreeQuadratureKernel {
  /// Adds one tree's parts, before the division by 1 − t, to `sums`, one a player.
  ///
  /// Shapes: `nodes` are all trees' and `range` this tree's, from the root down in `runs`; `above`,
  /// `below` and `ways` have a place for each node of the range and one to spare; `sums` one for each
  /// of `players` players from `firstSum` on. About ten operations for each node and point.
  static func add<Points: QuadraturePoints>(
    nodes: Span<GameNode>, leaves: Span<Double>, range: Range<Int>, runs: Span<GameRun>,
    cells: Span<Double>, start: Int, width: Int, setStarts: Span<Int32>, setWords: Span<UInt64>,
    points: Points, mirrored: Points, above: inout MutableSpan<Points>,
    below: inout MutableSpan<Points>, ways: inout MutableSpan<UInt8>,
    into sums: inout MutableSpan<Points>, from firstSum: Int, players: Int
  ) {
    precondition(firstSum >= 0 && sums.count >= firstSum + players)
    precondition(range.lowerBound >= 0 && range.upperBound <= nodes.count)
    precondition(start >= 0 && cells.count >= start + width)
    let count = range.count
    precondition(above.count > count && below.count > count && ways.count > count)
    let first = range.lowerBound
    guard count > 0 else { return }
    unsafe above[unchecked: 0] = Points(repeating: 1)
    for number in 0..<runs.count {
      let run = unsafe runs[unchecked: number]
      for position in Int(run.nodes.lowerBound)..<Int(run.nodes.upperBound) {
        let node = unsafe nodes[unchecked: position]
        let here = position &- first
        let left = TreeTestKernel.goesLeft(
          node, cells: cells, start: start, setStarts: setStarts, setWords: setWords)
        var way: UInt8 = left ? 3 : 2
        if run.isRepeated {
          let before = unsafe ways[unchecked: Int(node.earlier) &- first]
          let side: UInt8 = node.flags & GameNode.leftOfEarlier != 0 ? 3 : 2
          way = before == side ? way : way & 1
        }
        unsafe ways[unchecked: here] = way
        if run.children == .leaves { continue }
        let height = unsafe above[unchecked: here]
        let awayShare = left ? 1 - node.leftShare : node.leftShare
        let u = split(node, awayShare, way, run.isRepeated, points, mirrored)
        let away = u * height
        let towards = height - away
        // Leaves need no product: it goes to the place to spare.
        let own = left ? node.left : node.right
        let other = left ? node.right : node.left
        unsafe above[unchecked: own < 0 ? count : Int(own) &- first] = towards
        unsafe above[unchecked: other < 0 ? count : Int(other) &- first] = away
      }
    }
    for back in 0..<runs.count {
      let run = unsafe runs[unchecked: runs.count &- 1 &- back]
      let last = Int(run.nodes.upperBound) &- 1
      for step in 0..<run.nodes.count {
        let position = last &- step
        let node = unsafe nodes[unchecked: position]
        let here = position &- first
        let way = unsafe ways[unchecked: here]
        let left = way & 1 != 0
        let awayShare = left ? 1 - node.leftShare : node.leftShare
        let u = split(node, awayShare, way, run.isRepeated, points, mirrored)
        var part = unsafe u * above[unchecked: here]
        let own = left ? node.left : node.right
        let other = left ? node.right : node.left
        switch run.children {
        case .leaves:
          let towards = unsafe leaves[unchecked: Int(~own)]
          let difference = unsafe towards - leaves[unchecked: Int(~other)]
          part = difference * part
          unsafe below[unchecked: here] = towards + (-difference) * u
        case .mixed:
          // Inner child less leaf, with the sign and the factor of the side that it is on.
          let isOwn = own >= 0
          let inner = isOwn ? own : other
          let leaf = unsafe leaves[unchecked: Int(~(isOwn ? other : own))]
          let difference = unsafe (-leaf) + below[unchecked: Int(inner) &- first]
          let sign = isOwn ? 1.0 : -1.0
          part = difference * (sign * part)
          unsafe below[unchecked: here] = leaf + difference * ((isOwn ? 1 : 0) + (-sign) * u)
        case .inner:
          let towards = unsafe below[unchecked: Int(own) &- first]
          let difference = unsafe towards - below[unchecked: Int(other) &- first]
          part = difference * part
          unsafe below[unchecked: here] = towards - difference * u
        }
        if run.isRepeated {
          if way & 2 == 0 { continue }
          part = part / (points + node.earlierShare * mirrored)
        }
        let place = firstSum &+ Int(node.player)
        unsafe sums[unchecked: place] = sums[unchecked: place] + part
      }
    }
  }

  /// The factor of the side that the row does not take, as a part of the factor above.
  @inline(__always)
  private static func split<Points: QuadraturePoints>(
    _ node: GameNode, _ awayShare: Double, _ way: UInt8, _ isRepeated: Bool, _ points: Points,
    _ mirrored: Points
  ) -> Points {
    if !isRepeated { return awayShare * mirrored }
    if way & 2 == 0 { return Points(repeating: awayShare) }
    let kept = node.earlierShare * mirrored
    return awayShare * kept / (points + kept)
  }
}
