import CandorBundle
import CandorData
import CandorIntegrity
import CandorNumerics
import CandorScoring

/// Chooses the rows that explanations compare with, from out-of-fold predictions on training rows.
enum ReferenceSelection {
  /// The name of the reference for reasons.
  static let nearCutOffApproved = "near-cutoff-approved"
  /// The name of the background for global explanations.
  static let training = "training"

  /// The rows of a band; where the cut-off approves nobody, the rows of least risk, from which no
  /// reason is derived since their mean is refused too.
  static func approvedNearCutOff(
    _ band: ApprovedBand, probabilities: [Double], cutOff: Double, rows: [Int], table: Table,
    features: [String], wanted: Int, weighted: Bool
  ) -> ReferenceRows {
    var positions = band.positions
    var description =
      "\(positions.count) training applicants with an out-of-fold PD from \(rounded(band.lowest)) "
      + "to the cut-off \(rounded(cutOff))"
    if band.approved == 0 {
      positions = probabilities.indices.sorted {
        (probabilities[$0], $0) < (probabilities[$1], $1)
      }.prefix(wanted).sorted()
      description =
        "nobody was approved at the cut-off \(rounded(cutOff)); these are the \(positions.count) "
        + "training applicants of least risk, and no reason may be derived from them"
    } else if band.width > positions.count {
      description +=
        ", spread evenly over the \(band.width) nearest to it, since the mean of fewer would be "
        + "refused"
    } else if positions.count < wanted {
      description += "; fewer than \(wanted) were approved, so these are all of them"
    }
    return reference(
      nearCutOffApproved, description + equalRows(weighted), rows: positions.map { rows[$0] },
      table: table, features: features)
  }

  /// A random sample of training rows, without replacement.
  static func trainingSample(
    size: Int, rows: [Int], table: Table, features: [String], seeds: SeedTree,
    weighted: Bool
  ) -> ReferenceRows {
    var generator = seeds.child("background").generator()
    let positions = Sampling.withoutReplacement(
      min(size, rows.count), from: rows.count, using: &generator)
    return reference(
      training,
      "\(positions.count) of \(rows.count) training applicants, drawn at random"
        + equalRows(weighted),
      rows: positions.map { rows[$0] }, table: table, features: features)
  }

  /// Explanations compare applicants one by one; that weights play no part there is said.
  private static func equalRows(_ weighted: Bool) -> String {
    weighted ? "; each counts once, whatever its weight" : ""
  }

  private static func reference(
    _ name: String, _ description: String, rows: [Int], table: Table, features: [String]
  ) -> ReferenceRows {
    let part = table.selecting(columns: features).selecting(rows: rows)
    return ReferenceRows(
      name: name, description: description, table: part, hash: TableHash.value(of: part).description
    )
  }

  private static func rounded(_ value: Double) -> String {
    plainText((value * 1e4).rounded() / 1e4)
  }
}
