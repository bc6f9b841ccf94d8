/// Learns an `EncodingStep` from the training rows of a column.
struct StepFitting {
  let column: Column
  let sample: TrainingSample
  let hasTargets: Bool
  let options: EncodingOptions

  func step() throws(DataError) -> EncodingStep {
    switch column.storage {
    case .numbers(let numbers): try numericStep(sample.cells(of: numbers))
    case .codes(let codes, let levels):
      if column.type == .ordinal, options.ordinal == .codes {
        try ordinalStep(codes, levels)
      } else {
        try levelStep(codes, levels)
      }
    }
  }

  // MARK: Numbers

  private func numericStep(_ cells: [Double]) throws(DataError) -> EncodingStep {
    if let place = StepPlan.firstInfinite(cells.span) {
      throw DataError(
        .notFinite,
        "row \(sample.rows[place] + 1) is infinite; replace it by a number or leave it empty",
        column: column.name, value: String(cells[place]))
    }
    let seen = present(cells)
    let range = seen.numbers.range
    let training = EncodingStep.TrainingCells(
      count: cells.count, missing: seen.missing, minimum: range?.minimum,
      maximum: range?.maximum, levels: [])
    guard range != nil else { return step([.dropConstant], training) }
    var transformations: [EncodingStep.Transformation] = []
    if case .weightOfEvidence(let bins) = options.numeric {
      try requireTargets()
      let table = try WeightOfEvidence.fit(column, sample: sample, maximumBins: bins)
      transformations.append(.weightOfEvidence(table))
      return step(try scaled(transformations, cells.map { table.weight(of: $0) }), training)
    }
    transformations += missingIndicator(training)
    if let filler = imputed(from: seen.numbers) { transformations.append(.impute(value: filler)) }
    if let winsorise = options.winsorise {
      let limits = seen.numbers.quantiles([winsorise.lower, winsorise.upper])
      transformations.append(.clip(lower: limits[0], upper: limits[1]))
    }
    var values = cells
    EncodingStep.apply(transformations, to: &values)
    return step(try scaled(transformations, values), training)
  }

  /// The cells that are not missing, with their weights, and how many are.
  private func present(_ cells: [Double]) -> (numbers: WeightedNumbers, missing: Int) {
    var missing = 0
    let span = cells.span
    for i in span.indices where span[i].isNaN { missing += 1 }
    guard missing > 0 else { return (WeightedNumbers(cells, weights: sample.weights), 0) }
    let numbers = [Double](capacity: cells.count - missing) { output in
      for i in span.indices where !span[i].isNaN { output.append(span[i]) }
    }
    let weights = sample.weights.map { weights in
      cells.indices.compactMap { cells[$0].isNaN ? nil : weights[$0] }
    }
    return (WeightedNumbers(numbers, weights: weights), missing)
  }

  /// What stands for a missing number, nil where it stays missing.
  private func imputed(from seen: WeightedNumbers) -> Double? {
    switch options.numericImputation {
    case .median: seen.quantile(0.5)
    case .mean: seen.mean
    case .constant(let value): value
    case .keepMissing: nil
    }
  }

  // MARK: Ordinal codes

  private func ordinalStep(
    _ codes: [Int32], _ levels: CategoryDictionary
  ) throws(DataError) -> EncodingStep {
    let seenCodes = WeightOfEvidence.seenLevels(codes, levels, rows: sample.rows, ordered: true)
    let cells = sample.cells(of: codes).map { $0 < 0 ? Double.nan : Double($0) }
    let seen = present(cells)
    let training = EncodingStep.TrainingCells(
      count: cells.count, missing: seen.missing, minimum: nil, maximum: nil,
      levels: seenCodes.map { levels.levels[Int($0)] })
    guard !seen.numbers.isEmpty else { return step([.dropConstant], training) }
    var transformations = missingIndicator(training)
    transformations.append(.levelCodes(levels: levels.levels, unknownAs: nil))
    guard let filler = imputed(from: seen.numbers) else {
      return step(try scaled(transformations, cells), training)
    }
    transformations.append(.impute(value: filler))
    return step(
      try scaled(transformations, cells.map { $0.isNaN ? filler : $0 }), training)
  }

  // MARK: Levels

  private func levelStep(
    _ codes: [Int32], _ levels: CategoryDictionary
  ) throws(DataError) -> EncodingStep {
    let seenCodes = WeightOfEvidence.seenLevels(
      codes, levels, rows: sample.rows, ordered: column.type == .ordinal)
    let seen = seenCodes.map { levels.levels[Int($0)] }
    var weightOfCode = [Double](repeating: 0, count: levels.count)
    var missing = 0
    let cells = sample.cells(of: codes)
    for (i, code) in cells.enumerated() {
      if code < 0 { missing += 1 } else { weightOfCode[Int(code)] += sample.weight(i) }
    }
    let training = EncodingStep.TrainingCells(
      count: sample.rows.count, missing: missing, minimum: nil, maximum: nil, levels: seen)
    guard let mostFrequent = heaviest(seenCodes, weightOfCode).map({ levels.levels[Int($0)] })
    else { return step([.dropConstant], training) }

    if column.type == .boolean, options.boolean == .indicator {
      let yes = seenCodes.count > 1 ? seenCodes.max().map { levels.levels[Int($0)] } : nil
      return booleanStep(yes: yes, mostFrequent: mostFrequent, training)
    }
    var transformations: [EncodingStep.Transformation] = []
    if options.categoricalImputation == .mostFrequent {
      transformations += missingIndicator(training)
      transformations.append(.imputeLevel(mostFrequent))
    } else if missing > 0, !keepsMissingLevels {
      transformations.append(.missingAsLevel)
    }
    var total = 0.0
    for i in sample.rows.indices { total += sample.weight(i) }
    let common = seenCodes.filter { weightOfCode[Int($0)] >= options.rareLevelShare * total }
    let hasMissingLevel = transformations.contains(.missingAsLevel)
    let kept =
      encoding == .levelCodes
      ? heaviest(
        common, weightOfCode, of: seenCodes,
        limit: EncodingOptions.maximumCodes - (hasMissingLevel ? 1 : 0)) : common
    let isKept = Set(kept)
    let rare = seenCodes.filter { !isKept.contains($0) }
    var groups = kept.map { levels.levels[Int($0)] }
    if hasMissingLevel, !groups.contains(EncodingStep.missingLevel) {
      groups.append(EncodingStep.missingLevel)
    }
    if !rare.isEmpty {
      transformations.append(
        .groupRare(grouped: rare.map { levels.levels[Int($0)] }, kept: groups))
      if !groups.contains(EncodingStep.rareLevel) { groups.append(EncodingStep.rareLevel) }
    }
    let found = encoding == .levelCodes ? common.count : groups.count
    guard found <= options.maximumLevels else {
      throw DataError(
        .badOption,
        "has \(found) levels, more than the \(options.maximumLevels) that a feature may have;"
          + " give the column `role: identifier` or `role: ignored`, or group rare levels with"
          + " `preparation: {rare_levels: 0.01}`",
        column: column.name)
    }
    let reference = heaviest(kept, weightOfCode).map { levels.levels[Int($0)] } ?? groups[0]
    return try encoded(
      codes, levels, groups: groups, reference: reference, transformations, training)
  }

  private func encoded(
    _ codes: [Int32], _ levels: CategoryDictionary, groups: [String], reference: String,
    _ before: [EncodingStep.Transformation], _ training: EncodingStep.TrainingCells
  ) throws(DataError) -> EncodingStep {
    var transformations = before
    // A level beside missing cells tells something where these stay missing.
    guard groups.count > 1 || (keepsMissingLevels && training.missing > 0) else {
      return step(before + [.dropConstant], training)
    }
    switch encoding {
    case .levelCodes:
      return step(before + [.categoryCodes(levels: groups)], training)
    case .oneHot(let dropReference):
      let columns = dropReference ? groups.filter { $0 != reference } : groups
      transformations.append(.oneHot(levels: columns))
      return step(transformations, training, reference: dropReference ? reference : nil)
    case .ordinalCodes:
      transformations.append(.levelCodes(levels: groups, unknownAs: reference))
    case .weightOfEvidence:
      try requireTargets()
      var good = [Double](repeating: 0, count: groups.count)
      var bad = good
      let places = Dictionary(
        groups.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      let groupOfCode = LevelRule(before).outcomes(of: levels.levels).map { outcome in
        outcome.level.flatMap { places[$0] }
      }
      for (i, row) in sample.rows.enumerated() {
        guard let group = groupOfCode[Int(codes[row]) + 1] else { continue }
        good[group] += sample.weight(i) * (1 - sample.targets[i])
        bad[group] += sample.weight(i) * sample.targets[i]
      }
      transformations.append(
        .weightOfEvidence(
          try WeightOfEvidence(
            counts: groups.indices.map { (.level(groups[$0]), good[$0], bad[$0]) })))
    }
    let values = LevelRule(transformations).outcomes(of: levels.levels).map(\.value)
    return step(
      try scaled(transformations, sample.rows.map { values[Int(codes[$0]) + 1] }), training)
  }

  private func booleanStep(
    yes: String?, mostFrequent: String, _ training: EncodingStep.TrainingCells
  ) -> EncodingStep {
    var transformations = missingIndicator(training)
    if options.numericImputation == .keepMissing {
      // One level beside missing cells: that it is there tells something.
      let level = yes ?? (training.missing > 0 ? mostFrequent : nil)
      transformations.append(level.map { .indicator(level: $0) } ?? .dropConstant)
      return step(transformations, training)
    }
    transformations.append(.imputeLevel(mostFrequent))
    transformations.append(yes.map { .indicator(level: $0) } ?? .dropConstant)
    return step(transformations, training)
  }

  /// Whether a missing level is a missing cell.
  private var keepsMissingLevels: Bool {
    encoding == .levelCodes && options.numericImputation == .keepMissing
  }

  /// How the column's levels become numbers.
  private var encoding: CategoricalEncoding {
    if column.type == .ordinal, case .oneHot(let drop) = options.ordinal {
      return .oneHot(dropReference: drop)
    }
    return options.categorical
  }

  /// The levels that keep a code of their own: all that are common where these and, if others are
  /// seen, `(rare)` fit in the codes; else the heaviest, the first of equal ones. In their order.
  private func heaviest(
    _ common: [Int32], _ weights: [Double], of seen: [Int32], limit: Int
  ) -> [Int32] {
    guard common.count + (common.count < seen.count ? 1 : 0) > limit else { return common }
    let order = common.indices.sorted {
      let (left, right) = (weights[Int(common[$0])], weights[Int(common[$1])])
      return left == right ? $0 < $1 : left > right
    }
    return order.prefix(limit - 1).sorted().map { common[$0] }
  }

  /// The code of the largest weight, the first of equal ones.
  private func heaviest(_ codes: [Int32], _ weights: [Double]) -> Int32? {
    var best: Int32?
    for code in codes {
      guard let current = best else {
        best = code
        continue
      }
      if weights[Int(code)] > weights[Int(current)] { best = code }
    }
    return best
  }

  // MARK: Common

  private func requireTargets() throws(DataError) {
    guard hasTargets else {
      throw DataError(
        .missingTarget, "weight of evidence needs the training rows' targets", column: column.name)
    }
  }

  private func missingIndicator(
    _ training: EncodingStep.TrainingCells
  ) -> [EncodingStep.Transformation] {
    options.missingIndicators && training.missing > 0
      && options.numericImputation != .keepMissing ? [.indicateMissing] : []
  }

  private func step(
    _ transformations: [EncodingStep.Transformation], _ training: EncodingStep.TrainingCells,
    reference: String? = nil
  ) -> EncodingStep {
    EncodingStep(
      feature: column.name, type: column.type, transformations: transformations,
      referenceLevel: reference, training: training)
  }

  /// Adds the scaling that training values ask for, or the note that they are all equal.
  private func scaled(
    _ before: [EncodingStep.Transformation], _ values: [Double]
  ) throws(DataError) -> [EncodingStep.Transformation] {
    // NaN differs from every number: a number beside missing cells tells something.
    guard let first = values.first, values.contains(where: { $0 != first }) else {
      return before + [.dropConstant]
    }
    if options.scaling == .none { return before }
    let numbers = present(values).numbers
    let range = numbers.range ?? (0, 1)
    guard range.minimum < range.maximum else { return before }
    let center: Double
    let scale: Double
    switch options.scaling {
    case .none: return before
    case .standard:
      center = numbers.mean
      scale = numbers.populationDeviation
    case .robust:
      let quartiles = numbers.quantiles([0.25, 0.5, 0.75])
      center = quartiles[1]
      let middle = quartiles[2] - quartiles[0]
      scale = middle > 0 ? middle : numbers.populationDeviation
    case .minMax:
      center = range.minimum
      scale = range.maximum - center
    }
    guard center.isFinite, scale.isFinite, scale > 0 else {
      throw DataError(
        .notFinite, "the numbers are too large or too close to each other to be scaled",
        column: column.name)
    }
    return before + [.scale(method: options.scaling, center: center, scale: scale)]
  }
}
