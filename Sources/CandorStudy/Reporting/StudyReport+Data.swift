import CandorBundle
import CandorData
import CandorDocument
import CandorEvaluation
import CandorIntegrity
import CandorNumerics
import CandorReport
import CandorScoring

extension StudyReport {
  static func dataInput(_ result: StudyResult, answers: SuppliedAnswers) -> DataSectionInput {
    let study = result.study
    let data = result.data
    var input = DataSectionInput(
      target: study.target.column, badValue: study.target.bad, splitRule: splitRule(study),
      answers: answers)
    input.sources = [
      DataSectionInput.Source(
        name: data.path, hash: data.hash.hex, bytes: data.byteCount, rows: data.table.rowCount,
        columns: data.table.columns.count, format: format(of: data.dialect))
    ]
    input.tableHash = TableHash.rowOrderFree(of: data.table).hex
    input.notes = study.notes
    input.readerNotices = data.notices
    input.period = period(of: data)
    input.roles = Role.allCases.compactMap { role in
      let names = data.schema.names(of: role)
      return names.isEmpty ? nil : (role.rawValue, names)
    }
    input.parts = [
      part(ReportPhrases.allRows, rows: Array(0..<data.table.rowCount), data: data, hashed: false),
      part(ReportPhrases.trainingSet, rows: data.split.train, data: data, hashed: true),
      part(ReportPhrases.testSet, rows: data.split.test, data: data, hashed: true),
    ]
    return input
  }

  private static func format(of dialect: CSVDialect) -> String {
    let delimiter = dialect.delimiter == "\t" ? "tab" : dialect.delimiter
    return "CSV, \(dialect.encoding.rawValue), \"\(delimiter)\", \(dialect.lineEnding.rawValue)"
      + (dialect.compressed ? ", gzip" : "")
  }

  private static func splitRule(_ study: Study) -> Message {
    switch study.split {
    case .stratified(let share):
      ReportPhrases.splitStratified(testShare: share)
    case .time(let column, let from):
      ReportPhrases.splitByTime(column: column, from: from)
    case .group(let column, let share):
      ReportPhrases.splitByGroup(column: column, testShare: share)
    }
  }

  private static func period(of data: StudyData) -> (first: String, last: String)? {
    guard let name = data.schema.names(of: .period).first, let column = data.table.column(name)
    else { return nil }
    let texts = (0..<column.count).compactMap { row in column.text(row) }
    if let numbers = column.numbers {
      let known = numbers.indices.filter { !numbers[$0].isNaN }
      guard let first = known.min(by: { numbers[$0] < numbers[$1] }),
        let last = known.max(by: { numbers[$0] < numbers[$1] }),
        let from = column.text(first), let to = column.text(last)
      else { return nil }
      return (from, to)
    }
    guard let first = texts.min(), let last = texts.max() else { return nil }
    return (first, last)
  }

  private static func part(
    _ name: Message, rows: [Int], data: StudyData, hashed: Bool
  ) -> DataSectionInput.Part {
    let bads = rows.count { data.labels[$0] == 1 }
    let weights = rows.map { data.weights?[$0] ?? 1 }
    let total = OrderedReduction.sum(weights)
    let bad = OrderedReduction.sum(zip(rows, weights).map { data.labels[$0] * $1 })
    let squares = OrderedReduction.sum(weights.map { $0 * $0 })
    // With unequal weights Wilson's interval takes the effective number of rows (Kish 1965).
    let effective = squares > 0 ? total * total / squares : 0
    let share = total > 0 ? bad / total : 0
    let interval =
      effective > 0 ? ConfidenceInterval.wilson(share: share, count: effective) : nil
    return DataSectionInput.Part(
      name: name, rows: rows.count, bads: bads,
      badRate: Estimate(
        value: share, lower: interval?.lower, upper: interval?.upper, level: 0.95,
        method: "Wilson"),
      hash: hashed
        ? Digest.of(text: rows.sorted().map { String($0 + 1) }.joined(separator: "\n")).hex : nil)
  }

  /// Whether the test set is of a later time than the training set.
  static func isSplitByTime(_ study: Study) -> Bool {
    if case .time = study.split { true } else { false }
  }

  static func preparationInput(_ result: StudyResult) -> PreparationInput {
    var input = PreparationInput()
    input.profiles = result.profiles.map { profile in
      PreparationInput.Profile(
        name: profile.name, type: profile.type, missing: profile.missing,
        rows: profile.rows, distinct: profile.distinct,
        quantiles: profile.numbers.map {
          [$0.minimum, $0.firstPercentile, $0.median, $0.ninetyNinthPercentile, $0.maximum]
        } ?? [],
        mode: profile.numbers == nil
          ? profile.mode.map { (level: $0, share: profile.modeShare ?? 0) } : nil)
    }
    input.checks = DataCheckRows.rows(for: result)
    input.steps = result.championModel.encoder.steps
    if let linear = result.families.first(where: { !$0.log.coefficients.isEmpty }),
      linear.key != result.championTest.key
    {
      input.coefficientSteps = (linear.key, linear.encoder.steps)
    }
    return input
  }

  static func featureInput(_ result: StudyResult) throws -> FeatureRegisterInput {
    let data = result.data
    let labels = data.split.train.map { data.labels[$0] }
    let weights = data.weights.map { all in data.split.train.map { all[$0] } }
    let features = try result.informationValues.map { value in
      let single = try SingleFeature.measure(
        data.table.requiredColumn(value.feature).selecting(rows: data.split.train), labels: labels,
        weights: weights)
      return FeatureRegisterInput.Feature(
        name: value.feature,
        isUsed: result.championModel.encoder.featureMap.sources.contains {
          $0.name == value.feature && !$0.columns.isEmpty
        },
        informationValue: value.value, auc: single?.auc.value,
        declaredDirection: result.study.columns[value.feature]?.direction?.rawValue,
        observedDirection: single?.direction?.rawValue,
        description: result.study.columns[value.feature]?.description,
        isImmutable: result.study.columns[value.feature]?.immutable ?? false)
    }
    return FeatureRegisterInput(features: features, catalogue: result.championModel.catalogue)
  }

  static func stabilityInput(
    _ result: StudyResult, limits: [LimitName: Limit]
  ) throws -> StabilityInput {
    let data = result.data
    let trainWeights = data.weights.map { all in data.split.train.map { all[$0] } }
    let testWeights = data.weights.map { all in data.split.test.map { all[$0] } }
    let features = try data.features.map { name in
      let column = try data.table.requiredColumn(name)
      let train = column.selecting(rows: data.split.train)
      let test = column.selecting(rows: data.split.test)
      if let reference = train.numbers, let current = test.numbers {
        return try CharacteristicStability(
          name: name, reference: reference, current: current, referenceWeights: trainWeights,
          currentWeights: testWeights)
      }
      return try CharacteristicStability(
        name: name, referenceCategories: (0..<train.count).map { train.text($0) },
        currentCategories: (0..<test.count).map { test.text($0) },
        referenceWeights: trainWeights, currentWeights: testWeights)
    }
    return StabilityInput(
      score: result.championTest.stability, features: features,
      trainingRows: data.split.train.count, testRows: data.split.test.count,
      isSplitByTime: isSplitByTime(result.study),
      hasPeriod: !data.schema.names(of: .period).isEmpty, limits: limits)
  }
}
