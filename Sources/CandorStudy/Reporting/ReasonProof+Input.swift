import CandorEvaluation
import CandorExplanation
import CandorReport

extension ReasonProof {
  /// What section 14 lays out.
  func input(of lists: [ReasonAudit.List]) -> ReasonProofInput {
    let directions = lists.flatMap(\.directions)
    let other = agreements.map(\.overlap)
    return ReasonProofInput(
      population: population,
      byGroup: byGroup.map {
        ReasonProofInput.ByGroup(column: $0.column, population: $0.population)
      },
      examined: references.count,
      directionAgrees: Self.share(directions.count { $0.agrees }, of: directions.count),
      referenceChange: Self.meanOfRows(references.compactMap(\.setChangeProbability)),
      refitChange: Self.meanOfRows(refits.compactMap(\.setChangeProbability)),
      refitApproval: Self.meanOfRows(
        refits.map { 1 - Double($0.refusals) / Double(max($0.draws, 1)) }),
      otherOverlap: Self.meanOfRows(other))
  }

  private static func share(_ count: Int, of all: Int) -> Estimate? {
    guard all > 0 else { return nil }
    let share = Double(count) / Double(all)
    let interval = ConfidenceInterval.wilson(share: share, count: Double(all))
    return Estimate(
      value: share, lower: interval.lower, upper: interval.upper, method: "Wilson")
  }

  /// The mean over lists, with the normal interval of a mean; inside 0…1, as the numbers are.
  private static func meanOfRows(_ values: [Double]) -> Estimate? {
    guard let found = mean(values) else { return nil }
    guard found.standardError.isFinite else {
      return Estimate(value: found.mean, method: "no interval from one row")
    }
    let half = NormalQuantile.of95 * found.standardError
    return Estimate(
      value: found.mean, standardError: found.standardError, lower: max(0, found.mean - half),
      upper: min(1, found.mean + half), method: "mean of rows, normal interval")
  }
}
