import ArgumentParser
import CandorData
import CandorExplanation
import CandorIntegrity
import CandorScoring
import CandorStudy
import Foundation

/// `candor explain`: why a bundle decided as it did, on one applicant or on a portfolio.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a model's decisions on applicants.",
    discussion: """
      Example:
        candor explain model.candor applicants.csv --row 17
        candor explain model.candor applicants.csv --id A-1042 --format markdown
        candor explain model.candor applicants.csv --where "amount >= 5000" --format json
        candor explain model.candor applicants.csv --all --format json > explained.jsonl

      Rows count from 1 at the first data row. Contributions are Shapley values on the log-odds of
      the PD, against applicants approved near the cut-off; positive ones raise the risk. JSON of
      rows named by --row or --id is one object, or an array of several; with --where and --all it is
      one line a row, written as it is found, without the evidence of other methods.
      """)

  @OptionGroup var input: ModelArguments
  @OptionGroup var applicants: ApplicantArguments
  @OptionGroup var selection: ApplicantSelection
  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "Whose contributions are shown: \(ContributionMethod.allCases.map(\.rawValue).joined(separator: ", ")). Reasons always come from Shapley values.",
      valueName: "method"), transform: Self.method)
  var method = ContributionMethod.shapley

  @Option(
    help: ArgumentHelp(
      "What contributions compare with: approved (near the cut-off) or training.",
      valueName: "rows"), transform: Self.background)
  var background = ContributionBackground.approved

  @Flag(help: "Print the quality of the model's explanations, measured on up to 50 of the rows.")
  var audit = false

  @Option(help: "text, markdown, json or html.")
  var format: PageFormat?

  @Flag(help: "The same as --format json.")
  var json = false

  @Flag(help: "The same as --format markdown.")
  var markdown = false

  @Option(help: "The language of the text: en or zh.")
  var language = LanguageChoice.en

  @OptionGroup var sampling: PermutationsOption

  func validate() throws {
    let asked = [format != nil, json, markdown].count { $0 }
    guard asked <= 1 else {
      throw ValidationError("Give one of --format, --json and --markdown.")
    }
  }

  private static func method(_ text: String) throws -> ContributionMethod {
    guard let method = ContributionMethod(rawValue: text) else {
      let all = ContributionMethod.allCases.map(\.rawValue)
      throw ValidationError(
        "There is no method \"\(text)\"; "
          + (nearestName(to: text, among: all).map { "did you mean \"\($0)\"?" }
            ?? "the methods are \(all.joined(separator: ", "))."))
    }
    return method
  }

  private static func background(_ text: String) throws -> ContributionBackground {
    guard let background = ContributionBackground(rawValue: text) else {
      throw ValidationError("--background must be approved or training; found \(text).")
    }
    return background
  }

  private var chosenFormat: PageFormat {
    format ?? (json ? .json : markdown ? .markdown : .text)
  }

  func run() throws {
    let model = try input.load()
    let explainer = try ApplicantExplainer(
      model, permutations: sampling.permutations ?? model.card.permutations,
      reasonsAtMost: model.card.reasonsAtMost, threads: common.threads)
    let hashes = Hashes(
      model: try Digest.ofFile(input.model).description,
      wording: model.catalogue.wordingHash.description)
    let identifier = try selection.identifierColumn(model)
    if chosenFormat == .json, !selection.isNamed, !audit {
      return try stream(model, explainer: explainer, identifier: identifier, hashes: hashes)
    }
    let table = try applicants.readTable(
      options: model.newDataOptions,
      columns: try selection.declarations(model, identifier: identifier))
    let rows = try selection.positions(
      in: table, identifier: identifier, source: applicants.source.name)
    guard !rows.isEmpty else {
      throw ToolError(
        ExitCodes.data,
        "\(applicants.source.name): no row fulfils the conditions among \(table.rowCount).")
    }
    if audit {
      return try ScorecardPage(
        card: explainer.audit(table.selecting(rows: rows)), language: language
      ).show(as: chosenFormat)
    }
    let bar = ProgressBar(quiet: common.quiet)
    var pages: [ApplicantPage] = []
    for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
      let batch = Array(rows[start..<min(start + Self.batchSize, rows.count)])
      let part = table.selecting(rows: batch)
      let explanations = try explainer.explain(part)
      let chosen = try chosenContributions(part, explainer: explainer)
      for (place, (position, explanation)) in zip(batch, explanations).enumerated() {
        var one = page(
          position + 1, identifier.flatMap { table.column($0)?.text(position) }, explanation,
          model: model, explainer: explainer, hashes: hashes)
        one.chosen = chosen?[place]
        pages.append(one)
      }
      bar.show("explaining", fraction: Double(start + batch.count) / Double(rows.count))
    }
    bar.finish()
    try show(pages)
  }

  /// Contributions by another method or against another background than the reasons'; nil for those.
  private func chosenContributions(
    _ table: CandorData.Table, explainer: ApplicantExplainer
  ) throws -> [Explanation]? {
    guard method != .shapley || background != .approved else { return nil }
    return try explainer.contributions(of: table, by: method, against: background)
  }

  /// Rows explained at a time: enough to keep all threads busy, few enough to show progress.
  private static let batchSize = 256

  private func page(
    _ row: Int, _ identifier: String?, _ explanation: ApplicantExplanation, model: RiskModel,
    explainer: ApplicantExplainer, hashes: Hashes
  ) -> ApplicantPage {
    var page = ApplicantPage(
      row: row, identifier: identifier, explanation: explanation, model: model,
      reference: explainer.referenceDescription, language: language)
    page.modelHash = hashes.model
    page.wordingHash = hashes.wording
    return page
  }

  /// What a record says of the model and the wording that it was made with.
  private struct Hashes {
    let model: String
    let wording: String
  }

  private func show(_ pages: [ApplicantPage]) throws {
    switch chosenFormat {
    case .json:
      let records = try pages.map { try ApplicantRecord($0) }
      if records.count == 1, let only = records.first { return try JSONOutput.print(only) }
      try JSONOutput.print(records)
    case .text:
      for page in pages { try page.lines().forEach(Terminal.say) }
    case .markdown:
      for page in pages {
        Terminal.write(VisibleText.lines(try page.markdown()), to: .standardOutput)
      }
    case .html:
      Terminal.write(try ApplicantPage.html(pages, language: language), to: .standardOutput)
    }
  }

  /// One JSON line a row, with memory that does not grow with the file.
  private func stream(
    _ model: RiskModel, explainer: ApplicantExplainer, identifier: String?, hashes: Hashes
  ) throws {
    let filters = try selection.filters()
    var reader = try CSVBatchReader(
      source: applicants.source, options: model.newDataOptions,
      columns: try selection.declarations(model, identifier: identifier),
      required: model.features + filters.map(\.column) + (identifier.map { [$0] } ?? []),
      keep: [])
    let counter = RowCounter(quiet: common.quiet)
    var first = 1
    while let batch = try reader.next(maximumRows: Self.batchSize) {
      var chosen = Array(0..<batch.rowCount)
      for filter in filters {
        let holds = try filter.matches(batch)
        chosen = chosen.filter { holds[$0] }
      }
      let part = batch.selecting(rows: chosen)
      let explanations = try explainer.explain(part, withEvidence: false)
      let contributions = try chosenContributions(part, explainer: explainer)
      var lines = ""
      for (place, (position, explanation)) in zip(chosen, explanations).enumerated() {
        var one = page(
          first + position, identifier.flatMap { batch.column($0)?.text(position) },
          explanation, model: model, explainer: explainer, hashes: hashes)
        one.chosen = contributions?[place]
        let record = try ApplicantRecord(one)
        lines += try JSONOutput.line(record) + "\n"
      }
      Terminal.write(lines, to: .standardOutput)
      first += batch.rowCount
      counter.show("explained", rows: first - 1)
    }
    counter.finish()
  }
}

/// How a page is written.
enum PageFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, json, html
}
