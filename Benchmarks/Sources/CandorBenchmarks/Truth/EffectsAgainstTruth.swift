import Candor

/// Curves and directions of fitted families, held against the true ones.
struct EffectsAgainstTruth {
  private var families: [String] = []
  private var found = Measures()

  mutating func measure(_ world: TruthWorld, _ family: FittedFamily) throws {
    if !families.contains(family.name) { families.append(family.name) }
    let sample = try EffectSample(
      name: "held out",
      table: world.test.selecting(columns: world.features)
        .selecting(rows: Array(0..<world.size.effectRows)), encoder: family.encoder)
    var options = EffectOptions()
    options.points = 20
    options.curves = 0
    options.resamples = 0
    let truth = TrueContributions(
      world.truth, background: try world.truth.cells(of: world.training))
    let seeds = world.seeds.child("effects")
    let partial = try PartialDependence.measure(
      family.model, sample: sample, options: options, seeds: seeds, threads: world.threads)
    let accumulated = try AccumulatedLocalEffects.measure(
      family.model, sample: sample, options: options, seeds: seeds, threads: world.threads)
    let curves: [(name: String, points: [[(at: FeatureGrid.Point, effect: EffectEstimate)]])] = [
      ("partial", partial.map { $0.points.map { ($0.at, $0.effect) } }),
      ("accumulated", accumulated.map { $0.points.map { ($0.at, $0.effect) } }),
    ]
    for (name, points) in curves {
      let errors = world.features.indices.map { position in
        CurveError(
          points[position], feature: position, truth: truth, of: world, scaled: world.slope)
      }
      let with = errors.indices.filter { !world.isWithoutEffect[$0] }.map { errors[$0] }
      let without = errors.indices.filter { world.isWithoutEffect[$0] }.map { errors[$0] }
      let typical = (with.reduce(0) { $0 + $1.variance } / Double(with.count)).squareRoot()
      found.add(CurveError.relative(with), to: "\(family.name) \(name)")
      found.add(
        (without.map(\.foundVariance).max() ?? 0).squareRoot() / typical,
        to: "\(family.name) \(name) false")
      found.add(
        Double(Self.agreeing(points, world).count { $0 }), to: "\(family.name) \(name) sign")
    }
    try checkDirections(world, family, sample, options)
  }

  /// Whether the trend of each declared feature's curve has the declared sign.
  private static func agreeing(
    _ curves: [[(at: FeatureGrid.Point, effect: EffectEstimate)]], _ world: TruthWorld
  ) -> [Bool] {
    world.truth.features.indices.compactMap { position in
      guard let direction = world.truth.features[position].direction else { return nil }
      let points = curves[position].compactMap { point in
        point.at.number.map { (number: $0, value: point.effect.value, share: point.at.share) }
      }
      let total = points.reduce(0) { $0 + $1.share }
      let weights = total == 0 ? points.map { _ in 1 } : points.map(\.share)
      let sum = weights.reduce(0, +)
      let middle = zip(points, weights).reduce(0) { $0 + $1.0.number * $1.1 } / sum
      let trend = zip(points, weights).reduce(0) {
        $0 + ($1.0.number - middle) * $1.0.value * $1.1
      }
      return direction == .rising ? trend > 0 : trend < 0
    }
  }

  private mutating func checkDirections(
    _ world: TruthWorld, _ family: FittedFamily, _ sample: EffectSample, _ options: EffectOptions
  ) throws {
    var declared: [String: Direction] = [:]
    for feature in world.truth.features {
      guard let direction = feature.direction else { continue }
      declared[feature.name] = direction == .rising ? .increasing : .decreasing
    }
    let checks = try DirectionCheck.check(
      family.model, directions: declared, sample: sample, options: options,
      threads: world.threads)
    found.add(Double(declared.count), to: "declared")
    found.add(Double(checks.count { !$0.holds }), to: "\(family.name) violated")
    found.add(
      checks.reduce(0) { $0 + $1.shareTouched } / Double(checks.count),
      to: "\(family.name) touched")
  }

  var table: MarkdownTable {
    var table = MarkdownTable([
      "family", "curves", "error, % of the true curves' deviation",
      "largest curve of a column without effect, % of a typical true one",
      "declared directions found, of \(found["declared"].decimals(0))",
      "features with an applicant against the declared direction", "applicants against it, mean %",
    ])
    for family in families {
      for (name, title) in [
        ("partial", "`PartialDependence`"), ("accumulated", "`AccumulatedLocalEffects`"),
      ] {
        let isFirst = name == "partial"
        table.add([
          family, title, found["\(family) \(name)"].percent,
          found["\(family) \(name) false"].percent,
          found["\(family) \(name) sign"].decimals(0),
          isFirst ? found["\(family) violated"].decimals(0) : "",
          isFirst ? found["\(family) touched"].percent : "",
        ])
      }
    }
    return table
  }
}
