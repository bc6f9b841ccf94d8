import CandorData
import CandorNumerics
import CandorScoring

/// A plain walk over the neutral trees gives the margin.
enum TreeWalk {
  static let check = ScorerCheck(
    "a plain walk over the trees gives the margin",
    trees: { scorer, rows in
      let ensemble = scorer.ensemble
      return Trial.withMargins(scorer, rows) { margins in
        for r in 0..<rows.count {
          let row = Array(rows.matrix.row(r))
          var sum = ensemble.baseMargin
          for (t, tree) in ensemble.trees.enumerated() {
            guard let value = leafValue(tree, ensemble, row) else {
              return ["row \(r) does not reach a leaf of tree \(t)"]
            }
            sum += tree.weight * value
          }
          if !Trial.agree(sum, margins[r], within: Trial.exact) {
            return ["row \(r): the trees give \(sum), the scorer \(margins[r])"]
          }
        }
        return []
      }
    })

  private static func leafValue(
    _ tree: TreeEnsemble.Tree, _ ensemble: TreeEnsemble, _ row: [Double]
  ) -> Double? {
    var node = 0
    for _ in 0...tree.nodeCount {
      guard tree.left.indices.contains(node) else { return nil }
      if tree.left[node] < 0 { return tree.value[node] }
      let feature = Int(tree.feature[node])
      guard row.indices.contains(feature) else { return nil }
      let goesLeft = goesLeft(tree, node, row[feature], ensemble)
      node = Int(goesLeft ? tree.left[node] : tree.right[node])
    }
    return nil
  }

  private static func goesLeft(
    _ tree: TreeEnsemble.Tree, _ node: Int, _ value: Double, _ ensemble: TreeEnsemble
  ) -> Bool {
    if value.isNaN { return tree.missingGoesLeft[node] }
    if let set = tree.categories[node] {
      return Int32(exactly: value).map { set.contains($0) } ?? false
    }
    let x = ensemble.precision == .single ? Double(Float(value)) : value
    let threshold = tree.threshold[node]
    return ensemble.comparison == .less ? x < threshold : x <= threshold
  }
}
