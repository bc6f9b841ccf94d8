import ArgumentParser
import CandorReport
import CandorStudy
import Foundation

/// `candor report`: the whole study to an audit report.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Run a study: train, compare and explain every family; write the audit report.",
    discussion: """
      Example:
        candor report examples/german-credit/study.yaml --output reports/out/german-credit

      Writes report.md, figures, report.html, report.json, the champion's model and a manifest. An
      existing report in the folder is replaced as a whole when the run has succeeded.
      """)

  @OptionGroup var input: StudyArguments
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: "The folder of the report.", completion: .directory)
  var output: String

  @Flag(help: "Print the headline numbers as JSON.")
  var json = false

  func run() throws {
    try OutputFolder.checkReplaceable(output)
    let bar = ProgressBar(quiet: common.quiet)
    defer { bar.finish() }
    let interruption = Interruption(bar)
    let (study, data) = try input.load(threads: common.threads)
    let result: StudyResult
    do {
      result = try StudyRun.run(
        study, data: data, options: common.runOptions(bar, interruption))
    } catch {
      interruption.leaveIfInterrupted()
      throw error
    }
    let files = try StudyReport.files(
      for: result, command: StudyReport.canonicalCommand(seedGiven: input.seed))
    try interruption.write { try OutputFolder.write(files, to: output) }
    bar.finish()
    let headlines = result.headlines
    if json {
      try JSONOutput.print(headlines)
      return
    }
    let folder = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
    Terminal.say("Report: \(folder)/report.md")
    for headline in headlines {
      Terminal.say("  \(headline.name): \(headline.text)")
    }
  }
}
