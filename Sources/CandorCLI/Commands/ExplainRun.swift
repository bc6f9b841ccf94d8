import CandorData
import CandorScoring
import CandorStudy
import Foundation

/// What one call of `candor explain` does with each batch of rows.
struct ExplainRun {
  let model: RiskModel
  let explainer: ApplicantExplainer
  let identifier: String?
  let hashes: Hashes
  let language: LanguageChoice
  let format: PageFormat
  /// Whether other methods, changes and comparable applicants stand beside the contributions.
  let withEvidence: Bool
  let withRule: Bool
  /// Contributions that are shown in place of the reasons' own; nil for those.
  let contributions: ContributionSource?

  /// What a record says of the model and the wording that it was made with.
  struct Hashes {
    let model: String
    let wording: String
  }

  /// Rows explained at a time: enough to keep all threads busy, few enough to show progress. With
  /// evidence a row takes some hundredths of a second.
  var batchSize: Int { withEvidence ? 16 : 256 }

  /// The pages of some rows of a table.
  ///
  /// - Parameters:
  ///   - positions: The rows, from zero.
  ///   - table: The applicants.
  ///   - first: The number of the table's first row in the file.
  /// - Returns: One page a row.
  /// - Throws: The errors of explaining.
  func pages(
    of positions: [Int], in table: CandorData.Table, first: Int
  ) throws -> [ApplicantPage] {
    guard !positions.isEmpty else { return [] }
    let part = table.selecting(rows: positions)
    let explanations = try explainer.explain(
      part, withEvidence: withEvidence, withRule: withRule)
    let chosen = try contributions?.contributions(of: part)
    return zip(positions, explanations).enumerated().map { place, found in
      var page = ApplicantPage(
        row: first + found.0, identifier: identifier.flatMap { table.column($0)?.text(found.0) },
        explanation: found.1, model: model, reference: explainer.referenceDescription,
        language: language, chosen: chosen?[place])
      page.modelHash = hashes.model
      page.wordingHash = hashes.wording
      return page
    }
  }

  /// Writes pages that were found while rows are read.
  func write(_ pages: [ApplicantPage], isFirst: Bool) throws {
    guard format == .json else { return try show(pages, isFirst: isFirst) }
    var lines = ""
    for page in pages { lines += try JSONOutput.line(ApplicantRecord(page)) + "\n" }
    Terminal.write(lines, to: .standardOutput)
  }

  /// Writes all pages there are, or in text and Markdown the next of them.
  func show(_ pages: [ApplicantPage], isFirst: Bool = true) throws {
    switch format {
    case .json:
      let records = try pages.map { try ApplicantRecord($0) }
      if records.count == 1, let only = records.first { return try JSONOutput.print(only) }
      try JSONOutput.print(records)
    case .text:
      for (place, page) in pages.enumerated() {
        if !isFirst || place > 0 { Terminal.say("") }
        try page.lines().forEach(Terminal.say)
      }
    case .markdown:
      for page in pages {
        Terminal.write(VisibleText.lines(try page.markdown()), to: .standardOutput)
      }
    case .html:
      Terminal.write(try ApplicantPage.html(pages, language: language), to: .standardOutput)
    }
  }
}
