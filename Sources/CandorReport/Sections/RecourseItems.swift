import CandorDocument
import CandorEvaluation
public import CandorExplanation

/// What refused applicants could change, as section 13 lays it out.
public struct RecourseInput: Sendable {
  /// The statistics by the groups of one protected column.
  public struct ByGroup: Sendable {
    /// The protected column.
    public var column: String
    /// Overall and by its groups.
    public var statistics: RecourseStatistics

    /// Joins a column to its statistics.
    ///
    /// - Parameters:
    ///   - column: The protected column.
    ///   - statistics: Overall and by its groups.
    public init(column: String, statistics: RecourseStatistics) {
      self.column = column
      self.statistics = statistics
    }
  }

  /// How many refused applicants were asked for.
  public var applicants: Int
  /// All refused applicants of the test part.
  public var refused: Int
  /// How recourse was sought.
  public var method: Recourse.Method
  /// Over all of them.
  public var overall: RecourseStatistics
  /// By the groups of each protected column.
  public var byGroup: [ByGroup]

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - applicants: How many refused applicants were asked for.
  ///   - refused: All refused applicants of the test part.
  ///   - method: How recourse was sought.
  ///   - overall: Over all of them.
  ///   - byGroup: By the groups of each protected column.
  public init(
    applicants: Int, refused: Int, method: Recourse.Method, overall: RecourseStatistics,
    byGroup: [ByGroup]
  ) {
    self.applicants = applicants
    self.refused = refused
    self.method = method
    self.overall = overall
    self.byGroup = byGroup
  }
}

/// The parts of section 13 on what could be changed.
enum RecourseItems {
  /// How many features the statistics name.
  private static let shownFeatures = 4

  static func items(for input: RecourseInput) -> [ReportItem] {
    var items: [ReportItem] = [
      .subheading(key("recourse.heading")),
      .paragraph(
        key(
          "recourse.intro",
          [
            "n": .count(input.applicants), "total": .count(input.refused),
            "method": .key("recourseMethod.\(input.method.rawValue)"),
          ])),
      .table(
        table(
          [(nil, input.overall.overall)]
            + input.byGroup.flatMap { group in
              group.statistics.groups.map { (group.column, $0) }
            })),
    ]
    items += input.overall.warnings.map { .notice(.note, .text($0)) }
    return items
  }

  private static func table(
    _ groups: [(column: String?, group: RecourseStatistics.Group)]
  ) -> ReportTable {
    ReportTable(
      title: key("recourse.table"),
      columns: [
        .left("column.group"), .right("column.refused"), .left("column.withRecourse"),
        .right("column.provenImpossible"), .right("column.notFound"), .right("column.medianCost"),
        .right("column.medianChanges"), .left("column.changedMost"),
      ],
      rows: groups.map { column, group in
        let name: Value =
          if let column, let label = group.label {
            .message(key("label.groupOf", ["column": .code(column), "group": .text(label)]))
          } else {
            .key("value.all")
          }
        guard !group.isSuppressed else {
          return [name, .key("value.suppressed")]
            + Array(repeating: .text(NumberStyle.missing), count: 6)
        }
        return [
          name, .count(group.count),
          group.share.map {
            .estimate(
              $0, lower: group.interval?.lower, upper: group.interval?.upper, format: .percent(1))
          } ?? .text(NumberStyle.missing), .number(group.impossibleShare, .percent(1)),
          .number(group.openShare, .percent(1)), .number(group.medianCost, .fixed(2)),
          .number(group.medianChanges, .fixed(1)),
          .names(group.features.prefix(shownFeatures).map(\.feature)),
        ]
      }, note: key("recourse.tableNote"))
  }

  /// What one applicant could change.
  static func items(for recourse: Recourse) -> [ReportItem] {
    guard !recourse.counterfactuals.isEmpty else {
      return [.paragraph(key("recourse.\(recourse.verdict.rawValue)"))]
    }
    var rows: [[Value]] = []
    for (place, one) in recourse.counterfactuals.enumerated() {
      for (position, change) in one.changes.enumerated() {
        let isFirst = position == 0
        rows.append([
          isFirst ? .count(place + 1) : .text(""), .text(change.feature),
          .text(change.from.text),
          change.follows
            ? .message(key("recourse.follows", ["value": .text(change.to.text)]))
            : .text(change.to.text),
          isFirst ? .number(one.probability, format: .percent(1)) : .text(""),
          isFirst ? .number(one.cost, format: .fixed(2)) : .text(""),
          isFirst ? optimality(one.optimality) : .text(""),
          isFirst ? .number(one.distanceQuantile, format: .percent(0)) : .text(""),
        ])
      }
    }
    return [
      .table(
        ReportTable(
          title: key("recourse.changes"),
          columns: [
            .right("column.wayNumber"), .left("column.feature"), .left("column.from"),
            .left("column.to"), .right("column.pdAfter"), .right("column.recourseCost"),
            .left("column.optimality"), .right("column.distanceQuantile"),
          ], rows: rows, note: key("recourse.changesNote")))
    ]
  }

  private static func optimality(_ found: Counterfactual.Optimality) -> Value {
    switch found {
    case .optimal: .key("optimality.optimal")
    case .gap(let bound):
      .message(key("optimality.gap", ["bound": .number(bound, format: .fixed(2))]))
    case .notProven: .key("optimality.notProven")
    }
  }
}
