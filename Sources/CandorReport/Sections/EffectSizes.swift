import CandorDocument
public import CandorExplanation

/// How large a method finds each feature's effect on single scores, over held-out rows.
public struct EffectSizes: Sendable {
  /// The method.
  public var method: ExplanationMethod
  /// How many held-out rows the mean was taken over.
  public var rows: Int
  /// How many background rows the method compared with.
  public var backgroundRows: Int
  /// The mean absolute attribution of each source feature, on the log-odds of the PD.
  public var sizes: [Attribution]
  /// The largest completeness residual, for integrated gradients.
  public var largestResidual: Double?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - rows: How many held-out rows the mean was taken over.
  ///   - backgroundRows: How many background rows the method compared with.
  ///   - sizes: The mean absolute attribution of each source feature.
  ///   - largestResidual: The largest completeness residual, for integrated gradients.
  public init(
    method: ExplanationMethod, rows: Int, backgroundRows: Int, sizes: [Attribution],
    largestResidual: Double? = nil
  ) {
    self.method = method
    self.rows = rows
    self.backgroundRows = backgroundRows
    self.sizes = sizes
    self.largestResidual = largestResidual
  }
}

/// How far two methods agree about one family.
public struct MethodPairAgreement: Sendable {
  /// The family.
  public var family: String
  /// The first method; nil is permutation importance.
  public var first: ExplanationMethod?
  /// The second method.
  public var second: ExplanationMethod
  /// Spearman's rank correlation of the sizes.
  public var rankCorrelation: Double?
  /// The share of the top features that both have.
  public var topOverlap: Double
  /// How many top features were compared.
  public var top: Int

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - family: The family.
  ///   - first: The first method; nil is permutation importance.
  ///   - second: The second method.
  ///   - rankCorrelation: Spearman's rank correlation of the sizes.
  ///   - topOverlap: The share of the top features that both have.
  ///   - top: How many top features were compared.
  public init(
    family: String, first: ExplanationMethod?, second: ExplanationMethod,
    rankCorrelation: Double?, topOverlap: Double, top: Int
  ) {
    self.family = family
    self.first = first
    self.second = second
    self.rankCorrelation = rankCorrelation
    self.topOverlap = topOverlap
    self.top = top
  }
}

/// The part of section 12 that compares methods.
enum EffectTables {
  static func items(for input: GlobalInput) -> [ReportItem] {
    let shown = input.families.filter { !$0.effects.isEmpty }
    guard !shown.isEmpty else { return [] }
    var items: [ReportItem] = [
      .subheading(key("global.effects")), .paragraph(key("global.effectsIntro")),
    ]
    items += shown.map { .table(table(of: $0)) }
    if !input.methodAgreements.isEmpty {
      items.append(.table(agreement(input.methodAgreements)))
    }
    return items
  }

  private static func table(of family: GlobalInput.Family) -> ReportTable {
    let first = family.effects[0]
    let order = first.sizes.enumerated().sorted {
      let (a, b) = ($0.element.value, $1.element.value)
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element.source)
    let residual = family.effects.compactMap(\.largestResidual).max()
    var arguments: [String: Value] = [
      "rows": .count(first.rows), "background": .count(first.backgroundRows),
    ]
    if let residual { arguments["residual"] = .number(residual, format: .significant(2)) }
    return ReportTable(
      title: key("global.effectsTable", ["family": FamilyName.value(family.family)]),
      columns: [.left("column.feature")]
        + family.effects.map { ReportTable.Column(ExplanationNames.method($0.method)) },
      rows: order.map { source in
        [.text(source)]
          + family.effects.map { effect in
            effect.sizes.first { $0.source == source }.map {
              .estimate(
                $0.value, lower: $0.lower.map { max($0, 0) }, upper: $0.upper, format: .fixed(3))
            } ?? .text(NumberStyle.missing)
          }
      },
      note: key(
        residual == nil ? "global.effectsNote" : "global.effectsNoteResidual", arguments))
  }

  private static func agreement(_ agreements: [MethodPairAgreement]) -> ReportTable {
    ReportTable(
      title: key("global.methodAgreement"),
      columns: [
        .left("column.family"), .left("column.firstMethod"), .left("column.secondMethod"),
        .right("column.rankCorrelation"), .right("column.topOverlap"), .right("column.top"),
      ],
      rows: agreements.map {
        [
          FamilyName.value($0.family),
          .message(
            $0.first.map(ExplanationNames.method) ?? key("explainer.permutationImportance")),
          .message(ExplanationNames.method($0.second)),
          .number($0.rankCorrelation, .fixed(2)), .number($0.topOverlap, format: .percent(0)),
          .count($0.top),
        ]
      }, note: key("global.methodAgreementNote"))
  }
}
