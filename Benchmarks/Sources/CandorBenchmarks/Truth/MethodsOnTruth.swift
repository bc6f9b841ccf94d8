import Candor

/// Methods on the true function itself: what is wrong is the method's own.
struct MethodsOnTruth {
  private struct Row {
    let method: String
    let settings: String
    var relative = Spread()
    var rank = Spread()
    var topFour = Spread()
    var coverage = Spread()
  }

  private var rows: [Row] = []
  private var facts = Measures()

  mutating func measure(_ world: TruthWorld) throws {
    let scorer = try TrueScorer(world)
    let map = scorer.encoder.featureMap
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: map, scale: .margin)
    try measureContributions(world, scorer, model)
    try measureEffects(world, scorer, model)
    try measureImportance(world, scorer, model)
    try measureRecourse(world, scorer)
  }

  // MARK: - Contributions

  private mutating func measureContributions(
    _ world: TruthWorld, _ scorer: TrueScorer, _ model: ExplainedModel
  ) throws {
    let players = try Players(featureMap: model.featureMap)
    let background = try Background(
      name: "training",
      rows: scorer.encoder.encode(world.training, rows: world.backgroundRows))
    let rows = try scorer.encoder.encode(world.test, rows: world.applicantRows)
    let truth = try world.shapley().values(world.cells(of: world.test, world.applicantRows))
    let seeds = world.seeds.child("methods")
    let pairs = 256
    add(
      "`SampledShapley`", "\(pairs) pairs of orders",
      ContributionError(
        try MethodSelection.sampledShapley(
          for: model, rows: rows, players: players, background: background,
          options: SampledShapleyOptions(pairs: pairs), seeds: seeds, threads: world.threads),
        truth: truth))
    let coalitions = 512
    add(
      "`KernelShapley`", "\(coalitions) pairs of coalitions",
      ContributionError(
        try MethodSelection.kernelShapley(
          for: model, rows: rows, players: players, background: background, pairs: coalitions,
          seeds: seeds, threads: world.threads), truth: truth))
    add(
      "`OwenValues`", "four themes, \(pairs) pairs of orders",
      ContributionError(
        try MethodSelection.owenValues(
          for: model, rows: rows, players: players, groups: Self.themes, background: background,
          options: SampledShapleyOptions(pairs: pairs), seeds: seeds, threads: world.threads),
        truth: truth))
    // A group of players gets what its members get: every game here is of one or two.
    let groups = (0..<9).map { number in
      PlayerGroup(
        name: "group \(number)",
        members: world.features.indices.filter { $0 % 9 == number }.map { world.features[$0] })
    }
    let grouped = try Players(featureMap: model.featureMap, groups: groups)
    add(
      "`EnumeratedShapley`", "nine groups of features",
      ContributionError(
        try EnumeratedShapley.explain(
          rows, of: scorer, quantity: model.quantity, players: grouped, background: background,
          threads: world.threads),
        truth: truth.map { values in
          (0..<9).map { number in
            values.indices.filter { $0 % 9 == number }.reduce(0) { $0 + values[$1] }
          }
        }))
    try measureCurved(model, scorer, rows, grouped, background, seeds, threads: world.threads)
    for (draws, name) in [(SurrogateDraws.joint, "joint"), (.independent, "independent")] {
      add(
        "`LocalSurrogate`", "ten designs of 500 rows, \(name) draws",
        ContributionError(
          try LocalSurrogate.explain(
            rows, of: scorer, quantity: model.quantity, players: players, background: background,
            options: LocalSurrogateOptions(draws: draws), seeds: seeds, threads: world.threads),
          truth: truth))
    }
  }

  /// On the scale of the PD the nine groups all interact, and all their coalitions are the truth.
  private mutating func measureCurved(
    _ model: ExplainedModel, _ scorer: TrueScorer, _ rows: EncodedRows, _ players: Players,
    _ background: Background, _ seeds: SeedTree, threads: Int
  ) throws {
    let model = model.on(.probability)
    let exact = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: model.quantity, players: players, background: background,
      threads: threads
    ).map { $0.attributions.map(\.value) }
    add(
      "`SampledShapley`", "PDs of nine groups, 256 pairs of orders",
      ContributionError(
        try MethodSelection.sampledShapley(
          for: model, rows: rows, players: players, background: background,
          options: SampledShapleyOptions(pairs: 256), seeds: seeds, threads: threads),
        truth: exact))
    add(
      "`KernelShapley`", "PDs of nine groups, 128 pairs of coalitions",
      ContributionError(
        try MethodSelection.kernelShapley(
          for: model, rows: rows, players: players, background: background, pairs: 128,
          seeds: seeds, threads: threads), truth: exact))
  }

  private static let themes = [
    PlayerGroup(
      name: "loan",
      members: ["amount", "duration_months", "purpose", "product", "interest_rate"]),
    PlayerGroup(
      name: "means",
      members: ["income", "debt_to_income", "existing_debt", "savings_balance", "card_limit"]),
    PlayerGroup(
      name: "record",
      members: ["bureau_score", "late_payments_12m", "inquiries_6m", "utilisation"]),
    PlayerGroup(
      name: "person", members: ["housing", "employment_years", "region", "occupation"]),
  ]

  private mutating func add(_ method: String, _ settings: String, _ error: ContributionError) {
    let place: Int
    if let known = rows.firstIndex(where: { $0.method == method && $0.settings == settings }) {
      place = known
    } else {
      place = rows.count
      rows.append(Row(method: method, settings: settings))
    }
    rows[place].relative.add(error.relative)
    rows[place].rank.add(error.rank)
    rows[place].topFour.add(error.topFour)
    if let coverage = error.coverage { rows[place].coverage.add(coverage) }
  }

  // MARK: - Effects and interactions

  private mutating func measureEffects(
    _ world: TruthWorld, _ scorer: TrueScorer, _ model: ExplainedModel
  ) throws {
    let sample = try EffectSample(
      name: "held out",
      table: world.test.selecting(columns: world.features)
        .selecting(rows: Array(0..<world.size.effectRows)), encoder: scorer.encoder)
    var options = EffectOptions()
    options.points = 20
    options.curves = 0
    options.resamples = 100
    let seeds = world.seeds.child("effects")
    let population = TrueContributions(
      world.truth, background: try world.truth.cells(of: world.training))
    let own = TrueContributions(
      world.truth,
      background: try world.cells(of: world.test, Array(0..<world.size.effectRows)))
    let partial = try PartialDependence.measure(
      model, sample: sample, options: options, seeds: seeds, threads: world.threads)
    let accumulated = try AccumulatedLocalEffects.measure(
      model, sample: sample, options: options, seeds: seeds, threads: world.threads)
    let alone = world.truth.features.indices.map { position in
      !world.truth.pairs.contains { $0.first == position || $0.second == position }
    }
    for which in [true, false] {
      var curves: [CurveError] = []
      var exact = 0.0
      var local: [CurveError] = []
      for position in world.truth.features.indices
      where alone[position] == which && !world.isWithoutEffect[position] {
        curves.append(
          CurveError(
            partial[position].points.map { ($0.at, $0.centred) }, feature: position,
            truth: population, of: world))
        exact = max(
          exact,
          CurveError(
            partial[position].points.map { ($0.at, $0.centred) }, feature: position, truth: own,
            of: world
          ).largest)
        local.append(
          CurveError(
            accumulated[position].points.map { ($0.at, $0.effect) }, feature: position,
            truth: population, of: world))
      }
      let kind = which ? "alone" : "with a partner"
      facts.add(exact, to: "pdp exact, \(kind)")
      facts.add(CurveError.relative(curves), to: "pdp, \(kind)")
      facts.add(CurveError.coverage(curves), to: "pdp coverage, \(kind)")
      facts.add(CurveError.relative(local), to: "ale, \(kind)")
      facts.add(CurveError.coverage(local), to: "ale coverage, \(kind)")
    }
    try measureInteractions(world, model, sample)
  }

  private mutating func measureInteractions(
    _ world: TruthWorld, _ model: ExplainedModel, _ sample: EffectSample
  ) throws {
    let partnered = Set(world.truth.pairs.flatMap { [$0.first, $0.second] })
    let names = world.truth.features.indices.filter {
      partnered.contains($0) || world.isWithoutEffect[$0]
    }.map { world.features[$0] }
    var options = InteractionH.Options()
    options.rows = 100
    options.resamples = 0
    let found = try InteractionH.measure(
      model, features: names, sample: sample, options: options,
      seeds: world.seeds.child("interactions"), threads: world.threads)
    let true_ = Set(
      world.truth.pairs.map {
        Set([world.features[$0.first], world.features[$0.second]])
      })
    let isTrue = found.pairs.map { entry in
      entry.second.map { true_.contains([entry.first, $0]) } ?? false
    }
    let sizes = found.pairs.map { abs($0.size.value) }
    let least = zip(sizes, isTrue).filter(\.1).map(\.0).min() ?? 0
    let false_ = zip(sizes, isTrue).filter { !$0.1 }.map(\.0).max() ?? 0
    facts.add(Double(isTrue.prefix(true_.count).count { $0 }), to: "h found")
    facts.add(Double(found.pairs.count), to: "h pairs")
    facts.add(least, to: "h least true")
    facts.add(false_, to: "h largest false")
  }

  // MARK: - Importance and recourse

  private mutating func measureImportance(
    _ world: TruthWorld, _ scorer: TrueScorer, _ model: ExplainedModel
  ) throws {
    let players = try Players(featureMap: model.featureMap)
    let sample = PermutationImportance.Sample(
      name: "held out", rows: try scorer.encoder.encode(world.test), targets: world.testLabels)
    let truth = try ImportanceError.trueSizes(world)
    for conditional in [false, true] {
      let found =
        conditional
        ? try PermutationImportance.conditional(
          model, on: sample, players: players, repeats: 5,
          seeds: world.seeds.child("importance"), threads: world.threads)
        : try PermutationImportance.measure(
          model, on: sample, players: players, repeats: 5,
          seeds: world.seeds.child("importance"), threads: world.threads)
      let error = ImportanceError(
        world.features.map { found.player($0)?.importance ?? 0 }, truth: truth,
        isWithoutEffect: world.isWithoutEffect)
      let kind = conditional ? "conditional" : "marginal"
      facts.add(error.rank, to: "\(kind) rank")
      facts.add(error.topFour, to: "\(kind) top")
      facts.add(error.misplaced, to: "\(kind) misplaced")
      facts.add(
        world.features.indices.filter { world.isWithoutEffect[$0] }
          .map { abs(found.player(world.features[$0])?.importance ?? 0) }.max() ?? 0,
        to: "\(kind) false")
    }
  }

  private mutating func measureRecourse(_ world: TruthWorld, _ scorer: TrueScorer) throws {
    let cutOff = 0.25
    let finder = try RecourseFinder(
      model: RecourseModel(
        encoder: scorer.encoder, scorer: scorer, calibrator: .identity, cutOff: cutOff),
      rules: ChangeRules(), training: world.training.selecting(columns: world.features),
      options: RecourseOptions(count: 3, evaluations: 10_000), seeds: world.seeds,
      threads: world.threads)
    let refused = world.testLogOdds.indices.filter { sigmoid(world.testLogOdds[$0]) >= cutOff }
      .prefix(world.size.applicants / 2)
    let cells = try world.truth.cells(of: world.test)
    var answered = 0
    var proposals = 0
    var approved = 0
    for row in refused {
      let recourse = try finder.recourse(
        for: world.test.selecting(columns: world.features), row: row)
      if !recourse.counterfactuals.isEmpty { answered += 1 }
      for counterfactual in recourse.counterfactuals {
        proposals += 1
        var changed = cells.selecting(rows: [row])
        for change in counterfactual.changes {
          guard let position = world.features.firstIndex(of: change.feature) else { continue }
          changed[0, position] =
            switch change.to {
            case .number(let number): number
            case .level(let level):
              world.truth.features[position].levels.firstIndex(of: level).map(Double.init) ?? .nan
            case .missing: .nan
            }
        }
        if sigmoid(world.truth.logOdds(of: changed)[0]) < cutOff { approved += 1 }
      }
    }
    facts.add(Double(refused.count), to: "refused")
    facts.add(Double(answered), to: "answered")
    facts.add(Double(proposals), to: "proposals")
    facts.add(Double(approved), to: "approved")
  }

  // MARK: - Tables

  var tables: String {
    var contributions = MarkdownTable([
      "method", "settings", "error, % of the total", "rank correlation", "top four, %",
      "intervals that hold, %",
    ])
    for row in rows {
      contributions.add([
        row.method, row.settings,
        (row.relative.values.max() ?? 0) < 1e-9 ? "below 1e-9" : row.relative.percent,
        row.rank.decimals(3), row.topFour.percent, row.coverage.percent,
      ])
    }
    return contributions.text + "\n\n" + others.text
  }

  /// What share of the bands holds the truth; a curve without error has bands without width.
  private static func bands(_ coverage: Spread) -> String {
    coverage.values.isEmpty ? "" : "; \(coverage.percent)% of the bands hold"
  }

  private var others: MarkdownTable {
    var table = MarkdownTable(["method", "against", "found"])
    for kind in ["alone", "with a partner"] {
      table.add([
        "`PartialDependence`", "closed form on the same rows, features \(kind)",
        "largest error \(facts["pdp exact, \(kind)"].largest)",
      ])
      table.add([
        "`PartialDependence`", "closed form on all training rows, features \(kind)",
        "error \(facts["pdp, \(kind)"].percent)% of the curves' deviation"
          + Self.bands(facts["pdp coverage, \(kind)"]),
      ])
      table.add([
        "`AccumulatedLocalEffects`", "the same curves, features \(kind)",
        "error \(facts["ale, \(kind)"].percent)% of the curves' deviation"
          + Self.bands(facts["ale coverage, \(kind)"]),
      ])
    }
    table.add([
      "`InteractionH`", "the eight true pairs among \(facts["h pairs"].decimals(0))",
      "\(facts["h found"].decimals(0)) of them first; the smallest has a size of "
        + "\(facts["h least true"].decimals(3)), the largest untrue one "
        + "\(facts["h largest false"].largest)",
    ])
    for kind in ["marginal", "conditional"] {
      table.add([
        "`PermutationImportance`, \(kind)", "standard deviation of true contributions",
        "rank correlation \(facts["\(kind) rank"].decimals(3)), top four "
          + "\(facts["\(kind) top"].percent)%; largest of the four columns without effect "
          + "\(facts["\(kind) false"].largest)",
      ])
    }
    table.add([
      "`RecourseFinder`", "the formulas, refused at a PD of 0.25",
      "\(facts["answered"].decimals(0)) of \(facts["refused"].decimals(0)) refused have an answer; "
        + "\(facts["approved"].decimals(0)) of \(facts["proposals"].decimals(0)) proposals are "
        + "approved",
    ])
    return table
  }
}
