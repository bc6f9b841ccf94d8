import CandorDocument
public import CandorExplanation

/// What section 12 lays out.
public struct GlobalInput: Sendable {
  /// A family's importances.
  public struct Family: Sendable {
    /// The family.
    public var family: String
    /// Importance of each source feature.
    public var features: PermutationImportance
    /// Importance of each declared group, where there are groups.
    public var groups: PermutationImportance?
    /// The straight line nearest to the whole model.
    public var surrogate: GlobalSurrogate?
    /// How large each method finds each feature's effect on single scores.
    public var effects: [EffectSizes] = []
    /// Importance on training rows by the trees that did not see them; nil where there are none.
    public var outOfBag: PermutationImportance?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - family: The family.
    ///   - features: Importance of each source feature.
    ///   - groups: Importance of each declared group.
    ///   - surrogate: The straight line nearest to the whole model.
    public init(
      family: String, features: PermutationImportance, groups: PermutationImportance? = nil,
      surrogate: GlobalSurrogate? = nil
    ) {
      self.family = family
      self.features = features
      self.groups = groups
      self.surrogate = surrogate
    }
  }

  /// How far two families or methods agree about the importance of features.
  public struct Agreement: Sendable {
    /// The first family.
    public var first: String
    /// The second family.
    public var second: String
    /// Spearman's rank correlation of the importances.
    public var rankCorrelation: Double?
    /// The share of the top features that both have.
    public var topOverlap: Double
    /// How many top features were compared.
    public var top: Int

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - first: The first family.
    ///   - second: The second family.
    ///   - rankCorrelation: Spearman's rank correlation of the importances.
    ///   - topOverlap: The share of the top features that both have.
    ///   - top: How many top features were compared.
    public init(
      first: String, second: String, rankCorrelation: Double?, topOverlap: Double, top: Int
    ) {
      self.first = first
      self.second = second
      self.rankCorrelation = rankCorrelation
      self.topOverlap = topOverlap
      self.top = top
    }
  }

  /// The families, the champion among them.
  public var families: [Family]
  /// The champion.
  public var champion: String
  /// Agreement of families.
  public var agreements: [Agreement]
  /// Agreement of methods within a family.
  public var methodAgreements: [MethodPairAgreement] = []
  /// What the champion does beside the importance of its features; nil where it was not measured.
  public var behaviour: BehaviourInput?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - families: The families, the champion among them.
  ///   - champion: The champion.
  ///   - agreements: Agreement of families.
  public init(families: [Family], champion: String, agreements: [Agreement]) {
    self.families = families
    self.champion = champion
    self.agreements = agreements
  }
}

/// Section 12: what drives the models overall.
public enum GlobalSection {
  /// Lays the section out.
  ///
  /// - Parameter input: Importances, surrogates and agreement.
  /// - Returns: The section.
  public static func build(_ input: GlobalInput) -> ReportSection {
    guard
      let chosen = input.families.first(where: { $0.family == input.champion })
        ?? input.families.first
    else { return ReportSection(.globalBehaviour, []) }
    let measure = ExplanationNames.measure(chosen.features.measure)
    var items: [ReportItem] = [
      .paragraph(
        key(
          "global.intro",
          [
            "measure": .message(measure), "rows": .count(chosen.features.rowCount),
            "bads": .count(chosen.features.badCount),
            "repeats": .count(chosen.features.repeatCount),
          ])), .table(importance(chosen.features, family: chosen.family, isGroup: false)),
      .figure(figure(chosen.features, family: chosen.family, measure: measure)),
    ]
    if let groups = chosen.groups {
      items.append(.table(importance(groups, family: chosen.family, isGroup: true)))
    }
    for family in input.families {
      if let outOfBag = family.outOfBag {
        items.append(.table(ImportanceItems.outOfBag(outOfBag, beside: family)))
      }
    }
    if input.families.count > 1 {
      items.append(.subheading(key("global.byFamily")))
      items.append(.table(byFamily(input.families, order: chosen.features.players.map(\.source))))
    }
    if !input.agreements.isEmpty { items.append(.table(agreement(input.agreements))) }
    if let behaviour = input.behaviour { items += BehaviourItems.items(for: behaviour) }
    items += EffectTables.items(for: input)
    let surrogates = input.families.filter { $0.surrogate != nil }
    if !surrogates.isEmpty {
      items.append(.subheading(key("global.surrogates")))
      items.append(.table(surrogateTable(surrogates)))
    }
    if let simple = input.behaviour?.surrogates { items += SurrogateItems.items(for: simple) }
    if let behaviour = input.behaviour {
      if behaviour.directions.isEmpty {
        items.append(
          .notTested([
            NotTestedCheck(key("check.monotonicity"), because: key("reason.noDirection"))
          ]))
      }
    } else {
      items.append(
        SuppliedSections.notComputed([
          "check.partialDependence", "check.interactions", "check.monotonicity",
        ]))
    }
    items.append(
      .supplied([SuppliedField(label: key("supplied.direction_signoff"), answer: nil)]))
    return ReportSection(.globalBehaviour, items)
  }

  private static func importance(
    _ importance: PermutationImportance, family: String, isGroup: Bool
  ) -> ReportTable {
    ReportTable(
      title: key(
        isGroup ? "global.groupImportance" : "global.importance",
        ["family": FamilyName.value(family)]),
      columns: [
        .right("column.rankBand"), .left(isGroup ? "column.group" : "column.feature"),
        .left("column.importance"), .right("column.rowError"), .right("column.repeatError"),
      ],
      rows: importance.players.map {
        [
          .count($0.band), .text($0.source),
          .estimate($0.importance, lower: $0.lower, upper: $0.upper, format: .fixed(4)),
          .number($0.rowStandardError, format: .fixed(4)),
          .number($0.repeatStandardError, format: .fixed(4)),
        ]
      }, note: key("global.importanceNote"))
  }

  private static func figure(
    _ importance: PermutationImportance, family: String, measure: Message
  ) -> ReportFigure {
    let title = key("figure.importance", ["family": FamilyName.value(family)])
    return ReportFigure(
      name: "importance", caption: title,
      chart: .interval(
        IntervalChart(
          title: title, description: title, axis: Axis(label: measure), series: [measure],
          rows: importance.players.prefix(20).map {
            IntervalChart.Row(
              label: .text($0.source),
              estimates: [
                IntervalChart.Estimate(value: $0.importance, lower: $0.lower, upper: $0.upper)
              ])
          })))
  }

  private static func byFamily(
    _ families: [GlobalInput.Family], order: [String]
  ) -> ReportTable {
    ReportTable(
      title: key("global.byFamilyTable"),
      columns: [.left("column.feature")]
        + families.map { ReportTable.Column(FamilyName.message($0.family)) },
      rows: order.map { source in
        [.text(source)]
          + families.map { family in
            family.features.player(source).map {
              .estimate($0.importance, lower: $0.lower, upper: $0.upper, format: .fixed(3))
            } ?? .text(NumberStyle.missing)
          }
      })
  }

  private static func agreement(_ agreements: [GlobalInput.Agreement]) -> ReportTable {
    ReportTable(
      title: key("global.agreement"),
      columns: [
        .left("column.firstFamily"), .left("column.secondFamily"),
        .right("column.rankCorrelation"), .right("column.topOverlap"), .right("column.top"),
      ],
      rows: agreements.map {
        [
          FamilyName.value($0.first), FamilyName.value($0.second),
          .number($0.rankCorrelation, .fixed(2)), .number($0.topOverlap, format: .percent(0)),
          .count($0.top),
        ]
      }, note: key("global.agreementNote"))
  }

  private static func surrogateTable(_ families: [GlobalInput.Family]) -> ReportTable {
    ReportTable(
      title: key("global.surrogateTable"),
      columns: [
        .left("column.family"), .left("column.scale"), .right("column.rSquaredUnseen"),
        .right("column.rSquaredFitted"), .right("column.rank"), .right("column.columns"),
        .right("column.conditionNumber"), .left("column.topTerms"), .left("column.warnings"),
      ],
      rows: families.compactMap { family -> [Value]? in
        guard let surrogate = family.surrogate,
          case .surrogate(let evidence) = surrogate.fidelity.evidence
        else { return nil }
        let top = surrogate.contributions.enumerated().sorted {
          let (a, b) = ($0.element.standardDeviation, $1.element.standardDeviation)
          return a == b ? $0.offset < $1.offset : a > b
        }.prefix(4).map(\.element.source)
        return [
          FamilyName.value(family.family),
          .message(ExplanationNames.scale(surrogate.scale)),
          .number(evidence.rSquared, format: .fixed(3)),
          .number(evidence.fittedRSquared, format: .fixed(3)), .count(evidence.rank),
          .count(evidence.columns), .number(evidence.conditionNumber, format: .significant(3)),
          .list(top.map(Value.text)), ExplanationNames.warnings(surrogate.fidelity.warnings),
        ]
      }, note: key("global.surrogateNote"))
  }
}
