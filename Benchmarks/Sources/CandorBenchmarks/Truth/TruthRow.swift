import Candor
import Foundation

/// Explanations against a known truth: simulated loans, whose true log-odds are a sum of effects of
/// one feature and products of two. Prints tables in Markdown.
enum TruthRow {
  static func run(seed: UInt64, threads: Int, quick: Bool) throws {
    let size = quick ? TruthWorld.Size.quick : TruthWorld.Size()
    var methods = MethodsOnTruth()
    var families = FamiliesAgainstTruth()
    var worlds = Measures()
    for offset in 0..<size.seeds {
      let world = try TruthWorld(
        seed: seed + UInt64(offset), size: size, threads: threads)
      worlds.add(world.slope, to: "slope")
      worlds.add(world.bend, to: "bend")
      worlds.add(
        try AUC.value(
          of: ScoredSample(
            labels: world.testLabels, probabilities: world.testLogOdds.map(sigmoid),
            scores: world.testLogOdds)), to: "auc")
      try methods.measure(world)
      try families.measure(world)
      note("seed \(seed + UInt64(offset)) done")
    }
    print(
      """
      candor-benchmarks truth --seed \(seed)\(quick ? " --quick" : ""), Candor \
      \(CandorVersion.current): seeds \(seed) to \(seed + UInt64(size.seeds) - 1), each with \
      \(size.training) loans of 28 features to fit on, \(size.calibration) for Platt's calibration and \
      \(size.test) held out; contributions of \(size.applicants) held-out applicants against \
      \(size.background) training rows. Figures are means over the seeds, with the lowest and the \
      highest.

      ### The true function as the model

      \(methods.tables)

      ### Fitted families

      AUC of the true log-odds on the held-out rows: \(worlds["auc"].decimals(3)). The log-odds of the \
      PD given the columns rise by \(worlds["slope"].decimals(2)) for one of the true ones (the \
      unobserved factor flattens them), on a line that misses \(worlds["bend"].percent)% of their \
      standard deviation; the truth below is times that slope.

      \(families.tables)
      """)
  }

  static func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
