import CandorData
import CandorNumerics
import CandorScoring

/// The approved training rows near the cut-off, with which refusals are compared.
///
/// The band begins with the rows nearest below the cut-off. Among many approvals these lie so close
/// to it that the final model may refuse their mean, and a reference that would itself be refused
/// gives no reason; the band is then doubled until its mean is on the approving side.
package struct ApprovedBand: Sendable, Equatable {
  /// The chosen rows, rising, as positions among the training rows; spread evenly over the band.
  package let positions: [Int]
  /// How many approved rows the band holds.
  package let width: Int
  /// How many training rows are approved out of fold.
  package let approved: Int
  /// The lowest out-of-fold PD in the band.
  package let lowest: Double

  /// Chooses rows by their out-of-fold PDs; with fewer approvals than wanted, all of them.
  ///
  /// - Parameters:
  ///   - wanted: How many rows the reference is to have.
  ///   - probabilities: One out-of-fold PD a training row.
  ///   - cutOff: The PD at and above which applicants are refused.
  ///   - meanIsApproved: Whether the final model approves the mean of these rows.
  /// - Returns: The band; the widest one where no band's mean is approved.
  package static func choose(
    _ wanted: Int, probabilities: [Double], cutOff: Double,
    meanIsApproved: ([Int]) throws -> Bool
  ) rethrows -> ApprovedBand {
    let nearest = probabilities.indices.filter { probabilities[$0] < cutOff }
      .sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
    var width = min(wanted, nearest.count)
    while true {
      let size = min(wanted, width)
      let positions = (0..<size).map { nearest[$0 * width / size] }.sorted()
      if try width == nearest.count || meanIsApproved(positions) {
        return ApprovedBand(
          positions: positions, width: width, approved: nearest.count,
          lowest: width > 0 ? probabilities[nearest[width - 1]] : 0)
      }
      width = min(2 * width, nearest.count)
    }
  }
}

extension FamilyRun {
  /// The band of this family's reasons.
  func approvedBand(study: Study, data: StudyData) throws -> ApprovedBand {
    try ApprovedBand.choose(
      study.decisionReasons.referenceRows, probabilities: outOfFoldProbabilities, cutOff: cutOff
    ) { positions in
      let margins = try scorer.margins(
        of: encoder.encodeCompact(data.table, rows: positions.map { data.split.train[$0] }))
      return Moments.mean(margins.map(calibrator.logOdds)) < logit(cutOff)
    }
  }
}
