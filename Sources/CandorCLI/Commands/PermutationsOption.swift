import ArgumentParser
import CandorScoring

/// How many pairs of permutations sampled Shapley values may take.
struct PermutationsOption: ParsableArguments {
  /// Fewer give standard errors that mean nothing; more than the upper end never pay.
  static let range = 64...100_000

  @Option(
    help: ArgumentHelp(
      "Pairs of permutations that a sampled Shapley value begins with; unsettled reasons take more; the study's unless given.",
      valueName: "pairs"))
  var permutations: Int?

  func validate() throws {
    if let permutations, !Self.range.contains(permutations) {
      throw ValidationError(
        "--permutations must be between \(Self.range.lowerBound) and \(Self.range.upperBound); "
          + "found \(permutations).")
    }
  }
}
