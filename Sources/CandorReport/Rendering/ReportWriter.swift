public import CandorDocument
import Foundation

/// Writes all files of a report: Markdown and HTML in each language, figures, and the tree itself.
public enum ReportWriter {
  /// The files of a report; nothing in them depends on clock, machine or thread count.
  ///
  /// The first language has the plain names (`report.md`, `figures/roc.svg`); others carry their
  /// code (`report.zh-Hans.md`), figures only where their text differs.
  ///
  /// - Parameters:
  ///   - report: The tree.
  ///   - languages: The languages, first the one with the plain names.
  /// - Returns: The files in a fixed order.
  /// - Throws: `DocumentError` where a text is missing or a chart cannot be drawn.
  public static func files(
    for report: AuditReport, languages: [Language]
  ) throws(DocumentError) -> [ReportFile] {
    let languages = languages.isEmpty ? [.english] : languages
    var figures: [ReportFigure] = []
    for section in report.sections {
      for case .figure(let figure) in section.items { figures.append(figure) }
    }
    var plain: [String: String] = [:]
    var pages: [ReportFile] = []
    var drawings: [ReportFile] = []
    for (index, language) in languages.enumerated() {
      let localizer = try ReportStrings.localizer(language)
      var texts: [String: String] = [:]
      var paths: [String: String] = [:]
      for figure in figures {
        let svg = try SVGWriter.svg(for: figure.chart, localizer: localizer)
        let shared = index > 0 && plain[figure.name] == svg
        let suffix = index == 0 || shared ? "" : ".\(language.rawValue)"
        let path = "figures/\(figure.name)\(suffix).svg"
        paths[figure.name] = path
        texts[path] = svg
        if index == 0 { plain[figure.name] = svg }
        if !shared { drawings.append(ReportFile(path: path, bytes: Data(svg.utf8))) }
      }
      let chosen = paths
      func document(_ ending: String) throws(DocumentError) -> Document {
        let links = languages.enumerated().filter { $0.offset != index }.map {
          (name: $0.element.ownName, path: fileName($0.element, at: $0.offset, ending))
        }
        return try ReportRenderer(
          localizer: localizer, links: links,
          figurePath: { chosen[$0] ?? "figures/\($0).svg" }
        ).document(for: report)
      }
      let markdown = MarkdownWriter().write(try document("md"))
      let html = HTMLWriter(figures: texts).write(try document("html"))
      pages.append(
        ReportFile(path: fileName(language, at: index, "md"), bytes: Data(markdown.utf8)))
      pages.append(
        ReportFile(path: fileName(language, at: index, "html"), bytes: Data(html.utf8)))
    }
    return pages + drawings + [
      ReportFile(path: "report.json", bytes: try JSONWriter.bytes(of: report))
    ]
  }

  private static func fileName(_ language: Language, at index: Int, _ ending: String) -> String {
    index == 0 ? "report.\(ending)" : "report.\(language.rawValue).\(ending)"
  }
}
