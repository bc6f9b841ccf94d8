public import CandorDocument
public import CandorScoring

/// What section 7 lays out.
public struct DesignInput: Sendable {
  /// One family as it was fitted.
  public struct Family: Sendable {
    /// Its name.
    public var name: String
    /// The options of the fit.
    public var settings: [ModelCard.Setting]
    /// Convergence evidence, coefficients and notices.
    public var log: TrainingLog
    /// From margin to PD.
    public var calibrator: Calibrator
    /// The level of each feature that was dropped, against which the others are measured.
    public var referenceLevels: [(feature: String, level: String)] = []

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - settings: The options of the fit.
    ///   - log: Convergence evidence, coefficients and notices.
    ///   - calibrator: From margin to PD.
    public init(
      name: String, settings: [ModelCard.Setting], log: TrainingLog, calibrator: Calibrator
    ) {
      self.name = name
      self.settings = settings
      self.log = log
      self.calibrator = calibrator
    }
  }

  /// The families.
  public var families: [Family]
  /// How many configurations were tried in all.
  public var configurationsTried: Int
  /// How many folds the out-of-fold margins came from.
  public var folds: Int
  /// The rows of training.
  public var trainingRows: Int
  /// The scale of points.
  public var points: PointsScale
  /// The cut-off on PD.
  public var cutOff: Double
  /// How the cut-off was set.
  public var cutOffRule: Message
  /// The correction to the population's share of bad; nil where there is none.
  public var prior: PriorCorrection?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - families: The families.
  ///   - configurationsTried: How many configurations were tried in all.
  ///   - folds: How many folds the out-of-fold margins came from.
  ///   - trainingRows: The rows of training.
  ///   - points: The scale of points.
  ///   - cutOff: The cut-off on PD.
  ///   - cutOffRule: How the cut-off was set.
  public init(
    families: [Family], configurationsTried: Int, folds: Int, trainingRows: Int,
    points: PointsScale, cutOff: Double, cutOffRule: Message
  ) {
    self.families = families
    self.configurationsTried = configurationsTried
    self.folds = folds
    self.trainingRows = trainingRows
    self.points = points
    self.cutOff = cutOff
    self.cutOffRule = cutOffRule
  }
}

/// Section 7: how the models were made.
public enum DesignSection {
  /// Lays the section out.
  ///
  /// - Parameter input: Families, scale and cut-off.
  /// - Returns: The section.
  public static func build(_ input: DesignInput) -> ReportSection {
    var rules = [
      key("design.leakage", ["folds": .count(input.folds), "rows": .count(input.trainingRows)]),
      key("design.configurations", ["n": .count(input.configurationsTried)]),
      key(
        "design.points",
        [
          "points": .number(input.points.basePoints, format: .significant(6)),
          "odds": .number(input.points.baseOdds, format: .significant(6)),
          "pdo": .number(input.points.pointsToDoubleOdds, format: .significant(6)),
        ]),
      key(
        "design.cutOff",
        [
          "cutOff": .number(input.cutOff, format: .fixed(4)), "rule": .message(input.cutOffRule),
        ]),
    ]
    if let prior = input.prior {
      rules.append(
        key(
          "design.prior",
          [
            "population": .number(prior.populationBadRate, format: .percent(2)),
            "sample": .number(prior.sampleBadRate, format: .percent(2)),
            "shift": .number(prior.shift, format: .fixed(4)),
          ]))
    }
    var items: [ReportItem] = [.list(rules)]
    for family in input.families { items += self.items(for: family) }
    items.append(
      .supplied([
        SuppliedField(label: key("supplied.theory"), answer: nil),
        SuppliedField(label: key("supplied.assumptions"), answer: nil),
      ]))
    return ReportSection(.design, items)
  }

  private static func items(for family: DesignInput.Family) -> [ReportItem] {
    var rows: [[Value]] = family.settings.map {
      [FitNames.setting($0.name), .text($0.value)]
    }
    rows.append([.key("design.calibration"), calibration(family.calibrator)])
    rows.append([.key("design.iterations"), .count(family.log.iterations)])
    rows.append([.key("design.converged"), .answer(family.log.converged)])
    for name in family.log.measures.keys.sorted() {
      guard let value = family.log.measures[name] else { continue }
      rows.append([FitNames.measure(name), .number(value, format: .significant(5))])
    }
    var items: [ReportItem] = [
      .subheading(FamilyName.message(family.name)),
      .table(
        ReportTable(
          title: key("design.settings"), columns: [.left("column.item"), .left("column.value")],
          rows: rows)),
    ]
    if !family.log.notices.isEmpty {
      items.append(.notice(.note, key("design.notices")))
      items.append(.list(family.log.notices.map { .text($0) }))
    }
    if let figure = LossFigure.curves(family.log, family: family.name) {
      items.append(.figure(figure))
    }
    let coefficients = family.log.coefficients
    if !coefficients.isEmpty {
      items.append(
        .table(
          ReportTable(
            title: key("design.coefficients"),
            columns: [
              .left("column.encodedColumn"), .right("column.estimate"),
              .right("column.standardError"), .right("column.pValue"),
            ],
            rows: coefficients.map {
              [
                $0.name == "(intercept)" ? .key("design.intercept") : .text($0.name),
                .number($0.estimate, format: .fixed(4)),
                .number($0.standardError, .fixed(4)), .number($0.pValue, .pValue),
              ]
            }, note: key("design.coefficientsNote"))))
    }
    if !family.referenceLevels.isEmpty {
      items.append(
        .paragraph(
          key(
            "design.referenceLevels",
            [
              "levels": .list(
                family.referenceLevels.map { .text("\($0.feature) = \($0.level)") })
            ])))
    }
    return items
  }

  private static func calibration(_ calibrator: Calibrator) -> Value {
    switch calibrator {
    case .identity, .clamp: .key("calibrator.none")
    case .platt(let slope, let offset):
      .message(
        key(
          "calibrator.platt",
          [
            "slope": .number(slope, format: .fixed(4)),
            "offset": .number(offset, format: .fixed(4)),
          ]))
    case .isotonic(let margins, _):
      .message(key("calibrator.isotonic", ["n": .count(margins.count)]))
    }
  }
}
