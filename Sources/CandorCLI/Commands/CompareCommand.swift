import ArgumentParser
import CandorStudy

/// `candor compare`: the families side by side.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train every family of a study and compare them on the test rows.",
    discussion: """
      Example:
        candor compare study.yaml

      Intervals are 95%. Differences are to the champion, on the same rows, with p-values adjusted
      by Holm's method.
      """)

  @OptionGroup var input: StudyArguments
  @OptionGroup var common: CommonOptions

  @Flag(help: "Print the comparison as JSON.")
  var json = false

  func run() throws {
    let bar = ProgressBar(quiet: common.quiet)
    defer { bar.finish() }
    let interruption = Interruption(bar)
    let (study, data) = try input.load(threads: common.threads)
    let comparison: FamilyComparison
    do {
      comparison = try StudyRun.compare(
        study, data: data, options: common.runOptions(bar, interruption))
    } catch {
      interruption.leaveIfInterrupted()
      throw error
    }
    bar.finish()
    if json { return try JSONOutput.print(comparison) }
    let rows = comparison.rows.map { row in
      [
        row.family + (row.isChampion ? " *" : ""),
        Numbers.interval(row.auc, 3), Numbers.interval(row.brier, 3),
        Numbers.decimal(row.logLoss, 4), Numbers.decimal(row.outOfFoldLogLoss, 4),
        row.differenceToChampion.map { Numbers.signed($0, 3) } ?? "",
        row.adjustedP.map { Numbers.pValue($0) } ?? "",
      ]
    }
    let table = TextTable(
      header: ["family", "AUC", "Brier", "log-loss", "out of fold", "ΔAUC", "p (Holm)"],
      rows: rows, numeric: [1, 2, 3, 4, 5, 6])
    table.lines.forEach(Terminal.say)
    Terminal.say(
      "\(comparison.testRows) test rows, \(comparison.testBads) bad; * champion by "
        + comparison.championRule)
  }
}
