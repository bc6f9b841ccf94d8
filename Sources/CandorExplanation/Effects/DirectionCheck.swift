import CandorData
import CandorNumerics
public import CandorScoring

/// Whether a model keeps the direction that a lender declares for a feature, on every applicant's own
/// curve and not on the average alone.
///
/// Values are on the explained scale, where up is always towards bad: an `increasing` feature may
/// never lower the value as it rises.
public struct DirectionCheck: Sendable, Equatable, Codable {
  /// How much of the feature's range was looked at.
  public enum Coverage: String, Sendable, Codable {
    /// Every interval between thresholds of the trees: no violation of these applicants can hide.
    case everyThreshold
    /// Every level.
    case everyLevel
    /// The model is a straight line of the feature: two points are enough.
    case straightLine
    /// A grid; what happens between its points was not looked at.
    case grid
  }

  /// A value of the feature.
  public struct Place: Sendable, Equatable, Codable {
    /// As a person would write it.
    public let label: String
    /// The number; nil for levels.
    public let number: Double?
  }

  /// One applicant's largest move against the direction.
  public struct Violation: Sendable, Equatable, Codable {
    /// The row of the sample.
    public let row: Int
    /// How far the value moves against the direction, on the explained scale; positive.
    public let size: Double
    /// The lower value of the feature.
    public let from: Place
    /// The higher value of the feature.
    public let to: Place
    /// The applicant's value at the lower one.
    public let before: Double
    /// The applicant's value at the higher one.
    public let after: Double
  }

  /// What happens between two neighbouring values.
  public struct Interval: Sendable, Equatable, Codable {
    /// The lower value's label.
    public let from: String
    /// The higher value's label.
    public let to: String
    /// The share of the applicants whose curve moves against the direction here.
    public let share: Double
    /// The largest such move.
    public let largest: Double
  }

  /// The source feature.
  public let feature: String
  /// The declared direction.
  public let direction: Direction
  /// The unit of all sizes.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The number of applicants.
  public let rowCount: Int
  /// The number of values that each applicant was asked at.
  public let pointCount: Int
  /// How much of the range was looked at.
  public let coverage: Coverage
  /// Moves up to this size are rounding and do not count.
  public let tolerance: Double
  /// The share of the applicants' weight whose own curve moves against the direction.
  public let shareTouched: Double
  /// The number of such applicants.
  public let rowsTouched: Int
  /// The largest move of the mean curve against the direction; 0 where it keeps it.
  public let meanViolation: Double
  /// The largest violations, at most `listed` of them, one an applicant, by falling size; rows in
  /// order where sizes are equal.
  public let violations: [Violation]
  /// The intervals in which somebody's curve moves against the direction.
  public let intervals: [Interval]

  /// Whether every curve keeps the direction.
  public var holds: Bool { rowsTouched == 0 }

  /// The largest violation; nil where there is none.
  public var largest: Violation? { violations.first }

  /// Checks every declared feature that has an order: numbers, dates, ordered levels, yes and no.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the sizes.
  ///   - directions: The declared direction of each feature.
  ///   - sample: The applicants.
  ///   - options: The grid where the range cannot be looked at in full.
  ///   - tolerance: Moves up to this size do not count.
  ///   - listed: The most violations that are listed a feature.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One check a feature, in the order of the encoder.
  /// - Throws: `ExplanationError` where a feature is unknown or has no order, the tolerance is not a
  ///   number from zero, the sample does not fit the model, or the scorer refuses.
  public static func check(
    _ model: ExplainedModel, directions: [String: Direction], sample: EffectSample,
    options: EffectOptions = .init(), tolerance: Double = 1e-9, listed: Int = 10, threads: Int = 1
  ) throws(ExplanationError) -> [DirectionCheck] {
    let options = try options.validated()
    guard tolerance >= 0, tolerance.isFinite, listed >= 1 else {
      throw ExplanationError(
        .badOption,
        "tolerance is \(tolerance) and listed is \(listed); they must be finite and at least 0 and 1."
      )
    }
    for name in directions.keys.sorted() { _ = try sample.column(of: name) }
    let names = sample.encoder.features.filter { directions[$0] != nil }
    let source = MethodSelection.curveSource(for: model)
    let isStraight = MethodSelection.isStraight(model)
    var checks: [DirectionCheck] = []
    // One feature at a time: a grid of all thresholds is wide.
    for name in names {
      guard let direction = directions[name] else { continue }
      let (grid, coverage) = try Self.grid(
        of: name, sample: sample, source: source, isStraight: isStraight, options: options)
      let curves = try EffectCurves(
        of: model, sample: sample, grids: [grid], source: source, threads: threads)
      checks.append(
        DirectionCheck(
          curves: curves, direction: direction, coverage: coverage, tolerance: tolerance,
          listed: listed))
    }
    return checks
  }

  /// The finest grid that is needed, and what it covers.
  private static func grid(
    of feature: String, sample: EffectSample, source: CurveSource, isStraight: Bool,
    options: EffectOptions
  ) throws(ExplanationError) -> (FeatureGrid, Coverage) {
    let plain = try FeatureGrid(feature: feature, sample: sample, options: options)
    switch plain.kind {
    case .levels:
      throw ExplanationError(
        .badOption,
        "The feature \"\(feature)\" has levels without an order, so that it has no direction; "
          + "declare it ordinal with its levels.")
    case .orderedLevels: return (plain, .everyLevel)
    case .numbers: break
    }
    guard let column = sample.encoder.risingColumn(of: feature) else { return (plain, .grid) }
    let clips = sample.encoder.steps.first { $0.feature == feature }?.transformations.contains {
      if case .clip = $0 { true } else { false }
    }
    if isStraight, clips == false { return (plain, .straightLine) }
    guard case .trees(let tables) = source.way else { return (plain, .grid) }
    let inside = tables.representatives(column: column)
    guard let exact = sample.encoder.numbers(ofRising: inside, feature: feature) else {
      return (plain, .grid)
    }
    return (try plain.refined(column: column, by: exact, sample: sample), .everyThreshold)
  }

  private init(
    curves: EffectCurves, direction: Direction, coverage: Coverage, tolerance: Double, listed: Int
  ) {
    let grid = curves.grids[0]
    let count = grid.presentCount
    let sign = direction == .increasing ? 1.0 : -1.0
    let weights =
      curves.background.weights ?? [Double](repeating: 1, count: curves.background.count)
    let steps = max(count - 1, 0)
    var found: [(row: Int, worst: Retreat)] = []
    var touched = 0.0
    var sharesOfSteps = [Double](repeating: 0, count: steps)
    var largestOfSteps = sharesOfSteps
    for row in 0..<curves.values.rows {
      let worst = Retreat(count: count) { sign * curves.values[row, $0] }
      guard worst.size > tolerance else { continue }
      found.append((row, worst))
      touched += weights[row]
      for step in 0..<steps {
        let fall = sign * (curves.values[row, step] - curves.values[row, step + 1])
        if fall > tolerance {
          sharesOfSteps[step] += weights[row]
          largestOfSteps[step] = max(largestOfSteps[step], fall)
        }
      }
    }
    let total = OrderedReduction.sum(weights)
    feature = grid.feature
    self.direction = direction
    scale = curves.scale
    sampleName = curves.background.name
    sampleHash = curves.background.hash
    rowCount = curves.background.count
    pointCount = count
    self.coverage = coverage
    self.tolerance = tolerance
    shareTouched = touched / total
    rowsTouched = found.count
    let means = curves.means()
    let mean = Retreat(count: count) { sign * means[$0] }.size
    meanViolation = mean > tolerance ? mean : 0
    found.sort { $0.worst.size == $1.worst.size ? $0.row < $1.row : $0.worst.size > $1.worst.size }
    violations = found.prefix(listed).map { entry in
      Violation(
        row: entry.row, size: entry.worst.size, from: Place(grid.points[entry.worst.from]),
        to: Place(grid.points[entry.worst.to]), before: curves.values[entry.row, entry.worst.from],
        after: curves.values[entry.row, entry.worst.to])
    }
    intervals = (0..<steps).filter { sharesOfSteps[$0] > 0 }.map { step in
      Interval(
        from: grid.points[step].label, to: grid.points[step + 1].label,
        share: sharesOfSteps[step] / total, largest: largestOfSteps[step])
    }
  }
}

extension DirectionCheck.Place {
  init(_ point: FeatureGrid.Point) {
    label = point.label
    number = point.number
  }
}

/// The largest fall of a curve from any point to a later one, the shortest way of equals.
private struct Retreat {
  var size = 0.0
  var from = 0
  var to = 0

  init(count: Int, _ value: (Int) -> Double) {
    guard count > 0 else { return }
    var highest = 0
    for point in 1..<max(count, 1) {
      if value(point) >= value(highest) {
        highest = point
      } else if value(highest) - value(point) > size {
        size = value(highest) - value(point)
        from = highest
        to = point
      }
    }
  }
}

extension FeatureGrid {
  /// The grid of a number with further encoded values of its rising column, as they are: encoding
  /// their numbers anew would round.
  func refined(
    column: Int, by exact: [(encoded: Double, number: Double)], sample: EffectSample
  ) throws(ExplanationError) -> FeatureGrid {
    let raw = try sample.column(of: feature)
    guard let place = columns.firstIndex(of: column), let own = raw.numbers, presentCount > 0 else {
      return self
    }
    var pairs = exact
    for (point, value) in points.enumerated() {
      guard let number = value.number else { continue }
      pairs.append((encoded[point, place], number))
    }
    pairs.sort { $0.encoded == $1.encoded ? $0.number < $1.number : $0.encoded < $1.encoded }
    var kept: [(encoded: Double, number: Double)] = []
    for pair in pairs where kept.last?.encoded != pair.encoded { kept.append(pair) }
    let cells = GridCells(
      numbers: own, type: raw.type, values: kept.map(\.number))
    // Present values differ in the rising column alone: the first point lends the rest.
    let template = Array(encoded.row(0))
    return try FeatureGrid(
      feature: feature, kind: kind, columns: columns,
      points: kept.indices.map {
        Point(label: cells.labels[$0], number: kept[$0].number, share: 0)
      },
      encoded: Matrix(rows: kept.count, columns: columns.count) {
        $1 == place ? kept[$0].encoded : template[$1]
      }, owners: cells.owners)
  }
}
