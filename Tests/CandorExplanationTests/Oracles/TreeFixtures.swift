import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring

/// A scorer that walks its trees by the words of `TreeEnsemble`, node after node.
struct EnsembleScorer: TreeEnsembleScorer {
  let ensemble: TreeEnsemble
  let inputWidth: Int
  var levelCounts: [Int: Int] = [:]
  var marginScale: MarginScale { .logOdds }
  var acceptsMissing: Bool { true }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let matrix = rows.matrix
    for r in 0..<rows.count { output[r] = margin(Array(matrix.row(r))) }
  }

  func margin(_ row: [Double]) -> Double {
    ensemble.trees.reduce(ensemble.baseMargin) { sum, tree in
      var node = 0
      while tree.left[node] >= 0 {
        node = Int(goesLeft(tree, node, row) ? tree.left[node] : tree.right[node])
      }
      return sum + tree.weight * tree.value[node]
    }
  }

  func goesLeft(_ tree: TreeEnsemble.Tree, _ node: Int, _ row: [Double]) -> Bool {
    let column = Int(tree.feature[node])
    var value = row[column]
    if let count = levelCounts[column], !(0..<count).contains(where: { Double($0) == value }) {
      value = .nan
    }
    if value.isNaN { return tree.missingGoesLeft[node] }
    if let set = tree.categories[node] { return set.contains { Double($0) == value } }
    if ensemble.precision == .single { value = Double(Float(value)) }
    return ensemble.comparison == .less
      ? value < tree.threshold[node] : value <= tree.threshold[node]
  }

  /// The worth of a coalition in the path-dependent game: at tests of players outside of it, the
  /// sides' shares of cover.
  func coverWorth(_ coalition: Set<Int>, at row: [Double], players: [[Int]]) -> Double {
    func mean(_ tree: TreeEnsemble.Tree, _ node: Int) -> Double {
      guard tree.left[node] >= 0 else { return tree.value[node] }
      let (left, right) = (Int(tree.left[node]), Int(tree.right[node]))
      let player = players.firstIndex { $0.contains(Int(tree.feature[node])) }
      if let player, coalition.contains(player) {
        return mean(tree, goesLeft(tree, node, row) ? left : right)
      }
      let cover = tree.cover[left] + tree.cover[right]
      let share = cover > 0 ? tree.cover[left] / cover : 0.5
      return share * mean(tree, left) + (1 - share) * mean(tree, right)
    }
    return ensemble.trees.reduce(ensemble.baseMargin) { $0 + $1.weight * mean($1, 0) }
  }
}

/// What a random case of a tree game has.
struct TreeCase {
  let scorer: EnsembleScorer
  let players: Players
  let background: Background
  let rows: EncodedRows

  /// A few small trees over four columns of small numbers, one of them level codes, with missing
  /// cells, tests repeated on a path, both comparisons and precisions, nodes without cover, weighted
  /// rows, and players of one column or of several.
  init(seed: UInt64, rows count: Int = 2) throws {
    var generator = SeedTree(seed: seed).child("trees").generator()
    let width = 5
    let levelColumn = 4
    let levels = 4
    func cell(_ column: Int, _ generator: inout CounterGenerator) -> Double {
      if generator.nextInteger(below: 8) == 0 { return .nan }
      if column == levelColumn { return Double(generator.nextInteger(below: levels + 1)) }
      // A third is another number in single precision; it meets thresholds of both kinds.
      return Double(generator.nextInteger(below: 5)) / 3
    }
    func makeRows(_ count: Int, _ generator: inout CounterGenerator) -> EncodedRows {
      var values: [[Double]] = []
      for _ in 0..<count {
        var row: [Double] = []
        for column in 0..<width { row.append(cell(column, &generator)) }
        values.append(row)
      }
      return Fixtures.rows(values)
    }
    var trees: [TreeEnsemble.Tree] = []
    for _ in 0..<1 + generator.nextInteger(below: 3) {
      var tree = TreeEnsemble.Tree(weight: Double(1 + generator.nextInteger(below: 3)) / 2)
      func grow(_ depth: Int, _ cover: Double) -> Int {
        let node = tree.appendLeaf(value: generator.nextNormal(), cover: cover)
        if depth == 0 || (depth < 4 && generator.nextInteger(below: 4) == 0) { return node }
        let column = generator.nextInteger(below: width)
        tree.feature[node] = Int32(column)
        tree.missingGoesLeft[node] = generator.nextInteger(below: 2) == 0
        if column == levelColumn {
          tree.categories[node] = Set(
            (0..<levels).filter { _ in generator.nextInteger(below: 2) == 0 }.map { Int32($0) })
        } else {
          let third = Double(generator.nextInteger(below: 5)) / 3
          tree.threshold[node] =
            generator.nextInteger(below: 2) == 0 ? third : Double(Float(third))
        }
        let part = [0, 0.25, 0.5, 0.7][generator.nextInteger(below: 4)]
        let left = grow(depth - 1, part * cover)
        let right = grow(depth - 1, cover - part * cover)
        tree.left[node] = Int32(left)
        tree.right[node] = Int32(right)
        return node
      }
      _ = grow(4, 64)
      trees.append(tree)
    }
    scorer = EnsembleScorer(
      ensemble: TreeEnsemble(
        trees: trees, baseMargin: generator.nextNormal(),
        comparison: generator.nextInteger(below: 2) == 0 ? .less : .lessOrEqual,
        precision: generator.nextInteger(below: 2) == 0 ? .single : .double),
      inputWidth: width, levelCounts: [levelColumn: levels])
    let map = FeatureMap(
      sources: [
        .init(name: "a", columns: 0..<1), .init(name: "dropped", columns: 1..<1),
        .init(name: "b", columns: 1..<3), .init(name: "c", columns: 3..<4),
        .init(name: "d", columns: 4..<5),
      ], columnNames: (0..<width).map { "c\($0)" }, levelCounts: [levelColumn: levels])
    players = try Players(
      featureMap: map,
      groups: generator.nextInteger(below: 3) == 0
        ? [PlayerGroup(name: "group", members: ["a", "d"])] : [])
    let size = 1 + generator.nextInteger(below: 7)
    var weights: [Double]? = nil
    if generator.nextInteger(below: 2) == 0 {
      weights = (0..<size).map { _ in Double(generator.nextInteger(below: 3)) }
      if weights?.allSatisfy({ $0 == 0 }) == true { weights = nil }
    }
    background = try Background(
      name: "b", rows: makeRows(size, &generator), weights: weights)
    rows = makeRows(count, &generator)
  }

  /// The marginal game of a row.
  func marginal(_ row: [Double]) -> BruteForceGame {
    let others = Fixtures.arrays(background.rows)
    let weights = background.weights ?? others.map { _ in 1 }
    return BruteForceGame(count: players.count) { coalition in
      var sum = 0.0
      for (other, weight) in zip(others, weights) {
        var mixed = other
        for player in coalition { for c in players.columns[player] { mixed[c] = row[c] } }
        sum += weight * scorer.margin(mixed)
      }
      return sum / weights.reduce(0, +)
    }
  }

  /// The path-dependent game of a row.
  func pathDependent(_ row: [Double]) -> BruteForceGame {
    BruteForceGame(count: players.count) {
      scorer.coverWorth($0, at: row, players: players.columns)
    }
  }
}
