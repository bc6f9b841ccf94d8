public import CandorData
public import CandorScoring

/// The suite that every scorer must pass, families and imported models alike.
public enum ScorerConformance {
  /// Every check, those of a capability after those of every scorer.
  public static let checks: [ScorerCheck] = [
    ShapeErrors.check, NotFiniteRefused.check, FiniteMargins.check, EmptyBatch.check,
    BatchEqualsRows.check, RowOrder.check, CompactEqualsDense.check, RepeatedCalls.check,
    SaveAndLoad.check, DamagedArchive.check, GradientAgainstDifferences.check, LayerWalk.check,
    AdditiveTerms.check, LinearCoefficients.check, TreeStructure.check, TreeWalk.check,
    OutOfBagRows.check,
  ]

  /// Runs every check that the scorer's capabilities ask for.
  ///
  /// - Parameters:
  ///   - scorer: The scorer.
  ///   - rows: Some ten to a few hundred typical rows of the scorer's width; two at least.
  /// - Returns: What was found broken; empty where the scorer conforms.
  public static func check(_ scorer: any Scorer, rows: EncodedRows) -> [Violation] {
    guard rows.count >= 2, rows.width == scorer.inputWidth else {
      return [
        Violation(
          check: "the suite's own input",
          finding:
            "it needs at least two rows of \(scorer.inputWidth) columns; got \(rows.count) of "
            + "\(rows.width)")
      ]
    }
    return checks.flatMap { $0.violations(of: scorer, rows: rows) }
  }
}
