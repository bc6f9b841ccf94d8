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
      one line a row, written as it is found, without the evidence of other methods; text and
      Markdown are written as they are found too. `--method surrogate` fits each row named by --row
      or --id on draws of its own, and with --where and --all every row on one design, so that the
      model is asked no more often for thousands of applicants than for one.
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

  @Flag(
    help:
      "Search a rule that is enough for each decision; without it only for a single row.")
  var rule = false

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
      throw ValidationError("It must be approved or training; found \(text).")
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
    let hashes = ExplainRun.Hashes(
      model: try Digest.ofFile(input.model).description,
      wording: model.catalogue.wordingHash.description)
    let identifier = try selection.identifierColumn(model)
    let portfolio = !selection.isNamed && !audit && chosenFormat != .html
    let run = ExplainRun(
      model: model, explainer: explainer, identifier: identifier, hashes: hashes,
      language: language, format: chosenFormat,
      withEvidence: !portfolio || chosenFormat != .json, withRule: rule || selection.isOne,
      contributions: try source(explainer))
    if portfolio { return try stream(run) }
    let table = try applicants.readTable(
      options: model.newDataOptions,
      columns: try selection.declarations(model, identifier: identifier))
    let rows = try selection.positions(
      in: table, identifier: identifier, source: applicants.source.name)
    guard !rows.isEmpty else { throw noRow(among: table.rowCount) }
    if audit {
      let chosen = table.selecting(rows: rows)
      return try ScorecardPage(
        card: explainer.audit(chosen), conductance: explainer.conductance(chosen),
        language: language
      ).show(as: chosenFormat)
    }
    if chosenFormat == .html, rows.count > Self.mostHTML {
      throw ToolError(
        ExitCodes.usage,
        "A page of HTML holds \(Self.mostHTML) decisions at most, and \(rows.count) rows were "
          + "chosen; choose fewer with --row or --where, or take --format json.")
    }
    let bar = ProgressBar(quiet: common.quiet)
    var pages: [ApplicantPage] = []
    for start in stride(from: 0, to: rows.count, by: run.batchSize) {
      let batch = Array(rows[start..<min(start + run.batchSize, rows.count)])
      pages += try run.pages(of: batch, in: table, first: 1)
      bar.show("explaining", fraction: Double(start + batch.count) / Double(rows.count))
    }
    bar.finish()
    try run.show(pages)
  }

  /// Contributions by another method or against another background than the reasons'; nil for those.
  private func source(_ explainer: ApplicantExplainer) throws -> ContributionSource? {
    guard method != .shapley || background != .approved else { return nil }
    return try ContributionSource(
      explainer, by: method, against: background, isPortfolio: !selection.isNamed)
  }

  private func noRow(among count: Int) -> ToolError {
    ToolError(
      ExitCodes.data,
      "\(applicants.source.name): no row fulfils the conditions among \(count).")
  }

  /// So many decisions fill some megabytes, which a browser still shows at once.
  private static let mostHTML = 500

  /// Rows as they are read and found, with memory that does not grow with the file.
  private func stream(_ run: ExplainRun) throws {
    let filters = try selection.filters()
    var reader = try CSVBatchReader(
      source: applicants.source, options: run.model.newDataOptions,
      columns: try selection.declarations(run.model, identifier: run.identifier),
      required: run.model.features + filters.map(\.column) + (run.identifier.map { [$0] } ?? []),
      keep: [])
    let counter = RowCounter(quiet: common.quiet)
    var first = 1
    var found = 0
    while let batch = try reader.next(maximumRows: run.batchSize) {
      var chosen = Array(0..<batch.rowCount)
      for filter in filters {
        let holds = try filter.matches(batch)
        chosen = chosen.filter { holds[$0] }
      }
      try run.write(
        run.pages(of: chosen, in: batch, first: first), isFirst: found == 0)
      found += chosen.count
      first += batch.rowCount
      counter.show("explained", rows: first - 1)
    }
    counter.finish()
    guard found == 0 else { return }
    // A program that reads lines takes none as an answer; a person is told.
    guard chosenFormat == .json else { throw noRow(among: first - 1) }
    if !common.quiet { Terminal.complain("candor: \(noRow(among: first - 1).description)") }
  }
}

/// How a page is written.
enum PageFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, json, html
}
