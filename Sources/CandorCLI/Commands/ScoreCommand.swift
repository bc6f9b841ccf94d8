import ArgumentParser
import CandorData
import CandorExplanation
import CandorScoring
import CandorStudy
import Foundation

/// `candor score`: a bundle over a file or standard input, streaming.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score applicants, row by row, from a file or standard input to standard output.",
    discussion: """
      Example:
        candor score model.candor applicants.csv --reasons 4 > scored.csv
        zcat applicants.csv.gz | candor score model.candor -

      Rows count from 1 at the first data row; --keep passes columns through. Reasons are given for
      refusals. The column reasons_status says `given`; `unsettled` where another draw might still
      change the list, so that a person looks at it first; `person` where no reason can be given
      automatically and the case is for a person. It is empty for approvals.
      """)

  @OptionGroup var input: ModelArguments
  @OptionGroup var applicants: ApplicantArguments
  @OptionGroup var common: CommonOptions

  @Option(help: "Add up to so many principal reasons (1 to 4) for each refusal.")
  var reasons = 0

  @Option(help: "The language of the reasons: en or zh.")
  var language = LanguageChoice.en

  @Option(help: "Columns to pass through, separated by commas.")
  var keep: String?

  @OptionGroup var sampling: PermutationsOption

  func validate() throws {
    guard (0...4).contains(reasons) else {
      throw ValidationError("--reasons must be between 0 and 4; found \(reasons).")
    }
  }

  /// Rows scored at a time: enough to keep both processors busy, small enough to stream.
  private static let batchSize = 4096

  func run() throws {
    let model = try input.load()
    let explainer =
      reasons > 0
      ? try ApplicantExplainer(
        model, permutations: sampling.permutations ?? model.card.permutations,
        reasonsAtMost: reasons,
        threads: common.threads) : nil
    var kept: [String] = []
    for name in keep?.split(separator: ",").map(String.init) ?? [] where !kept.contains(name) {
      kept.append(name)
    }
    var reader = try CSVBatchReader(
      source: applicants.source, options: model.newDataOptions,
      columns: model.declarations(of: model.features), required: model.features, keep: kept)
    Terminal.write(CSVWriter().line(header(kept)), to: .standardOutput)
    var first = 1
    var unseen: [String: Int] = [:]
    while let batch = try reader.next(maximumRows: Self.batchSize) {
      Terminal.write(
        try lines(of: batch, kept: kept, first: first, model: model, explainer: explainer),
        to: .standardOutput)
      for notice in model.encoder.notices(for: batch) {
        unseen[notice.sentence, default: 0] += notice.count
      }
      first += batch.rowCount
    }
    if !common.quiet {
      for sentence in unseen.keys.sorted() {
        Terminal.complain("candor: \(sentence) (\(unseen[sentence] ?? 0) rows)")
      }
    }
  }

  private func header(_ kept: [String]) -> [String] {
    var names = ["row"] + kept + ["pd", "log_odds", "points", "decision"]
    if reasons > 0 { names += ["reasons_status"] + (1...reasons).map { "reason_\($0)" } }
    return names
  }

  private func lines(
    of batch: Table, kept: [String], first: Int, model: RiskModel, explainer: ApplicantExplainer?
  ) throws -> String {
    let scored = try model.score(batch)
    var explanations: [Int: ApplicantExplanation] = [:]
    if let explainer {
      let refused = scored.indices.filter { scored[$0].decision == .refuse }
      let answers = try explainer.explain(batch.selecting(rows: refused), withEvidence: false)
      explanations = Dictionary(uniqueKeysWithValues: zip(refused, answers))
    }
    let writer = CSVWriter()
    var text = ""
    for (row, result) in scored.enumerated() {
      var fields: [String?] = [String(first + row)]
      fields += kept.map { batch.column($0)?.text(row) }
      fields += [
        String(result.probability), String(result.logOdds), String(result.points),
        result.decision.rawValue,
      ]
      if reasons > 0 {
        let outcome = explanations[row]?.reasons
        fields.append(outcome.map { ReasonsStatus($0).rawValue })
        let printed = outcome?.reasons?.reasons ?? []
        fields += (0..<reasons).map { place -> String? in
          guard place < printed.count else { return nil }
          return model.catalogue.wording(
            for: printed[place].subject, language: language.tag)
        }
      }
      text += writer.line(fields)
    }
    return text
  }
}

/// The languages of wordings and pages.
enum LanguageChoice: String, ExpressibleByArgument, CaseIterable {
  case en, zh

  /// The tag of the wording.
  var tag: String { self == .en ? "en" : "zh-Hans" }
}
