import CandorData
import CandorDocument
import CandorExplanation
import CandorReport
import CandorScoring
import CandorStudy

extension ApplicantPage {
  /// The page as Markdown: the same section that a report has for a decision. A page on its own has no
  /// figures beside it.
  func markdown() throws -> String {
    let (blocks, _) = try blocks(withFigures: false)
    return MarkdownWriter().write(
      Document(language: documentLanguage, title: title, blocks: blocks))
  }

  /// Pages as one HTML document with their figures inside.
  static func html(_ pages: [ApplicantPage], language: LanguageChoice) throws -> String {
    var all: [Block] = []
    var pictures: [String: String] = [:]
    for page in pages {
      let (blocks, figures) = try page.blocks(withFigures: true)
      all += blocks
      pictures.merge(figures) { first, _ in first }
    }
    return HTMLWriter(figures: pictures).write(
      Document(
        language: language == .en ? .english : .simplifiedChinese,
        title: pages.map(\.title).joined(separator: ", "), blocks: all))
  }

  private var title: String { identifier ?? String(row) }

  private func blocks(
    withFigures: Bool
  ) throws -> (blocks: [Block], figures: [String: String]) {
    let localizer = try ReportStrings.localizer(documentLanguage)
    let rows = model.reference(named: explanation.shapley.backgroundName)?.table.rowCount ?? 0
    var one = IndividualInput.Case(
      title: .text(title), row: row, scored: explanation.scored,
      explanation: chosen ?? explanation.shapley, referenceRows: rows,
      values: Dictionary(
        explanation.values.flatMap { $0 }.map { ($0.feature, $0.text ?? "") },
        uniquingKeysWith: { first, _ in first }),
      reasons: explanation.reasons?.reasons, sufficiency: explanation.sufficiency,
      deletion: explanation.deletion, agreements: try explanation.agreements(),
      review: explanation.reasons?.review ?? [], referral: explanation.reasons?.referral)
    one.evidence = explanation.evidence
    one.recourse = explanation.recourse
    one.anchor = explanation.anchor
    one.comparable = explanation.comparable?.items.first
    let section = IndividualSection.page(
      for: one, title: identifier,
      IndividualInput(
        cutOff: model.cutOff, cases: [], fidelity: [], catalogue: model.catalogue, limits: [:],
        thresholds: .standard))
    // Several pages stand in one document, so that a figure's name alone would not tell them apart.
    let prefix = String(row)
    let path: @Sendable (String) -> String = { "\(prefix)-\($0).svg" }
    let renderer = ReportRenderer(localizer: localizer, figurePath: path)
    var blocks: [Block] = []
    var figures: [String: String] = [:]
    for item in section.items {
      if case .figure(let figure) = item {
        guard withFigures else { continue }
        figures[path(figure.name)] = try SVGWriter.svg(for: figure.chart, localizer: localizer)
      }
      blocks += try renderer.blocks(for: item)
    }
    return (blocks, figures)
  }
}
