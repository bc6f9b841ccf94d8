import CandorDocument
import CandorEvaluation
import CandorExplanation
import Foundation

/// The quality of a model's explanations as a table; section 13, and `candor explain --audit`.
enum ScorecardItems {
  /// The table, and what was fitted for the test by permuted outcomes.
  static func items(
    for card: ExplanationScorecard, refits: RefitExtent? = nil
  ) -> [ReportItem] {
    var items: [ReportItem] = [.subheading(key("scorecard.heading")), .table(table(card))]
    if let refits {
      items.append(
        .paragraph(
          key(
            "scorecard.labels",
            [
              "fits": .count(refits.fits), "family": FamilyName.value(refits.family),
              "rows": .count(refits.rows), "total": .count(refits.allRows),
            ])))
    }
    return items
  }

  private static func table(_ card: ExplanationScorecard) -> ReportTable {
    ReportTable(
      title: key("scorecard.table"),
      columns: [
        .left("column.check"), .left("column.subjectOfCheck"), .left("column.value"),
        .right("column.applicants"), .left("column.limit"), .left("column.verdict"),
      ],
      rows: card.rows.map { row in
        [
          .key("scorecheck.\(row.check.rawValue)"), subject(row.subject),
          row.value.map {
            .estimate($0, lower: row.lower, upper: row.upper, format: .fixed(2))
          } ?? .text(NumberStyle.missing), .count(row.count),
          row.limit.map { $0.value(.fixed(2)) } ?? .text(NumberStyle.missing),
          row.verdict?.value ?? .key("verdict.none"),
        ]
      },
      note: key(
        "scorecard.note",
        [
          "n": .count(card.applicants), "background": .code(card.backgroundName),
        ]))
  }

  /// Methods by their names; what is none stays as it is.
  static func subject(_ subject: String) -> Value {
    let parts = subject.components(separatedBy: " | ")
    return .list(
      parts.flatMap { part -> [Value] in
        // A method, and after it what was done to the model.
        let pieces = part.split(separator: ",", maxSplits: 1).map(String.init)
        guard let first = pieces.first, let method = ExplanationMethod(rawValue: first) else {
          return [.text(part)]
        }
        return [.message(ExplanationNames.method(method))]
          + pieces.dropFirst().map { .text($0.trimmingCharacters(in: .whitespaces)) }
      })
  }
}
