import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorReport
import Foundation

/// The quality of a model's explanations, as a terminal, a document or a program reads it.
struct ScorecardPage {
  let card: ExplanationScorecard
  /// Where in a net decisions are made, layer by layer; empty for other models.
  let conductance: [ConductanceSummary]
  let language: LanguageChoice

  func show(as format: PageFormat) throws {
    if format == .json { return try JSONOutput.print(Record(card: card, conductance: conductance)) }
    let documentLanguage: Language = language == .en ? .english : .simplifiedChinese
    let localizer = try ReportStrings.localizer(documentLanguage)
    if format == .text {
      return try lines(localizer).forEach(Terminal.say)
    }
    let renderer = ReportRenderer(localizer: localizer) { $0 }
    var blocks: [Block] = []
    for item in IndividualSection.scorecard(card) { blocks += try renderer.blocks(for: item) }
    for layer in conductance {
      blocks += try renderer.blocks(for: .paragraph(ReportPhrases.conductance(layer)))
    }
    let document = Document(
      language: documentLanguage, title: try localizer.string(Message.key("scorecard.heading")),
      blocks: blocks)
    Terminal.write(
      format == .html ? HTMLWriter().write(document) : MarkdownWriter().write(document),
      to: .standardOutput)
  }

  /// Two lines a check: the value in its interval, the verdict and what was checked; of what.
  private func lines(_ localizer: Localizer) throws -> [String] {
    var lines = [try localizer.string(Message.key("scorecard.heading"))]
    for row in card.rows {
      let name = try localizer.string(Message.key("scorecheck.\(row.check.rawValue)"))
      let value = row.value.map { Numbers.decimal($0, 2) } ?? "–"
      let interval =
        row.lower.flatMap { lower in
          row.upper.map { " (\(Numbers.decimal(lower, 2)) to \(Numbers.decimal($0, 2)))" }
        } ?? ""
      let verdict =
        try row.verdict.map {
          " " + (try localizer.string(Message.key("verdict.\($0.rawValue)")))
        } ?? ""
      lines.append(VisibleText.line("  \(value)\(interval)\(verdict)  \(name)"))
      let subject = try localizer.string(ReportPhrases.scorecardSubject(row.subject))
      lines.append(VisibleText.line("      \(subject)"))
    }
    for layer in conductance {
      lines += LineBreaker.wrapped(try localizer.string(ReportPhrases.conductance(layer)))
    }
    return lines
  }

  /// The scorecard's own keys, and beside them the layers of a net.
  private struct Record: Encodable {
    let card: ExplanationScorecard
    let conductance: [ConductanceSummary]

    private enum Key: CodingKey { case conductance }

    func encode(to encoder: any Encoder) throws {
      try card.encode(to: encoder)
      guard !conductance.isEmpty else { return }
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(conductance, forKey: .conductance)
    }
  }
}
