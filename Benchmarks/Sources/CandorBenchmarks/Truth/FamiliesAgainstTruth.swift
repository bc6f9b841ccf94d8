import Candor

/// Methods on fitted families: the whole error against the truth, the model's part of it, and the
/// method's own.
struct FamiliesAgainstTruth {
  private struct Row {
    let family: String
    let method: String
    var isExact = false
    var whole = Spread()
    var own = Spread()
    var rank = Spread()
    var topFour = Spread()
    var ownRank = Spread()
  }

  private var rows: [Row] = []
  private var importances = ImportanceAgainstTruth()
  private var effects = EffectsAgainstTruth()
  private var areas = Measures()
  private var referenceError = Spread()

  mutating func measure(_ world: TruthWorld) throws {
    let truth = try world.shapley().values(
      world.cells(of: world.test, world.applicantRows), scaled: world.slope)
    for family in try FittedFamily.all(world) {
      areas.add(family.auc, to: family.name)
      let exact = try measureContributions(world, family, truth: truth)
      try importances.measure(world, family, contributions: exact)
      try effects.measure(world, family)
      TruthRow.note("  \(family.name) done")
    }
  }

  /// Measures each method that the family allows; returns the model's own Shapley values.
  private mutating func measureContributions(
    _ world: TruthWorld, _ family: FittedFamily, truth: [[Double]]
  ) throws -> [Explanation] {
    let model = family.model
    let players = try Players(featureMap: model.featureMap)
    let background = try Background(
      name: "training", rows: family.encoder.encode(world.training, rows: world.backgroundRows))
    let rows = try family.encoder.encode(world.test, rows: world.applicantRows)
    let seeds = world.seeds.child("contributions")
    let threads = world.threads
    let isExact =
      MethodSelection.shapleyMethod(for: model, players: players, background: background).isExact
    let reference = try MethodSelection.shapley(
      for: model, rows: rows, players: players, background: background,
      options: SampledShapleyOptions(pairs: 1_024), seeds: seeds.child("reference"),
      threads: threads)
    let values = reference.map { $0.attributions.map(\.value) }
    if !isExact {
      let errors = reference.flatMap { $0.attributions.map { $0.standardError ?? 0 } }
      referenceError.add(
        errors.reduce(0, +) / values.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } })
    }
    func add(_ method: String, _ found: [Explanation], isExact: Bool = false, isSlope: Bool = false)
    {
      record(
        family.name, method, whole: ContributionError(found, truth: truth),
        own: ContributionError(found, truth: values), isExact: isExact, isSlope: isSlope)
    }
    switch model.scorer {
    case is any LinearScorer: add("`LinearShapley`", reference, isExact: true)
    case is any TreeEnsembleScorer: add("`InterventionalTreeShapley`", reference, isExact: true)
    default: add("`SampledShapley`, 1,024 pairs", reference, isExact: true)
    }
    add(
      "`SampledShapley`, 256 pairs",
      try MethodSelection.sampledShapley(
        for: model, rows: rows, players: players, background: background,
        options: SampledShapleyOptions(pairs: 256), seeds: seeds, threads: threads))
    add(
      "`KernelShapley`, 256 pairs",
      try MethodSelection.kernelShapley(
        for: model, rows: rows, players: players, background: background, pairs: 256,
        seeds: seeds, threads: threads))
    if model.scorer is any LinearScorer {
      add(
        "`ConditionalLinearShapley`",
        try MethodSelection.conditionalShapley(
          for: model, players: players, background: fullBackground(world, family), seeds: seeds,
          threads: threads
        ).explain(rows))
    }
    if model.scorer is any TreeEnsembleScorer {
      add(
        "`PathDependentTreeShapley`",
        try MethodSelection.pathDependentShapley(
          for: model, rows: rows, players: players, threads: threads))
    }
    if MethodSelection.available(for: model).contains(.integratedGradients) {
      let baseline = try GradientBaseline(meanOf: background)
      add(
        "`IntegratedGradients`",
        try MethodSelection.integratedGradients(
          for: model, rows: rows, players: players, background: background, baseline: baseline,
          threads: threads))
      add(
        "`ExpectedGradients`",
        try MethodSelection.expectedGradients(
          for: model, rows: rows, players: players, background: background, seeds: seeds,
          threads: threads))
      add(
        "`Saliency`, times difference",
        try MethodSelection.saliency(
          for: model, rows: rows, players: players, baseline: baseline,
          form: .gradientTimesDifference, threads: threads))
      add(
        "`SmoothGradient`",
        try MethodSelection.smoothGradient(
          for: model, rows: rows, players: players, background: background, seeds: seeds,
          threads: threads), isSlope: true)
    }
    add(
      "`LocalSurrogate`",
      try LocalSurrogate.explain(
        rows, of: model.scorer, quantity: model.quantity, players: players,
        background: background, seeds: seeds, threads: threads))
    return reference
  }

  /// The normal distribution of the conditional game needs more rows than a background has.
  private func fullBackground(
    _ world: TruthWorld, _ family: FittedFamily
  ) throws -> Background {
    try Background(
      name: "training",
      rows: family.encoder.encode(
        world.training, rows: Array(0..<min(2_000, world.size.training))))
  }

  private mutating func record(
    _ family: String, _ method: String, whole: ContributionError, own: ContributionError,
    isExact: Bool, isSlope: Bool
  ) {
    let place: Int
    if let known = rows.firstIndex(where: { $0.family == family && $0.method == method }) {
      place = known
    } else {
      place = rows.count
      rows.append(Row(family: family, method: method, isExact: isExact))
    }
    if !isSlope {
      rows[place].whole.add(whole.relative)
      rows[place].own.add(own.relative)
    }
    rows[place].rank.add(whole.rank)
    rows[place].topFour.add(whole.topFour)
    rows[place].ownRank.add(own.rank)
  }

  var tables: String {
    var table = MarkdownTable([
      "family (AUC)", "method", "error against the truth, %", "rank correlation with it",
      "top four, %", "error against the model's own values, %", "rank correlation with them",
    ])
    for row in rows {
      table.add([
        row.isExact ? "\(row.family) (\(areas[row.family].decimals(3)))" : row.family,
        row.method, row.whole.percent, row.rank.decimals(3), row.topFour.percent,
        row.isExact
          ? "(these)"
          : (row.own.values.max() ?? 1) < 1e-9
            ? "below 1e-9" : row.own.percent,
        row.isExact ? "" : row.ownRank.decimals(3),
      ])
    }
    return """
      \(table.text)

      The first method of each family gives the model's own Shapley values, exact but for the network, \
      where their mean standard error is \(referenceError.percent)% of the mean sum: its error against \
      the truth is the model's. `SmoothGradient` is a slope and has no size to compare.

      \(importances.table.text)

      \(effects.table.text)
      """
  }
}
