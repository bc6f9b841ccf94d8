import ArgumentParser
import Candor
import Foundation

/// One measurement of Candor's side, in a process of its own.
@main
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "candor-benchmarks",
    abstract: "Measures one row of the benchmark table; the last line printed is its result.")

  @Argument(help: "The row, for example forest-m.")
  var row: String

  @Option(
    help:
      "The folder that `compare` fills with data; that of the example sets for accuracy and evidence."
  )
  var work = "examples"

  @Option(help: "At most so many threads.")
  var threads = 2

  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 1

  @Option(help: "Where scores or coefficients go, as little-endian Float64.")
  var output: String?

  @Option(
    help: "The part of growth (load, forest, svm or network), or the set of accuracy and evidence.")
  var part: String?

  @Option(help: "The rows of growth, or the seeds of accuracy.")
  var rows: Int?

  @Flag(help: "Small sizes for truth and evidence, to see that all works.")
  var quick = false

  func run() throws {
    // Two tables of evidence, printed as Markdown; nothing in them is timed.
    switch row {
    case "truth": return try TruthRow.run(seed: seed, threads: threads, quick: quick)
    case "evidence":
      return try EvidenceRow.run(
        examples: WorkDirectory(path: work), part: part, threads: threads, quick: quick)
    default: break
    }
    let request = Request(
      work: WorkDirectory(path: work), threads: threads, seeds: SeedTree(seed: seed))
    let measured: Measurement
    switch row {
    case "load-m": measured = try LoadRow.run(request)
    case "forest-s": measured = try ForestRow.run(request, size: "s", options: ForestRow.small)
    case "forest-m": measured = try ForestRow.run(request, size: "m", options: ForestRow.large)
    case "score-forest": measured = try ForestRow.score(request)
    case "svm-m": measured = try LinearRow.svm(request)
    case "logistic-m": measured = try LinearRow.logistic(request)
    case "net-s": measured = try NetworkRow.run(request, size: "s")
    case "net-m": measured = try NetworkRow.run(request, size: "m")
    case "one-applicant": measured = try ApplicantRow.run(request, family: "forest")
    case "one-applicant-logistic": measured = try ApplicantRow.run(request, family: "logistic")
    case "partial-dependence": measured = try EffectRow.run(request)
    case "integrated-gradients": measured = try GradientRow.integrated(request)
    case "saliency": measured = try GradientRow.saliency(request)
    case "permutation-importance": measured = try PermutationRow.run(request)
    case "treeshap-path", "treeshap-path-one", "treeshap-interventional", "decision-reasons",
      "treeshap-million":
      measured = try TreeShapleyRow.run(request, row: row)
    case "shapley-black-box": measured = try ShapleyRow.run(request, family: "network")
    case "shapley-forest-agnostic": measured = try ShapleyRow.run(request, family: "forest")
    case "surrogates-forest": measured = try SurrogateRow.forest(request)
    case "surrogates-net": measured = try SurrogateRow.network(request)
    case "counterfactuals": measured = try CounterfactualsRow.run(request)
    case "growth":
      guard let part, let rows else {
        throw ValidationError("growth needs --part and --rows.")
      }
      measured = try GrowthRow.run(request, part: part, rows: rows)
    case "accuracy":
      measured = try AccuracyRow.run(request, set: part ?? "german-credit", seeds: rows ?? 2)
    default: throw ValidationError("There is no row \(row).")
    }
    if let output, let numbers = measured.output {
      try WorkDirectory.write(numbers, to: output)
    }
    print(try measured.line(row: row))
  }
}

/// What a row is measured with.
struct Request {
  let work: WorkDirectory
  let threads: Int
  let seeds: SeedTree

  var context: TrainingContext { TrainingContext(seeds: seeds, threads: threads) }
}
