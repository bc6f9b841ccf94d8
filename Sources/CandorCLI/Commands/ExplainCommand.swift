import ArgumentParser
import CandorData
import CandorScoring
import CandorStudy
import Foundation

/// `candor explain`: why a bundle decided as it did on one applicant.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a model's decision on one applicant, or on several.",
    discussion: """
      Example:
        candor explain model.candor applicants.csv --row 17
        candor explain model.candor applicants.csv --id A-1042 --markdown

      Rows count from 1 at the first data row. Contributions are Shapley values on the log-odds of
      the PD, against applicants approved near the cut-off; positive ones raise the risk.
      """)

  @OptionGroup var input: ModelArguments
  @OptionGroup var applicants: ApplicantArguments
  @OptionGroup var common: CommonOptions

  @Option(help: "The applicant's row, from 1; may be given several times.")
  var row: [Int] = []

  @Option(help: "The applicant's identifier.")
  var id: String?

  @Option(help: "The column of identifiers, where the data have several or the study named none.")
  var idColumn: String?

  @Flag(help: "Print JSON: an object, or an array where several rows are asked for.")
  var json = false

  @Flag(help: "Print Markdown.")
  var markdown = false

  @Option(help: "The language of the text: en or zh.")
  var language = LanguageChoice.en

  @OptionGroup var sampling: PermutationsOption

  func validate() throws {
    guard row.isEmpty != (id == nil) else {
      throw ValidationError("Give either --row or --id.")
    }
    guard !(json && markdown) else { throw ValidationError("Give --json or --markdown, not both.") }
  }

  func run() throws {
    let model = try input.load()
    let explainer = try ApplicantExplainer(
      model, permutations: sampling.permutations ?? model.card.permutations,
      reasonsAtMost: model.card.reasonsAtMost, threads: common.threads)
    var declarations = model.declarations(of: model.features)
    let identifier = try identifierColumn(model)
    if let identifier { declarations[identifier] = ColumnDeclaration(type: .categorical) }
    let table = try applicants.readTable(options: model.newDataOptions, columns: declarations)
    let rows = try chosenRows(table, identifier: identifier)
    let explanations = try explainer.explain(table.selecting(rows: rows))
    let pages = zip(rows, explanations).map { position, explanation in
      ApplicantPage(
        row: position + 1, identifier: identifier.flatMap { table.column($0)?.text(position) },
        explanation: explanation, model: model, reference: explainer.referenceDescription,
        language: language)
    }
    if json {
      let records = try pages.map { try ApplicantRecord($0) }
      if records.count == 1, let only = records.first { return try JSONOutput.print(only) }
      return try JSONOutput.print(records)
    }
    for page in pages {
      if markdown {
        Terminal.write(VisibleText.lines(try page.markdown()), to: .standardOutput)
      } else {
        try page.lines().forEach(Terminal.say)
      }
    }
  }

  private func identifierColumn(_ model: RiskModel) throws -> String? {
    guard id != nil else { return idColumn }
    if let idColumn { return idColumn }
    guard model.identifiers.count == 1, let only = model.identifiers.first else {
      throw ToolError(
        ExitCodes.usage,
        model.identifiers.isEmpty
          ? "The model knows no identifier column; name it with --id-column."
          : "The model has the identifier columns \(model.identifiers.joined(separator: ", ")); "
            + "name one with --id-column.")
    }
    return only
  }

  private func chosenRows(_ table: Table, identifier: String?) throws -> [Int] {
    if let id, let identifier {
      let column = try table.requiredColumn(identifier)
      let found = (0..<table.rowCount).filter { column.text($0) == id }
      guard !found.isEmpty else {
        throw ToolError(
          ExitCodes.data,
          "\(applicants.source.name): no row has \(identifier) \"\(id)\" among \(table.rowCount).")
      }
      return found
    }
    for number in row where !(1...table.rowCount).contains(number) {
      throw ToolError(
        ExitCodes.data,
        "\(applicants.source.name): there is no row \(number); rows count from 1 to "
          + "\(table.rowCount).")
    }
    return row.map { $0 - 1 }
  }
}
