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

  func runOptions(
    _ bar: ProgressBar, _ interruption: Interruption, snapshots: SnapshotFile? = nil
  ) -> RunOptions {
    RunOptions(
      threads: threads, progress: { bar.show($0) }, cancellation: interruption.cancellation,
      snapshots: snapshots)
  }
}

/// How much memory a command may take.
struct MemoryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse data that would need more memory, for example 8G or 512M; the machine's unless given.",
      valueName: "size"))
  var memoryLimit: String?

  func validate() throws {
    if let memoryLimit, MemoryEstimate.bytes(of: memoryLimit) == nil {
      throw ValidationError(
        "--memory-limit must be a size such as 8G, 512M or 1.5GiB; found \(memoryLimit).")
    }
  }

  /// The bytes that the command may take.
  var bytes: Int {
    memoryLimit.flatMap { MemoryEstimate.bytes(of: $0) } ?? MemoryEstimate.available
  }
}

/// The study that a command works on.
struct StudyArguments: ParsableArguments {
  @Argument(help: "The study file.", completion: .file(extensions: ["yaml", "yml"]))
  var study: String

  @Option(help: "Use this seed instead of the study's.")
  var seed: UInt64?

  @OptionGroup var memory: MemoryOption

  /// Reads the study and its data; `threads` fits may run side by side on them.
  func load(threads: Int) throws -> (study: Study, data: StudyData) {
    var loaded = try StudyReader.read(file: study)
    if let seed { loaded.seed = seed }
    let folder = URL(fileURLWithPath: study).deletingLastPathComponent()
    try StudyData.checkMemory(
      loaded, relativeTo: folder, threads: threads, limit: memory.bytes)
    return (loaded, try StudyData.load(loaded, relativeTo: folder))
  }
}
