import ArgumentParser
import Candor

/// The tool's entry: arguments in, results on standard output, one sentence where it fails.
@main
struct CandorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "candor",
    abstract: "Score loans, explain the scores, and write the audit report.",
    discussion: """
      From a CSV of loans to a report:
        candor init loans.csv --target default --bad 1 --output study.yaml
        candor report study.yaml --output report
      """,
    version: CandorVersion.current,
    subcommands: [
      InitCommand.self, ReportCommand.self, TrainCommand.self, CompareCommand.self,
      EvaluateCommand.self, ExplainCommand.self, ScoreCommand.self, InspectCommand.self,
      VerifyCommand.self, SimulateCommand.self,
    ])

  static func main() {
    Terminal.ignoreBrokenPipes()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      ExitCodes.leave(with: error)
    }
  }
}
