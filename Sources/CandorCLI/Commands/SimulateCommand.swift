import ArgumentParser
import CandorData
import CandorScoring
import CandorStudy
import Foundation

/// `candor simulate`: data whose truth is known.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Make data whose true risk and effects are known.",
    subcommands: [SimulateLoansCommand.self])
}

/// `candor simulate loans`: a CSV of loans with known true PD.
struct SimulateLoansCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loans",
    abstract: "Write a CSV of simulated loans.",
    discussion: """
      Example:
        candor simulate loans --rows 30000 --seed 7 --features 23 --output loans.csv
        candor init loans.csv --target default --bad 1 --output study.yaml

      A row depends on the seed and its number alone: a longer run begins with the rows of a
      shorter one. The true risk is the same for every number of features. Without --output the
      rows go to standard output. How loans are made stands in Documentation/Simulation.md.
      """)

  @Option(help: "How many loans.")
  var rows: Int

  @Option(help: "The seed; the same seed gives the same bytes.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "How many feature columns, 10 to 200; the six categorical ones are among the first 16."))
  var features = 28

  @Flag(help: "Add the column period (24 months); amounts and the general risk rise with it.")
  var drift = false

  @Flag(help: "Add the protected column group, and worse records than true risk for group B.")
  var bias = false

  @Flag(help: "Add group, and columns that tell of it and have no effect of their own.")
  var proxies = false

  @Flag(help: "Add the columns true_pd and true_log_odds.")
  var truth = false

  @Flag(help: "Add the column loan_id.")
  var identifier = false

  @Option(help: "Write the true effects to this file as JSON.", completion: .file())
  var effects: String?

  @Option(name: .shortAndLong, help: "Where to write the CSV.", completion: .file())
  var output: String?

  @Flag(help: "Overwrite existing files.")
  var force = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard rows >= 1 else { throw ValidationError("--rows must be at least 1; found \(rows).") }
    let range = SimulationOptions.featureRange
    guard range.contains(features) else {
      throw ValidationError(
        "--features must be between \(range.lowerBound) and \(range.upperBound); "
          + "found \(features).")
    }
  }

  func run() throws {
    let simulator = try LoanSimulator(
      SimulationOptions(
        seed: seed, features: features, drift: drift, bias: bias, proxies: proxies, truth: truth,
        identifier: identifier))
    if let output, let effects { try OutputFile.check(effects, isNot: output) }
    for path in [output, effects].compactMap({ $0 }) where !force {
      guard FileKind(ofPath: path) != .file else {
        throw ToolError(ExitCodes.cannotCreate, "\(path) is already there; --force overwrites it.")
      }
    }
    let bar = ProgressBar(quiet: common.quiet)
    defer { bar.finish() }
    guard let output else {
      try writeEffects(of: simulator)
      try simulator.write(rows: rows, threads: common.threads) { piece, done in
        Terminal.write(Data(piece), to: .standardOutput)
        show(done, on: bar)
      }
      return
    }
    let file = try StreamedFile(output)
    let interruption = Interruption(bar)
    do {
      try simulator.write(rows: rows, threads: common.threads) { piece, done in
        if interruption.cancellation.isCancelled { throw CancellationError() }
        try file.write(piece)
        show(done, on: bar)
      }
      try writeEffects(of: simulator)
      try file.finish()
    } catch {
      file.discard()
      interruption.leaveIfInterrupted()
      throw error
    }
    bar.finish()
    if !common.quiet {
      Terminal.complain(
        "Wrote \(output): \(rows) rows, \(simulator.columnNames.count) columns. Next: candor init "
          + "\(output) --target \(LoanSimulator.target) --bad 1 --output study.yaml")
    }
  }

  private func writeEffects(of simulator: LoanSimulator) throws {
    guard let effects else { return }
    let text = try JSONOutput.text(simulator.effects) + "\n"
    try OutputFolder.write(Data(text.utf8), to: effects)
  }

  private func show(_ done: Int, on bar: ProgressBar) {
    bar.show("simulating loans", fraction: Double(done) / Double(rows))
  }
}
