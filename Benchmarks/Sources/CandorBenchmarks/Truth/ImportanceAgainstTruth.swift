import Candor

/// Importance of fitted families, held against the deviation of each feature's true contribution.
struct ImportanceAgainstTruth {
  private struct Row {
    let family: String
    let method: String
    var rank = Spread()
    var topFour = Spread()
    var misplaced = Spread()
    var given = Spread()
  }

  private var rows: [Row] = []

  mutating func measure(
    _ world: TruthWorld, _ family: FittedFamily, contributions: [Explanation]
  ) throws {
    let truth = try ImportanceError.trueSizes(world)
    let players = try Players(featureMap: family.model.featureMap)
    let sample = PermutationImportance.Sample(
      name: "held out", rows: try family.encoder.encode(world.test), targets: world.testLabels)
    let seeds = world.seeds.child("importance")
    func add(_ method: String, _ found: [Double]) {
      record(
        family.name, method,
        ImportanceError(found, truth: truth, isWithoutEffect: world.isWithoutEffect))
    }
    func values(_ found: PermutationImportance) -> [Double] {
      world.features.map { found.player($0)?.importance ?? 0 }
    }
    add(
      "permutation, marginal",
      values(
        try PermutationImportance.measure(
          family.model, on: sample, players: players, repeats: 5, seeds: seeds,
          threads: world.threads)))
    add(
      "permutation, conditional",
      values(
        try PermutationImportance.conditional(
          family.model, on: sample, players: players, repeats: 5, seeds: seeds,
          threads: world.threads)))
    if let forest = family.model.scorer as? OutOfBagForest {
      add(
        "permutation, out of bag",
        values(
          try PermutationImportance.outOfBag(
            forest, calibrator: family.model.quantity.calibrator,
            sample: PermutationImportance.Sample(
              name: "training", rows: family.training.rows, targets: family.training.targets),
            featureMap: family.encoder.featureMap, players: players, repeats: 2, seeds: seeds,
            threads: world.threads)))
    }
    if let learner = family.learner {
      func drop(_ learner: some Learner) throws -> DropColumnImportance {
        try DropColumnImportance.measure(
          learner, training: family.training, sample: sample, players: players,
          dropping: world.features, refits: 1, seeds: seeds, threads: world.threads)
      }
      let found = try drop(learner)
      add("drop column", world.features.map { found.player($0)?.importance ?? 0 })
    }
    add(
      "mean absolute Shapley value",
      world.features.indices.map { position in
        contributions.reduce(0) { $0 + abs($1.attributions[position].value) }
          / Double(contributions.count)
      })
  }

  private mutating func record(_ family: String, _ method: String, _ error: ImportanceError) {
    let place: Int
    if let known = rows.firstIndex(where: { $0.family == family && $0.method == method }) {
      place = known
    } else {
      place = rows.count
      rows.append(Row(family: family, method: method))
    }
    rows[place].rank.add(error.rank)
    rows[place].topFour.add(error.topFour)
    rows[place].misplaced.add(error.misplaced)
    rows[place].given.add(error.given)
  }

  var table: MarkdownTable {
    var table = MarkdownTable([
      "family", "importance", "rank correlation with the truth", "top four, %",
      "column without effect above one with, % of pairs", "given to columns without effect, %",
    ])
    for row in rows {
      table.add([
        row.family, row.method, row.rank.decimals(3), row.topFour.percent, row.misplaced.percent,
        row.given.percent,
      ])
    }
    return table
  }
}
