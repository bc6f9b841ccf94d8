/// Learns an `EncodingStep` from the training rows of a column.
struct StepFitting {
  let column: Column
  let sample: TrainingSample
  let hasTargets: Bool
  let options: EncodingOptions

  func step() throws(DataError) -> EncodingStep {
    switch column.storage {
    case .numbers(let numbers): try numericStep(sample.rows.map { numbers[$0] })
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
    if let place = cells.firstIndex(where: { $0.isInfinite }) {
      throw DataError(
        .notFinite,
        "row \(sample.rows[place] + 1) is infinite; replace it by a number or leave it empty",
        column: column.name, value: String(cells[place]))
    }
    let present = cells.indices.filter { !cells[$0].isNaN }
    let seen = WeightedNumbers(
      present.map { cells[$0] },
      weights: sample.weights.map { weights in present.map { weights[$0] } })
    let training = EncodingStep.TrainingCells(
      count: cells.count, missing: cells.count - present.count, minimum: seen.minimum,
      maximum: seen.maximum, levels: [])
    guard !seen.isEmpty else { return step([.dropConstant], training) }
    var transformations: [EncodingStep.Transformation] = []
    if case .weightOfEvidence(let bins) = options.numeric {
      try requireTargets()
      let table = try WeightOfEvidence.fit(column, sample: sample, maximumBins: bins)
      transformations.append(.weightOfEvidence(table))
      return step(try scaled(transformations, cells.map { table.weight(of: $0) }), training)
    }
    transformations += missingIndicator(training)
    transformations.append(.impute(value: imputed(from: seen)))
    if let winsorise = options.winsorise {
      transformations.append(
        .clip(lower: seen.quantile(winsorise.lower), upper: seen.quantile(winsorise.upper)))
    }
    var values = cells
    EncodingStep.apply(transformations, to: &values)
    return step(try scaled(transformations, values), training)
  }

  private func imputed(from seen: WeightedNumbers) -> Double {
    switch options.numericImputation {
    case .median: seen.quantile(0.5)
    case .mean: seen.mean
    case .constant(let value): value
    }
  }

  // MARK: Ordinal codes

  private func ordinalStep(
    _ codes: [Int32], _ levels: CategoryDictionary
  ) throws(DataError) -> EncodingStep {
    let seenCodes = WeightOfEvidence.seenLevels(codes, levels, rows: sample.rows, ordered: true)
    let cells = sample.rows.map { codes[$0] < 0 ? Double.nan : Double(codes[$0]) }
    let present = cells.indices.filter { !cells[$0].isNaN }
    let training = EncodingStep.TrainingCells(
      count: cells.count, missing: cells.count - present.count, minimum: nil, maximum: nil,
      levels: seenCodes.map { levels.levels[Int($0)] })
    guard !present.isEmpty else { return step([.dropConstant], training) }
    let seen = WeightedNumbers(
      present.map { cells[$0] },
      weights: sample.weights.map { weights in present.map { weights[$0] } })
    var transformations = missingIndicator(training)
    transformations.append(.levelCodes(levels: levels.levels, unknownAs: nil))
    let filler = imputed(from: seen)
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
    for (i, row) in sample.rows.enumerated() {
      if codes[row] < 0 { missing += 1 } else { weightOfCode[Int(codes[row])] += sample.weight(i) }
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
    } else if missing > 0 {
      transformations.append(.missingAsLevel)
    }
    var total = 0.0
    for i in sample.rows.indices { total += sample.weight(i) }
    let rare = seenCodes.filter { weightOfCode[Int($0)] < options.rareLevelShare * total }
    let kept = seenCodes.filter { !rare.contains($0) }
    var groups = kept.map { levels.levels[Int($0)] }
    if transformations.contains(.missingAsLevel), !groups.contains(EncodingStep.missingLevel) {
      groups.append(EncodingStep.missingLevel)
    }
    if !rare.isEmpty {
      transformations.append(
        .groupRare(grouped: rare.map { levels.levels[Int($0)] }, kept: groups))
      if !groups.contains(EncodingStep.rareLevel) { groups.append(EncodingStep.rareLevel) }
    }
    guard groups.count <= options.maximumLevels else {
      throw DataError(
        .badOption,
        "has \(groups.count) levels, more than the \(options.maximumLevels) that a feature may have;"
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
    guard groups.count > 1 else { return step(before + [.dropConstant], training) }
    var encoding = options.categorical
    if column.type == .ordinal, case .oneHot(let drop) = options.ordinal {
      encoding = .oneHot(dropReference: drop)
    }
    switch encoding {
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
      let groupOfCode = LevelOutcomes(levels: levels.levels, applying: before).groups(among: groups)
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
    let values = LevelOutcomes(levels: levels.levels, applying: transformations).values
    return step(
      try scaled(transformations, sample.rows.map { values[Int(codes[$0]) + 1] }), training)
  }

  private func booleanStep(
    yes: String?, mostFrequent: String, _ training: EncodingStep.TrainingCells
  ) -> EncodingStep {
    var transformations = missingIndicator(training)
    transformations.append(.imputeLevel(mostFrequent))
    transformations.append(yes.map { .indicator(level: $0) } ?? .dropConstant)
    return step(transformations, training)
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
    options.missingIndicators && training.missing > 0 ? [.indicateMissing] : []
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
    guard let first = values.first, values.contains(where: { $0 != first }) else {
      return before + [.dropConstant]
    }
    let numbers = WeightedNumbers(values, weights: sample.weights)
    let center: Double
    let scale: Double
    switch options.scaling {
    case .none: return before
    case .standard:
      center = numbers.mean
      scale = numbers.populationDeviation
    case .robust:
      center = numbers.quantile(0.5)
      let range = numbers.quantile(0.75) - numbers.quantile(0.25)
      scale = range > 0 ? range : numbers.populationDeviation
    case .minMax:
      center = numbers.minimum ?? 0
      scale = (numbers.maximum ?? 1) - center
    }
    guard center.isFinite, scale.isFinite, scale > 0 else {
      throw DataError(
        .notFinite, "the numbers are too large or too close to each other to be scaled",
        column: column.name)
    }
    return before + [.scale(method: options.scaling, center: center, scale: scale)]
  }
}
