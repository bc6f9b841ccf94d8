import CandorScoring

/// Every tree is a tree: lists of one length, children in range with one parent each, numbers
/// finite, the cover of children summing to the parent's, inner values their weighted mean.
enum TreeStructure {
  static let check = ScorerCheck(
    "trees are complete and their covers add up",
    trees: { scorer, _ in
      let ensemble = scorer.ensemble
      guard ensemble.baseMargin.isFinite else { return ["the base margin is not finite"] }
      for (t, tree) in ensemble.trees.enumerated() {
        if let finding = fault(tree, width: scorer.inputWidth) { return ["tree \(t): \(finding)"] }
      }
      return []
    })

  private static func fault(_ tree: TreeEnsemble.Tree, width: Int) -> String? {
    let count = tree.nodeCount
    let lengths = [
      tree.feature.count, tree.threshold.count, tree.right.count, tree.missingGoesLeft.count,
      tree.value.count, tree.cover.count,
    ]
    guard count > 0, lengths.allSatisfy({ $0 == count }), tree.weight.isFinite else {
      return "its lists differ in length, or its weight is not finite"
    }
    var parents = [Int](repeating: 0, count: count)
    for node in 0..<count {
      guard tree.value[node].isFinite, tree.cover[node].isFinite, tree.cover[node] >= 0 else {
        return "node \(node) has a value or cover that is not finite"
      }
      guard tree.left[node] >= 0 else {
        if tree.right[node] >= 0 { return "leaf \(node) has a right child" }
        continue
      }
      let left = Int(tree.left[node])
      let right = Int(tree.right[node])
      guard left > 0, left < count, right > 0, right < count, left != right else {
        return "node \(node) has children that are not there"
      }
      guard tree.feature[node] >= 0, Int(tree.feature[node]) < width else {
        return "node \(node) tests column \(tree.feature[node]) of \(width)"
      }
      if tree.categories[node] == nil, !tree.threshold[node].isFinite {
        return "node \(node) has a threshold that is not finite"
      }
      parents[left] += 1
      parents[right] += 1
      let cover = tree.cover[left] + tree.cover[right]
      if !Trial.agree(cover, tree.cover[node], within: Trial.exact) {
        return "node \(node) has the cover \(tree.cover[node]), its children \(cover)"
      }
      if cover > 0 {
        let mean =
          (tree.cover[left] * tree.value[left] + tree.cover[right] * tree.value[right]) / cover
        if !Trial.agree(mean, tree.value[node], within: Trial.exact) {
          return "node \(node) has the value \(tree.value[node]), its children the mean \(mean)"
        }
      }
    }
    guard parents[0] == 0, parents.dropFirst().allSatisfy({ $0 == 1 }) else {
      return "a node has no parent, or more than one"
    }
    // One parent each and a root without one still allow a ring beside the tree.
    var reached = 0
    var stack = [0]
    while let node = stack.popLast() {
      reached += 1
      if tree.left[node] >= 0 {
        stack.append(Int(tree.left[node]))
        stack.append(Int(tree.right[node]))
      }
    }
    return reached == count ? nil : "\(count - reached) nodes cannot be reached from the root"
  }
}
