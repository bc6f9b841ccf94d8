import ArgumentParser
import CandorNumerics
import CandorStudy
import Foundation

/// The options that every command has.
struct CommonOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print nothing but results.")
  var quiet = false

  @Option(help: "How many threads to use; results do not depend on it.")
  var threads = Parallel.processorCount

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be between 1 and 1024; found \(threads).")
    }
  }

  func runOptions(_ bar: ProgressBar) -> RunOptions {
    RunOptions(threads: threads) { bar.show($0) }
  }
}

/// The study that a command works on.
struct StudyArguments: ParsableArguments {
  @Argument(help: "The study file.", completion: .file(extensions: ["yaml", "yml"]))
  var study: String

  @Option(help: "Use this seed instead of the study's.")
  var seed: UInt64?

  /// Reads the study and its data.
  func load() throws -> (study: Study, data: StudyData) {
    var loaded = try StudyReader.read(file: study)
    if let seed { loaded.seed = seed }
    let folder = URL(fileURLWithPath: study).deletingLastPathComponent()
    return (loaded, try StudyData.load(loaded, relativeTo: folder))
  }
}
