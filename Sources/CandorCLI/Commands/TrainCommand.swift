import ArgumentParser
import CandorBundle
import CandorScoring
import CandorStudy
import Foundation

/// `candor train`: one family to a bundle.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one family of a study and save it as a bundle.",
    discussion: """
      Example:
        candor train study.yaml --model forest --output forest.candor

      With --snapshot, a network's training that was interrupted goes on where it was, to the same
      bytes. The model is fitted on the study's training rows, calibrated on out-of-fold margins, and
      carries the rows that its explanations compare with.
      """)

  @OptionGroup var input: StudyArguments
  @OptionGroup var common: CommonOptions

  @Option(help: "The family: logistic, svm, forest or network.")
  var model: String

  @Option(
    name: .shortAndLong, help: "The bundle to write.", completion: .file(extensions: ["candor"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Keep the training's state in this file while it lasts; the same command goes on from it.",
      valueName: "file"), completion: .file())
  var snapshot: String?

  @Flag(help: "Leave the reference rows out of the bundle.")
  var withoutReference = false

  @Flag(help: "Print what was trained as JSON.")
  var json = false

  func run() throws {
    try OutputFile.check(output, isBundle: true)
    if let snapshot { try OutputFile.check(snapshot, isNot: output) }
    let bar = ProgressBar(quiet: common.quiet)
    defer { bar.finish() }
    let snapshots = try snapshot.map { try SnapshotFile(path: $0) }
    let interruption = Interruption(bar, snapshots: snapshots)
    let (study, data) = try input.load(threads: common.threads)
    let trained: RiskModel
    let log: TrainingLog
    do {
      (trained, log) = try StudyRun.trainWithLog(
        family: model, study: study, data: data,
        options: common.runOptions(bar, interruption, snapshots: snapshots))
    } catch {
      interruption.leaveIfInterrupted()
      throw error
    }
    let bytes = try BundleWriter.bytes(of: trained, includingReferences: !withoutReference)
    try interruption.write {
      try OutputFolder.write(Data(bytes), to: output)
      snapshots?.remove()
    }
    bar.finish()
    if json {
      try JSONOutput.print(trained.card)
    } else if !common.quiet {
      let auc = trained.card.measures["out-of-fold AUC"].map { Numbers.decimal($0, 4) } ?? "-"
      Terminal.say(
        "Wrote \(output): \(trained.card.family), \(trained.card.trainingRows) rows, "
          + "out-of-fold AUC \(auc), refuses at a PD of \(Numbers.percent(trained.cutOff)) or more")
      LossCurve.lines(log).forEach(Terminal.complain)
    }
  }
}
