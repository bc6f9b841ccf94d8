public import CandorEvaluation
import CandorScoring

/// The families side by side on the same test rows.
public struct FamilyComparison: Sendable, Encodable {
  /// One family's line.
  public struct Row: Sendable, Encodable {
    /// The family's key.
    public let family: String
    /// Whether it is the champion.
    public let isChampion: Bool
    /// AUC on the test rows.
    public let auc: Estimate
    /// Brier score on the test rows.
    public let brier: Estimate
    /// Log-loss on the test rows.
    public let logLoss: Double
    /// Log-loss of the out-of-fold PDs on the training rows, by which the champion is chosen.
    public let outOfFoldLogLoss: Double
    /// AUC of the out-of-fold margins on the training rows.
    public let outOfFoldAUC: Double
    /// The family's AUC minus the champion's, with its interval; nil for the champion.
    public let difference: Estimate?
    /// The p-value of that difference, adjusted over the families by Holm's method.
    public let adjustedP: Double?
    /// The share of test rows that the family decides otherwise than the champion.
    public let decisionsThatDiffer: Double?
    /// The area's difference, without its interval.
    public var differenceToChampion: Double? { difference?.value }
  }

  /// One line a family.
  public let rows: [Row]
  /// How many test rows there are.
  public let testRows: Int
  /// How many of them are bad.
  public let testBads: Int
  /// How the champion was chosen.
  public let championRule: String

  init(
    families: [FamilyRun], tests: [TestEvaluation], champion: Int, rule: String
  ) throws {
    let best = tests[champion]
    var pairs: [PairedDeLong?] = []
    for (position, test) in tests.enumerated() {
      pairs.append(position == champion ? nil : try PairedDeLong(test.sample, best.sample))
    }
    // A pair without a p-value (equal rankings) does not take part in the adjustment.
    let known = pairs.indices.filter { pairs[$0]?.pValue != nil }
    let adjusted = HolmAdjustment.adjust(known.compactMap { pairs[$0]?.pValue })
    var adjustedByFamily: [Int: Double] = [:]
    for (place, position) in known.enumerated() { adjustedByFamily[position] = adjusted[place] }
    rows = tests.indices.map { position in
      let test = tests[position]
      let others = zip(test.scored, best.scored).count { $0.decision != $1.decision }
      return Row(
        family: test.key, isChampion: position == champion, auc: test.evaluation.auc,
        brier: test.evaluation.brier.score, logLoss: test.evaluation.logLoss.value,
        outOfFoldLogLoss: families[position].outOfFoldLogLoss,
        outOfFoldAUC: families[position].outOfFoldAUC, difference: pairs[position]?.difference,
        adjustedP: adjustedByFamily[position],
        decisionsThatDiffer: position == champion
          ? nil : Double(others) / Double(max(test.scored.count, 1)))
    }
    testRows = best.evaluation.rows
    testBads = best.evaluation.badRows
    championRule = rule
  }
}
