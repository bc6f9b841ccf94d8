import ArgumentParser
import CandorData
import CandorEvaluation
import CandorNumerics
import CandorScoring
import CandorStudy
import Foundation

/// `candor evaluate`: a bundle on labelled data.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on labelled data.",
    discussion: """
      Example:
        candor evaluate model.candor new-loans.csv

      The data need the model's features and its target column. Intervals are 95%.
      """)

  @OptionGroup var input: ModelArguments
  @OptionGroup var applicants: ApplicantArguments
  @OptionGroup var common: CommonOptions

  @Option(help: "The seed of bootstrap intervals; the model's own unless given.")
  var seed: UInt64?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let model = try input.load()
    let reading = try CSVReader.read(
      file: applicants.applicants, options: model.newDataOptions,
      columns: model.declarations(of: model.features + [model.card.target]))
    let labels = try BinaryTarget.labels(
      of: reading.table.requiredColumn(model.card.target), bad: model.card.badValue,
      lines: reading.table.lines, file: applicants.applicants)
    let scored = try model.score(reading.table)
    let sample = try ScoredSample(
      labels: labels, probabilities: scored.map(\.probability), scores: scored.map(\.margin))
    let evaluation = try Evaluation.run(
      sample: sample, cutOff: model.cutOff,
      seeds: SeedTree(seed: seed ?? model.card.seed).child("evaluate"), threads: common.threads)
    if json { return try JSONOutput.print(evaluation) }
    EvaluationPage.lines(evaluation).forEach(Terminal.say)
    if !common.quiet {
      for notice in model.encoder.notices(for: reading.table) {
        Terminal.complain("candor: \(notice.sentence) (\(notice.count) rows)")
      }
    }
  }
}
