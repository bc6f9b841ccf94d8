import CandorScoring

/// There is one list of out-of-bag rows a tree, rising and without repeats.
enum OutOfBagRows {
  static let check = ScorerCheck(
    "out-of-bag rows are one rising list a tree",
    outOfBag: { scorer, _ in
      let lists = scorer.outOfBagRows
      let trees = scorer.ensemble.trees.count
      guard lists.count == trees else {
        return ["there are \(lists.count) lists for \(trees) trees"]
      }
      for (t, list) in lists.enumerated() {
        if let first = list.first, first < 0 { return ["tree \(t) names row \(first)"] }
        if !zip(list, list.dropFirst()).allSatisfy({ $0 < $1 }) {
          return ["the rows of tree \(t) do not rise"]
        }
      }
      return []
    })
}
