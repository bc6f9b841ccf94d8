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

  /// The approved training rows whose out-of-fold log-odds are nearest below the cut-off.
  ///
  /// The band is as wide as it takes to hold `wanted` rows; with fewer approvals all of them are
  /// taken, and the description says so.
  static func approvedNearCutOff(
    probabilities: [Double], cutOff: Double, rows: [Int], table: Table, features: [String],
    wanted: Int, weighted: Bool
  ) throws -> ReferenceRows {
    var approved = probabilities.indices.filter { probabilities[$0] < cutOff }
    let nobody = approved.isEmpty
    // Where the cut-off refuses everybody the rows of least risk stand in; their mean is refused
    // too, so that no reason is derived from them and every refusal goes to a person.
    if nobody {
      approved = Array(
        probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
          .prefix(wanted))
    }
    let nearest = approved.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }.prefix(wanted)
    let chosen = nearest.sorted()
    let lowest = nearest.map { probabilities[$0] }.min() ?? 0
    var description =
      "\(chosen.count) training applicants with an out-of-fold PD from \(rounded(lowest)) "
      + "to the cut-off \(rounded(cutOff))"
    if nobody {
      description =
        "nobody was approved at the cut-off \(rounded(cutOff)); these are the \(chosen.count) "
        + "training applicants of least risk, and no reason may be derived from them"
    } else if chosen.count < wanted {
      description += "; fewer than \(wanted) were approved, so these are all of them"
    }
    return reference(
      nearCutOffApproved, description + equalRows(weighted), rows: chosen.map { rows[$0] },
      table: table,
      features: features)
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
