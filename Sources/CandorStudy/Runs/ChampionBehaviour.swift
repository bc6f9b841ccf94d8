import CandorData
import CandorDocument
import CandorExplanation
import CandorNumerics
import CandorReport
import CandorScoring

/// What the champion does as a whole beside the importance of its features: beyond other features, in
/// which direction, how evenly, and together with what.
enum ChampionBehaviour {
  private static let shownInSwarm = 15

  static func measure(
    _ explanation: GlobalExplanation, family: FamilyRun, model: RiskModel, study: Study,
    data: StudyData, options: RunOptions
  ) throws -> BehaviourInput {
    let seeds = SeedTree(seed: study.seed).child("behaviour")
    // The rows and orders of the marginal importance above, so that both views are of one sample.
    let own = SeedTree(seed: study.seed).child("global").child(explanation.key)
    let map = model.encoder.featureMap
    let score = try ExplainedModel(
      scorer: model.scorer, calibrator: model.calibrator, featureMap: map, scale: .logOdds,
      pointsScale: model.pointsScale)
    let players = try Players(featureMap: map)
    let held = try GlobalExplanation.heldOutRows(
      study.explain.importanceRows, data: data, seeds: own.child("rows"))
    let sample = try GlobalExplanation.sample(
      of: held, name: "test", encoder: model.encoder, data: data)
    try options.begin("explaining the champion", 0.1)
    let clusters = try CorrelationClusters(
      rows: sample.rows, featureMap: map, players: players, threads: options.threads)
    let contrast = try ImportanceContrast.measure(
      score, on: sample, players: players, clusters: clusters, by: .aucDrop,
      repeats: study.explain.repeats, seeds: own.child("importance"), threads: options.threads)
    try options.begin("explaining the champion", 0.4)
    let rows = try testRows(
      study.explain.effects.rows, data: data, seeds: seeds.child("effect rows"))
    let applicants = try EffectSample(
      name: "test", table: data.table.selecting(columns: model.features).selecting(rows: rows),
      encoder: model.encoder,
      weights: data.weights.map { all in rows.map { all[$0] } })
    let top = Array(
      explanation.importance.players.prefix(study.explain.effects.features).map(\.source))
    var effectOptions = EffectOptions()
    effectOptions.curves = 0
    effectOptions.points = study.explain.effects.points
    effectOptions.resamples = study.explain.effects.resamples
    let effects = try AccumulatedLocalEffects.measure(
      score, features: top, sample: applicants, options: effectOptions,
      seeds: seeds.child("effects"), threads: options.threads)
    let dependence = try PartialDependence.measure(
      score, features: top, sample: applicants, options: effectOptions,
      seeds: seeds.child("effects"), threads: options.threads)
    try options.begin("explaining the champion", 0.7)
    let declared = study.directions.filter {
      model.features.contains($0.key) && model.encoder.risingColumn(of: $0.key) != nil
    }
    let directions =
      declared.isEmpty
      ? []
      : try DirectionCheck.check(
        score, directions: declared, sample: applicants, options: effectOptions,
        threads: options.threads)
    let interacting = explanation.importance.players.prefix(study.explain.effects.interacting)
      .map(\.source)
    let interactions = try InteractionH.measure(
      score, features: Array(interacting), sample: applicants,
      seeds: seeds.child("interactions"), threads: options.threads)
    var input = BehaviourInput(
      contrast: contrast,
      swarm: try swarm(
        score, most: study.explain.effects.contributionRows, players: players, model: model,
        data: data, seeds: seeds, options: options),
      effects: effects, dependence: dependence, directions: directions,
      interactions: interactions)
    input.dropColumn = try ChampionRefits(family, study: study, data: data, options: options)
      .dropColumns(explanation.importance, sample: sample, players: players)
    try options.begin("explaining the champion", 0.8)
    input.surrogates = try ChampionSurrogates(
      score: score, model: model, players: players, data: data,
      seeds: seeds.child("surrogates"), options: options
    ).measure(on: held)
    return input
  }

  /// Test rows without replacement, rising.
  private static func testRows(_ most: Int, data: StudyData, seeds: SeedTree) throws -> [Int] {
    let test = data.split.test
    var generator = seeds.generator()
    return Sampling.withoutReplacement(
      min(most, test.count), from: test.count, using: &generator
    ).sorted().map { test[$0] }
  }

  private static func swarm(
    _ score: ExplainedModel, most: Int, players: Players, model: RiskModel, data: StudyData,
    seeds: SeedTree, options: RunOptions
  ) throws -> BehaviourInput.Swarm? {
    guard let training = model.reference(named: ReferenceSelection.training) else { return nil }
    let whole = try Background(
      name: training.name, rows: model.encoder.encode(training.table), hash: training.hash)
    let method = MethodSelection.shapleyMethod(for: score, players: players, background: whole)
    // Sampled values cost as much as all other figures together: fewer applicants, fewer rows.
    let rows = try testRows(
      method.isExact ? most : most / 4, data: data, seeds: seeds.child("swarm rows"))
    let background =
      method.isExact
      ? whole : try GlobalExplanation.smaller(whole, seeds: seeds.child("swarm background"))
    let table = data.table.selecting(columns: model.features).selecting(rows: rows)
    let found = try MethodSelection.shapley(
      for: score, rows: model.encoder.encode(table), players: players, background: background,
      options: SampledShapleyOptions(pairs: 2 * background.count), seeds: seeds.child("swarm"),
      threads: options.threads)
    guard let first = found.first else { return nil }
    let sizes = first.attributions.indices.map { position in
      found.reduce(0) { $0 + abs($1.attributions[position].value) }
    }
    let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let shown = order.prefix(shownInSwarm).map { position -> BeeswarmChart.Row in
      let source = first.attributions[position].source
      let levels = levels(of: table.column(source))
      return BeeswarmChart.Row(
        label: .text(source),
        dots: found.indices.map {
          BeeswarmChart.Dot(value: found[$0].attributions[position].value, level: levels[$0])
        })
    }
    return BehaviourInput.Swarm(
      method: method, background: background.name, backgroundRows: background.count,
      applicants: found.count, rows: shown)
  }

  /// Where each value stands among the others, from 0 to 1: ranks of numbers, places of ordered
  /// levels; nil for names and missing cells.
  private static func levels(of column: Column?) -> [Double?] {
    guard let column else { return [] }
    switch column.storage {
    case .numbers(let numbers):
      let known = numbers.indices.filter { !numbers[$0].isNaN }
      let ranks = Ranks.average(known.map { numbers[$0] })
      var levels = [Double?](repeating: nil, count: numbers.count)
      for (place, row) in known.enumerated() {
        levels[row] = known.count > 1 ? (ranks[place] - 1) / Double(known.count - 1) : 0.5
      }
      return levels
    case .codes(let codes, let dictionary):
      guard column.type != .categorical, dictionary.levels.count > 1 else {
        return Array(repeating: nil, count: codes.count)
      }
      return codes.map { $0 < 0 ? nil : Double($0) / Double(dictionary.levels.count - 1) }
    }
  }
}

extension ChampionBehaviour {
  /// The quality of the champion's explanations on test rows, the other families' beside them, and
  /// the fits on permuted outcomes that were made for it.
  static func scorecard(
    _ models: [RiskModel], champion: Int, families: [FamilyRun], data: StudyData, study: Study,
    options: RunOptions
  ) throws -> (card: ExplanationScorecard, refits: RefitExtent) {
    let seeds = SeedTree(seed: study.seed).child("scorecard")
    let model = models[champion]
    let explainer = try ApplicantExplainer(model, settles: false, threads: options.threads)
    let rows = try testRows(study.explain.audit.rows, data: data, seeds: seeds.child("rows"))
    let table = data.table.selecting(rows: rows)
    var others: [OtherFamily] = []
    for (position, other) in models.enumerated() where position != champion {
      let own = try ApplicantExplainer(other, settles: false, threads: options.threads)
      guard own.players.names == explainer.players.names else { continue }
      others.append(
        OtherFamily(
          name: families[position].key,
          explanations: try own.contributions(of: table, by: .shapley, against: .approved)))
    }
    let refits = try ChampionRefits(
      families[champion], study: study, data: data, options: options)
    let permuted = try refits.permutedLabels(
      evaluationsOfOne: explainer.evaluationsOfOne)
    return (
      try explainer.audit(
        table, families: others, most: study.explain.audit.rows, effort: study.explain.audit,
        refits: permuted),
      refits.extent(fits: permuted.repeats, permuted.training)
    )
  }
}
