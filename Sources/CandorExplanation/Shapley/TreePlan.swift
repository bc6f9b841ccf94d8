import CandorScoring

/// What one walk through a tree finds out before the tree is laid out: that it is a tree, where each
/// player was tested before, and the order of the inner nodes.
struct TreePlan {
  /// Neighbours in `order` that are worked alike.
  struct Run {
    var range: Range<Int>
    var children: GameRun.Children
    var isRepeated: Bool
  }

  /// The inner nodes by depth, then by kind of children and by whether the player is repeated.
  private(set) var order: [Int] = []
  private(set) var runs: [Run] = []
  /// By node: the nearest node above that tests the same player, or -1.
  private(set) var earlier: [Int]
  private(set) var isLeftOfEarlier: [Bool]
  private(set) var leftShare: [Double]
  private(set) var earlierShare: [Double]
  private(set) var mostOnPath = 0
  private(set) var depth = 0

  init(
    _ tree: TreeEnsemble.Tree, number: Int, owner: [Int32]
  ) throws(ExplanationError) {
    let count = tree.nodeCount
    func fault(_ what: String) -> ExplanationError {
      ExplanationError(
        .unsupported, "Tree \(number) of the model \(what); Shapley values need whole trees.")
    }
    guard count > 0, tree.weight.isFinite,
      [
        tree.feature.count, tree.threshold.count, tree.right.count, tree.missingGoesLeft.count,
        tree.value.count, tree.cover.count,
      ].allSatisfy({ $0 == count })
    else { throw fault("has no nodes, lists of different lengths or an infinite weight") }
    earlier = [Int](repeating: -1, count: count)
    isLeftOfEarlier = [Bool](repeating: false, count: count)
    leftShare = [Double](repeating: 0.5, count: count)
    earlierShare = [Double](repeating: 1, count: count)
    var depths = [Int](repeating: 0, count: count)
    var isSeen = [Bool](repeating: false, count: count)
    var last = [Int](repeating: -1, count: owner.count)
    var goesLeft = [Bool](repeating: false, count: count)
    var onPath = 0
    var inner: [Int] = []
    var stack: [(node: Int, step: Int)] = [(0, 0)]
    while let (node, step) = stack.popLast() {
      if step == 0 {
        guard !isSeen[node] else { throw fault("reaches node \(node) twice") }
        isSeen[node] = true
        guard tree.left[node] >= 0 else {
          guard tree.value[node].isFinite else { throw fault("has a leaf that is not finite") }
          mostOnPath = max(mostOnPath, onPath)
          continue
        }
        guard Int(tree.left[node]) < count, tree.right[node] >= 0,
          Int(tree.right[node]) < count
        else { throw fault("has a child that is none of its nodes") }
        let column = Int(tree.feature[node])
        guard owner.indices.contains(column), owner[column] >= 0, !tree.threshold[node].isNaN
        else {
          throw fault("tests column \(column), which is not the features', or with no threshold")
        }
        if let set = tree.categories[node],
          !set.allSatisfy({ $0 >= 0 && Int($0) < PlayerTrees.mostLevels })
        {
          throw fault("has a set with a level code below 0 or above \(PlayerTrees.mostLevels)")
        }
        let covers = (tree.cover[Int(tree.left[node])], tree.cover[Int(tree.right[node])])
        let sum = covers.0 + covers.1
        guard covers.0 >= 0, covers.1 >= 0, sum.isFinite else {
          throw fault("has a cover that is negative or not finite")
        }
        // Where no training row came, nothing is known, and the sides count alike.
        leftShare[node] = sum > 0 ? covers.0 / sum : 0.5
        let above = last[Int(owner[column])]
        if above >= 0 {
          earlier[node] = above
          isLeftOfEarlier[node] = goesLeft[above]
          earlierShare[node] =
            earlierShare[above] * (goesLeft[above] ? leftShare[above] : 1 - leftShare[above])
        } else {
          onPath += 1
        }
        last[Int(owner[column])] = node
        depths[node] = stack.count
        depth = max(depth, stack.count + 1)
        inner.append(node)
      }
      switch step {
      case 0, 1:
        goesLeft[node] = step == 0
        stack.append((node, step + 1))
        stack.append((Int(step == 0 ? tree.left[node] : tree.right[node]), 0))
      default:
        let player = Int(owner[Int(tree.feature[node])])
        last[player] = earlier[node]
        if earlier[node] < 0 { onPath -= 1 }
      }
    }
    arrange(inner, depths: depths, tree)
  }

  private mutating func arrange(_ inner: [Int], depths: [Int], _ tree: TreeEnsemble.Tree) {
    func kind(_ node: Int) -> (children: GameRun.Children, isRepeated: Bool) {
      let leaves = [tree.left[node], tree.right[node]].count { tree.left[Int($0)] < 0 }
      return (leaves == 0 ? .inner : leaves == 1 ? .mixed : .leaves, earlier[node] >= 0)
    }
    let keys = inner.map { node -> Int in
      let kind = kind(node)
      return depths[node] * 6 + Int(kind.children.rawValue) * 2 + (kind.isRepeated ? 1 : 0)
    }
    let places = inner.indices.sorted { (a: Int, b: Int) -> Bool in
      keys[a] == keys[b] ? a < b : keys[a] < keys[b]
    }
    order = places.map { inner[$0] }
    var start = 0
    while start < places.count {
      var end = start + 1
      while end < places.count, keys[places[end]] == keys[places[start]] { end += 1 }
      let kind = kind(order[start])
      runs.append(
        Run(range: start..<end, children: kind.children, isRepeated: kind.isRepeated))
      start = end
    }
  }
}
