import CandorDocument
public import CandorEvaluation

/// What section 17 lays out.
public struct StabilityInput: Sendable {
  /// The champion's score, training against test.
  public var score: PopulationStability?
  /// The features, training against test.
  public var features: [CharacteristicStability]
  /// The training rows.
  public var trainingRows: Int
  /// The test rows.
  public var testRows: Int
  /// Whether the split was by time.
  public var isSplitByTime: Bool
  /// Whether the study names a period column.
  public var hasPeriod: Bool
  /// The limits of the study.
  public var limits: [LimitName: Limit]

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - score: The champion's score, training against test.
  ///   - features: The features, training against test.
  ///   - trainingRows: The training rows.
  ///   - testRows: The test rows.
  ///   - isSplitByTime: Whether the split was by time.
  ///   - hasPeriod: Whether the study names a period column.
  ///   - limits: The limits of the study.
  public init(
    score: PopulationStability?, features: [CharacteristicStability], trainingRows: Int,
    testRows: Int, isSplitByTime: Bool, hasPeriod: Bool, limits: [LimitName: Limit]
  ) {
    self.score = score
    self.features = features
    self.trainingRows = trainingRows
    self.testRows = testRows
    self.isSplitByTime = isSplitByTime
    self.hasPeriod = hasPeriod
    self.limits = limits
  }
}

/// Section 17: whether the model holds over time.
public enum StabilitySection {
  /// Lays the section out.
  ///
  /// - Parameter input: Stability indices.
  /// - Returns: The section.
  public static func build(_ input: StabilityInput) -> ReportSection {
    var sheet = FindingSheet(prefix: "STAB")
    sheet.add(
      key("measure.psi"), number: input.score?.value, .fixed(4),
      sample: key("sample.trainingAndTest"), rows: input.trainingRows + input.testRows, bads: nil,
      method: key("method.psi"), limit: input.limits[.psi])
    var items: [ReportItem] = []
    if !input.isSplitByTime { items.append(.notice(.note, key("stability.notOverTime"))) }
    items.append(.findings(sheet.findings))
    if let score = input.score {
      items.append(
        .paragraph(
          key(
            "stability.sampling",
            [
              "band": .key("stability.\(score.band.rawValue)"),
              "limit": .number(score.samplingLimit, .fixed(4)),
              "p": .number(score.pValue, .pValue),
            ])))
      items.append(.table(bins(score)))
    }
    if !input.features.isEmpty { items.append(.table(features(input.features))) }
    let reason = key(
      input.isSplitByTime || input.hasPeriod ? "reason.notComputed" : "reason.noPeriod")
    items.append(
      .notTested([
        NotTestedCheck(key("check.byMonth"), because: reason),
        NotTestedCheck(key("check.vintages"), because: reason),
        NotTestedCheck(key("check.previousVersion"), because: key("reason.noPrevious")),
      ]))
    return ReportSection(.stability, items)
  }

  private static func bins(_ score: PopulationStability) -> ReportTable {
    ReportTable(
      title: key("stability.bins"),
      columns: [
        .left("column.bin"), .right("column.trainingRows"), .right("column.testRows"),
        .right("column.trainingShare"), .right("column.testShare"),
        .right("column.psiContribution"),
      ],
      rows: score.bins.enumerated().map { index, bin in
        let name: Value =
          bin.upper.map {
            .message(key("stability.upTo", ["x": .number($0, format: .significant(4))]))
          } ?? (index == 0 ? .key("stability.all") : .key("stability.above"))
        return [
          name, .count(bin.referenceRows), .count(bin.currentRows),
          .number(bin.referenceShare, format: .percent(1)),
          .number(bin.currentShare, format: .percent(1)),
          .number(bin.contribution, format: .fixed(4)),
        ]
      }, note: key("stability.binsNote", ["empty": .count(score.emptyBins.count)]))
  }

  private static func features(_ features: [CharacteristicStability]) -> ReportTable {
    ReportTable(
      title: key("stability.features"),
      columns: [
        .left("column.feature"), .right("column.csi"), .right("column.samplingLimit"),
        .left("column.newLevels"), .left("column.vanishedLevels"),
      ],
      rows: features.map {
        [
          .text($0.name), .number($0.index.value, format: .fixed(4)),
          .number($0.index.samplingLimit, .fixed(4)), .names($0.newCategories),
          .names($0.vanishedCategories),
        ]
      },
      note: key(
        "stability.featuresNote",
        [
          "n": .count(
            features.count { feature in
              feature.index.samplingLimit.map { feature.index.value > $0 } ?? false
            }), "total": .count(features.count),
        ]))
  }
}
