import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport

/// A small portfolio with a number that moves by steps, a free number, an order and names.
enum RecourseFixtures {
  static let levels = ["low", "mid", "high", "top"]
  static let names = ["rent", "own", "family"]
  static let features = ["duration", "income", "savings", "housing", "age"]

  static func table(_ seed: UInt64, rows: Int = 120) throws -> Table {
    var generator = SeedTree(seed: seed).child("portfolio").generator()
    func draw(_ count: Int) -> [Double] {
      (0..<rows).map { _ in Double(generator.nextInteger(below: count)) }
    }
    let savings = draw(4).map { Int32($0) }
    let housing = draw(3).map { Int32($0) }
    return try Table(columns: [
      Column(name: "duration", numbers: draw(6).map { 6 + 6 * $0 }),
      Column(name: "income", numbers: draw(8).map { 1000 + 250 * $0 }),
      Column(
        name: "savings", codes: savings, levels: CategoryDictionary(levels: levels), type: .ordinal),
      Column(name: "housing", codes: housing, levels: CategoryDictionary(levels: names)),
      Column(name: "age", numbers: draw(40).map { 20 + $0 }),
    ])
  }

  static let rules = ChangeRules(rules: [
    .init(feature: "duration", change: .down, step: 6, atLeast: 6, atMost: 36),
    .init(feature: "income", change: .any),
    .init(feature: "savings", change: .up),
    .init(feature: "housing", levels: ["rent", "own"]),
    .init(feature: "age", change: .fixed),
  ])

  static func encoder(_ table: Table, native: Bool = false) throws -> CandorData.Encoder {
    var options = EncodingOptions()
    if native { options.categorical = .levelCodes }
    return try CandorData.Encoder.fit(table, features: features, options: options)
  }

  /// An affine scorer with random coefficients.
  static func affine(_ encoder: CandorData.Encoder, seed: UInt64) -> AffineScorer {
    var generator = SeedTree(seed: seed).child("coefficients").generator()
    return AffineScorer(
      coefficients: (0..<encoder.featureMap.width).map { _ in generator.nextNormal() },
      intercept: 0.3)
  }

  /// Random trees on the encoded columns, sets at columns of level codes.
  static func trees(
    _ encoder: CandorData.Encoder, on rows: EncodedRows, count: Int = 7, depth: Int = 4,
    seed: UInt64, comparison: TreeEnsemble.Comparison = .lessOrEqual
  ) -> PlainTrees {
    var generator = SeedTree(seed: seed).child("trees").generator()
    let matrix = rows.matrix
    var all: [TreeEnsemble.Tree] = []
    for _ in 0..<count {
      var tree = TreeEnsemble.Tree(weight: 0.5)
      func grow(_ level: Int) -> Int {
        let node = tree.appendLeaf(value: generator.nextNormal(), cover: 1)
        guard level < depth, generator.nextUniform() < 0.9 else { return node }
        let column = generator.nextInteger(below: matrix.columns)
        let row = generator.nextInteger(below: matrix.rows)
        tree.feature[node] = Int32(column)
        tree.missingGoesLeft[node] = generator.nextUniform() < 0.5
        if let levels = encoder.featureMap.levelCounts[column] {
          var set: Set<Int32> = []
          for level in 0..<levels where generator.nextUniform() < 0.5 { set.insert(Int32(level)) }
          tree.categories[node] = set
        } else {
          tree.threshold[node] = matrix[row, column]
        }
        let left = grow(level + 1)
        tree.left[node] = Int32(left)
        let right = grow(level + 1)
        tree.right[node] = Int32(right)
        return node
      }
      _ = grow(0)
      all.append(tree)
    }
    return PlainTrees(
      inputWidth: encoder.featureMap.width,
      ensemble: TreeEnsemble(trees: all, baseMargin: 0.2, comparison: comparison))
  }

  /// The rows that a model refuses.
  static func refused(_ model: RecourseModel, in table: Table) throws -> [Int] {
    let margins = try model.scorer.margins(of: model.encoder.encode(table))
    return margins.indices.filter {
      model.calibrator.probability(margins[$0]) >= model.cutOff
    }
  }

  /// A cut-off at this quantile of the PDs, between two of them.
  static func model(
    _ encoder: CandorData.Encoder, _ scorer: any Scorer, on table: Table, quantile: Double = 0.3,
    calibrator: Calibrator = .platt(slope: 0.7, offset: -0.1)
  ) throws -> RecourseModel {
    let margins = try scorer.margins(of: encoder.encode(table))
    let probabilities = margins.map(calibrator.probability).sorted()
    let place = Int(quantile * Double(probabilities.count))
    let cutOff = (probabilities[place] + probabilities[place + 1]) / 2
    return try RecourseModel(
      encoder: encoder, scorer: scorer, calibrator: calibrator, cutOff: cutOff + 1e-9)
  }
}

/// Tries every permitted choice of the fixture's rules, without any of the product's search.
enum RecourseOracle {
  /// The cheapest price of an approved choice, by the features that change; empty where there is none.
  static func best(
    _ model: RecourseModel, table: Table, row: Int, costPerChange: Double = 0.1
  ) throws -> [Set<String>: Double] {
    let columns = try RecourseFixtures.features.map { try table.requiredColumn($0) }
    var choices: [[(cell: Cell, cost: Double)]] = []
    let numbers = columns.map { $0.numbers ?? [] }
    func share(_ feature: Int, _ value: Double) -> Double {
      let all = numbers[feature]
      let below = Double(all.count { $0 < value })
      return (below + Double(all.count { $0 == value }) / 2) / Double(all.count)
    }
    for (feature, least, most) in [(0, 6.0, numbers[0][row]), (1, 0.0, 1e9)] {
      let now = numbers[feature][row]
      choices.append(
        Set(numbers[feature]).sorted().filter { $0 >= least && $0 <= most }.map {
          (
            .number($0),
            $0 == now ? 0 : costPerChange + abs(share(feature, $0) - share(feature, now))
          )
        })
    }
    let savings = columns[2].codes?.codes ?? []
    func level(_ code: Int32) -> Double {
      let below = Double(savings.count { $0 < code })
      return (below + Double(savings.count { $0 == code }) / 2) / Double(savings.count)
    }
    choices.append(
      (savings[row]..<4).map { code in
        (
          .text(RecourseFixtures.levels[Int(code)]),
          code == savings[row] ? 0 : costPerChange + level(code) - level(savings[row])
        )
      })
    let housing = columns[3].codes?.codes ?? []
    choices.append(
      (0..<3).filter { $0 < 2 || $0 == housing[row] }.map { code in
        let share = Double(housing.count { $0 == code }) / Double(housing.count)
        return (
          .text(RecourseFixtures.names[Int(code)]),
          code == housing[row] ? 0 : costPerChange + 1 - share
        )
      })
    choices.append([(.number(numbers[4][row]), 0)])
    var best: [Set<String>: Double] = [:]
    let encoder = RowEncoder(model.encoder)
    func descend(_ feature: Int, _ cells: [Cell], _ cost: Double, _ moved: Set<String>) throws {
      if feature == choices.count {
        let margin = try model.scorer.margins(of: EncodedRows(row: encoder.encode(cells)))[0]
        if model.calibrator.probability(margin) < model.cutOff {
          best[moved] = min(best[moved] ?? .infinity, cost)
        }
        return
      }
      for choice in choices[feature] {
        try descend(
          feature + 1, cells + [choice.cell], cost + choice.cost,
          choice.cost > 0 ? moved.union([RecourseFixtures.features[feature]]) : moved)
      }
    }
    try descend(0, [], 0, [])
    return best
  }

  /// The prices of the cheapest ways of which none changes all that an earlier one does.
  static func diverse(_ best: [Set<String>: Double], count: Int) -> [Double] {
    var chosen: [(moved: Set<String>, cost: Double)] = []
    for (moved, cost) in best.sorted(by: { $0.value < $1.value }) {
      if chosen.count < count, chosen.allSatisfy({ !moved.isSuperset(of: $0.moved) }) {
        chosen.append((moved, cost))
      }
    }
    return chosen.map(\.cost)
  }
}
