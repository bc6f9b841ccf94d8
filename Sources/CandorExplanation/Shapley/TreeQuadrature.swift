import CandorNumerics

/// The quadrature rule of an ensemble, in portions that the kernel works at once.
///
/// A path with d players has integrands of degree d − 1, for which `d / 2` points are exact; a few
/// more make whole portions and change nothing but rounding.
struct TreeQuadrature: Sendable {
  private let portion: Int
  private let nodes: [Double]
  private let weights: [Double]

  init(mostOnPath: Int) {
    let needed = max((mostOnPath + 1) / 2, 1)
    let portions = (needed + 7) / 8
    portion = ((needed + portions - 1) / portions + 1) / 2 * 2
    (nodes, weights) = GaussLegendre.nodesAndWeights(order: portions * portion)
  }

  /// The values of some rows in some trees, row after row.
  func values(
    of rows: Range<Int>, in trees: PlayerTrees, block: Range<Int>, cells: [Double]
  ) -> [Double] {
    var values = [Double](repeating: 0, count: rows.count * trees.playerCount)
    for first in stride(from: 0, to: nodes.count, by: portion) {
      switch portion {
      case 2: add(TwoPoints.self, first, rows, trees, block, cells, to: &values)
      case 4: add(FourPoints.self, first, rows, trees, block, cells, to: &values)
      case 6: add(SixPoints.self, first, rows, trees, block, cells, to: &values)
      default: add(EightPoints.self, first, rows, trees, block, cells, to: &values)
      }
    }
    return values
  }

  private func add<Points: QuadraturePoints>(
    _ type: Points.Type, _ first: Int, _ rows: Range<Int>, _ trees: PlayerTrees,
    _ block: Range<Int>, _ cells: [Double], to values: inout [Double]
  ) {
    var points = Points(repeating: 0)
    for p in 0..<Points.count { points[p] = nodes[first + p] }
    let mirrored = Points(repeating: 1) - points
    let most = block.map { trees.ranges[$0].count }.max() ?? 0
    let players = trees.playerCount
    var aboveArray = [Points](repeating: Points(repeating: 0), count: most + 1)
    var belowArray = aboveArray
    var wayArray = [UInt8](repeating: 0, count: most + 1)
    var all = [Points](repeating: Points(repeating: 0), count: rows.count * players)
    var above = aboveArray.mutableSpan
    var below = belowArray.mutableSpan
    var ways = wayArray.mutableSpan
    for tree in block {
      let runs = trees.runs[tree]
      for row in rows {
        var sums = all.mutableSpan
        TreeQuadratureKernel.add(
          nodes: trees.nodes.span, leaves: trees.leaves.span, range: trees.ranges[tree],
          runs: runs.span, cells: cells.span, start: row * trees.width,
          width: trees.width, setStarts: trees.setStarts.span, setWords: trees.setWords.span,
          points: points, mirrored: mirrored, above: &above, below: &below, ways: &ways,
          into: &sums, from: (row - rows.lowerBound) * players, players: players)
      }
    }
    for place in values.indices {
      for p in 0..<Points.count {
        values[place] += all[place][p] * weights[first + p] / mirrored[p]
      }
    }
  }
}
