import CandorNumerics

/// Turns a table's feature columns into the numbers that scorers see, by what it learnt from
/// training rows and nothing else.
///
/// Fit it on the training part of every fold anew. What it does with cells that training did not
/// have is `NewDataPolicy`. It writes to and reads from `Codable` formats without changing a bit of
/// what it encodes. Codable's own `Encoder` is written `Swift.Encoder` where this module is
/// imported.
public struct Encoder: Sendable, Equatable, Codable {
  /// How it was fitted.
  public let options: EncodingOptions
  /// What was learnt about every source feature, in the order of the features.
  public let steps: [EncodingStep]
  /// Which encoded columns belong to which source feature.
  public let featureMap: FeatureMap
  /// The steps made ready for cells, in the same order.
  let plans: [StepPlan]

  /// Learns from training rows.
  ///
  /// O(rows) a feature; with weights O(rows · log rows) for quantiles. Weights act as repeats of a row do; rows of weight
  /// zero are left out.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - features: The names of the columns to encode, in the order of the encoded blocks.
  ///   - rows: The positions of the training rows; nil means all. Nothing is learnt from others.
  ///   - targets: 1 (bad) or 0 (good) for every row of the table; needed for weights of evidence.
  ///   - weights: One non-negative weight for every row of the table; nil means one each.
  ///   - options: How to encode.
  /// - Returns: The fitted encoder.
  /// - Throws: `DataError` where an option is out of range, a feature is no column, comes twice or
  ///   has too many levels, a training cell is infinite, or targets are needed and absent.
  public static func fit(
    _ table: Table, features: [String], rows: [Int]? = nil, targets: [Double]? = nil,
    weights: [Double]? = nil, options: EncodingOptions = EncodingOptions()
  ) throws(DataError) -> Encoder {
    let options = try options.validated()
    guard !features.isEmpty else {
      throw DataError(.badOption, "there is no feature to encode; name one column at least")
    }
    var known: Set<String> = []
    for name in features where !known.insert(name).inserted {
      throw DataError(.badOption, "the feature is named twice", column: name)
    }
    for name in options.perFeature.keys.sorted() where !known.contains(name) {
      let advice = nearestName(to: name, among: features).map { "; did you mean \"\($0)\"?" } ?? ""
      throw DataError(
        .badOption, "encoding options are given for \"\(name)\", which is no feature\(advice)")
    }
    let sample = try TrainingSample(
      count: table.rowCount, rows: rows, targets: targets, weights: weights)
    var steps: [EncodingStep] = []
    for name in features {
      let fitting = StepFitting(
        column: try table.requiredColumn(name), sample: sample, hasTargets: targets != nil,
        options: options.resolved(for: name))
      steps.append(try fitting.step())
    }
    return Encoder(options: options, steps: steps)
  }

  private init(options: EncodingOptions, steps: [EncodingStep]) {
    self.options = options
    self.steps = steps
    var sources: [FeatureMap.Source] = []
    var names: [String] = []
    var levelCounts: [Int: Int] = [:]
    for step in steps {
      let start = names.count
      names += step.columnNames
      sources.append(FeatureMap.Source(name: step.feature, columns: start..<names.count))
      if let count = step.codeCount, start < names.count { levelCounts[start] = count }
    }
    featureMap = FeatureMap(sources: sources, columnNames: names, levelCounts: levelCounts)
    plans = steps.map { StepPlan($0) }
  }

  /// Equal options and steps; the rest follows from these.
  public static func == (left: Encoder, right: Encoder) -> Bool {
    left.options == right.options && left.steps == right.steps
  }

  /// The source features, in the order of their blocks.
  public var features: [String] { steps.map(\.feature) }

  /// The encoded column that rises where a feature does: numbers, dates, declared orders and yes/no
  /// as they are or scaled; nil where it has none such (0/1 columns a level, level codes, weights of
  /// evidence, a constant) or is no feature.
  public func risingColumn(of feature: String) -> Int? {
    guard let position = steps.firstIndex(where: { $0.feature == feature }) else { return nil }
    let step = steps[position]
    guard step.type != .categorical, !step.transformations.contains(.dropConstant) else {
      return nil
    }
    for transformation in step.transformations {
      switch transformation {
      case .oneHot, .weightOfEvidence, .categoryCodes: return nil
      default: continue
      }
    }
    return featureMap.sources[position].columns.first
  }

  /// Encodes rows of a table, which needs every feature as a column of the kind that training had
  /// (numbers or levels; a column without any value may be of either).
  ///
  /// Columns are found by name, levels by their text, so that other columns, another order, and
  /// other dictionaries do not matter. O(rows · features); texts are looked at once a level, and
  /// a column of numbers that nothing changes is not copied.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - rows: The positions of the rows to encode, in this order; nil means all.
  /// - Returns: The encoded rows, in compact form: `matrix` and `dense` give the other.
  /// - Throws: `DataError` where a feature's column is absent or of the wrong kind, a number is
  ///   infinite, or a position lies outside the table.
  public func encodeCompact(
    _ table: Table, rows: [Int]? = nil
  ) throws(DataError) -> EncodedRows {
    if let rows { try TrainingSample.check(positions: rows, count: table.rowCount) }
    var blocks: [EncodedRows.Block] = []
    for (plan, source) in zip(plans, featureMap.sources) {
      let column = try table.requiredColumn(plan.step.feature)
      let cells = try plan.cells(of: column, rows: rows, lines: table.lines)
      if let values = cells.values { blocks.append(.numbers(values)) }
      if let places = cells.places {
        blocks.append(
          .indicators(places, width: source.columns.count - (cells.missing == nil ? 0 : 1)))
      }
      if let missing = cells.missing { blocks.append(.indicators(missing, width: 1)) }
    }
    return EncodedRows(checked: blocks, count: rows?.count ?? table.rowCount)
  }

  /// Encodes rows of a table as `encodeCompact` does, in dense form.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - rows: The positions of the rows to encode, in this order; nil means all.
  /// - Returns: The encoded rows.
  /// - Throws: `DataError` as `encodeCompact` does.
  public func encode(_ table: Table, rows: [Int]? = nil) throws(DataError) -> EncodedRows {
    try encodeCompact(table, rows: rows).dense
  }

  private enum CodingKeys: String, CodingKey { case options, steps }

  /// Reads a fitted encoder, and refuses one that could not encode.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let steps = try container.decode([EncodingStep].self, forKey: .steps)
    for step in steps {
      if let fault = step.fault {
        throw DecodingError.dataCorruptedError(
          forKey: .steps, in: container,
          debugDescription: "The encoding of \"\(step.feature)\" \(fault).")
      }
    }
    self.init(
      options: try container.decode(EncodingOptions.self, forKey: .options), steps: steps)
  }

  /// Writes options and steps; the feature map follows from the steps.
  public func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(options, forKey: .options)
    try container.encode(steps, forKey: .steps)
  }
}
