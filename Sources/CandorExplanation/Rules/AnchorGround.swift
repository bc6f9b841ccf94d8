import CandorData
import CandorNumerics
import CandorScoring

/// A rule while it is searched for: the cells that each feature under a condition may have.
struct AnchorRule: Sendable, Hashable {
  /// For each feature under a condition the first and the last cell allowed.
  var ranges: [Int: ClosedRange<Int>] = [:]
}

/// What a search for an anchor stands on: cells of the training sample and the applicant, the
/// decision, and draws under a rule.
struct AnchorGround: Sendable {
  let isRefusal: Bool
  /// The single conditions that the applicant meets.
  let candidates: [(feature: Int, range: ClosedRange<Int>)]

  private let applicant: [Double]
  private let own: [UInt32]
  private let cells: InterpretableCells
  /// For each feature the cell of each background row.
  private let codes: [[UInt32]]
  private let names: [String]
  private let model: ExplainedModel
  private let players: Players
  private let background: Background
  private let cutOff: Double
  private let threads: Int

  init(
    applicant: [Double], applicantSource: SourceValues, model: ExplainedModel, cutOff: Double,
    background: Background, backgroundSource: SourceValues, options: AnchorOptions, threads: Int
  ) throws(ExplanationError) {
    let map = model.featureMap
    let players = try Players(featureMap: map)
    let row = EncodedRows(row: applicant)
    try players.check(rows: row, background: background)
    try applicantSource.check(rows: 1, featureMap: map, what: "the applicant")
    try backgroundSource.check(
      rows: background.count, featureMap: map, what: "the background")
    let cells = InterpretableCells(backgroundSource, bins: options.bins)
    let own = map.sources.indices.map { cells.codes(of: applicantSource, feature: $0)[0] }
    var candidates: [(feature: Int, range: ClosedRange<Int>)] = []
    for feature in map.sources.indices
    where !players.columns[feature].isEmpty && own[feature] != InterpretableCells.unknown {
      let cell = Int(own[feature])
      switch cells.rules[feature] {
      case .cuts(let cuts) where cell <= cuts.count:
        for last in cell..<cuts.count { candidates.append((feature, 0...last)) }
        if cell > 0 { for first in 1...cell { candidates.append((feature, first...cuts.count)) } }
      default: candidates.append((feature, cell...cell))
      }
    }
    self.applicant = applicant
    self.own = own
    self.cells = cells
    self.candidates = candidates
    self.model = model
    self.players = players
    self.background = background
    self.cutOff = cutOff
    self.threads = threads
    names = map.sourceNames
    codes = map.sources.indices.map { cells.codes(of: backgroundSource, feature: $0) }
    isRefusal = try model.values(of: row)[0] >= cutOff
  }

  /// Whether a background row keeps a rule.
  private func holds(_ rule: AnchorRule, row: Int) -> Bool {
    rule.ranges.allSatisfy {
      codes[$0.key][row] <= UInt32($0.value.upperBound)
        && codes[$0.key][row] >= UInt32($0.value.lowerBound)
    }
  }

  /// The weighted share of the background in which a rule holds.
  func coverage(of rule: AnchorRule) -> Double {
    background.mean(of: (0..<background.count).map { holds(rule, row: $0) ? 1 : 0 })
  }

  func coverageEstimate(of rule: AnchorRule) -> ShareEstimate {
    let count =
      background.weights.map { SurrogateLocality.effectiveRows($0) } ?? Double(background.count)
    return ShareEstimate(successes: coverage(of: rule) * count, count: count)
  }

  /// How many of the rows drawn under each rule get the applicant's decision.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - rows: The rows drawn for each.
  ///   - seeds: The randomness of each rule's draws.
  /// - Returns: One number a rule.
  /// - Throws: `ExplanationError` where the model refuses rows.
  func agreements(
    with rules: [AnchorRule], rows: Int, seeds: [SeedTree]
  ) throws(ExplanationError) -> [Int] {
    let draw = WeightedDraw(background)
    let matrix = background.rows.matrix
    var batch = FeatureMask(players: players, capacity: rules.count * rows)
    for (rule, tree) in zip(rules, seeds) {
      var generator = tree.generator()
      // By feature, so that the draws do not hang on the order of a dictionary.
      let ranges = rule.ranges.sorted { $0.key < $1.key }
      let keeping = ranges.map { feature, range in
        (0..<background.count).filter { range.contains(Int(codes[feature][$0])) }
      }
      for _ in 0..<rows {
        let base = draw.next(&generator)
        batch.append(matrix.row(base))
        for (place, (feature, range)) in ranges.enumerated()
        where !range.contains(Int(codes[feature][base])) {
          // Where no training row keeps the condition the applicant's own value does.
          let source =
            keeping[place].isEmpty
            ? applicant[...]
            : matrix.row(keeping[place][generator.nextInteger(below: keeping[place].count)])
          batch.set(player: feature, from: source)
        }
      }
    }
    let values = try model.values(of: try batch.rows(), threads: threads)
    return rules.indices.map { place in
      (place * rows..<(place + 1) * rows).count { (values[$0] >= cutOff) == isRefusal }
    }
  }

  /// The conditions of a rule in source units.
  func conditions(of rule: AnchorRule) -> [Anchor.Condition] {
    rule.ranges.sorted { $0.key < $1.key }.map { feature, range in
      let isMissing = range.lowerBound == Int(cells.missing(feature: feature))
      var (above, atMost, level): (Double?, Double?, String?) = (nil, nil, nil)
      if !isMissing {
        switch cells.rules[feature] {
        case .levels(_, let names): level = names[range.lowerBound]
        case .cuts(let cuts):
          above = range.lowerBound > 0 ? cuts[range.lowerBound - 1] : nil
          atMost = range.upperBound < cuts.count ? cuts[range.upperBound] : nil
        }
      }
      return Anchor.Condition(
        source: names[feature], above: above, atMost: atMost, level: level,
        isMissing: isMissing)
    }
  }
}
