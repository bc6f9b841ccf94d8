package import CandorData
package import CandorNumerics

/// Where the values come from that replace an applicant's.
public enum SurrogateDraws: String, Sendable, Codable, CaseIterable {
  /// All replaced players of a row from one background row, so that they stay together as they come.
  case joint
  /// Each replaced player from a background row of its own.
  case independent
  /// As `joint`, from the tenth of the background rows that is nearest to the applicant (fifty rows
  /// at least), so that rows stay where real applicants like this one are.
  case nearestRows
}

/// Rows around one applicant, for a local fit.
///
/// Each row takes one background row at random and, player by player with even odds, keeps the
/// applicant's values or takes that row's: the encoded columns of a player move together, and
/// background values come jointly from one real row unless drawn independently. The weight of a row
/// in the fit falls with the share of players replaced, `exp(−share / width²)`: the exponential
/// kernel on the distance `√share`. Ribeiro, Singh and Guestrin 2016, doi:10.1145/2939672.2939778, in the tabular
/// form.
package struct PerturbationDesign: Sendable {
  /// The perturbed rows; the applicant's own row is the first.
  package let rows: EncodedRows
  /// The share of players replaced in each row.
  package let shares: [Double]

  /// Draws a design; `near` are the rows that `nearestRows` draws from.
  package init(
    around applicant: [Double], players: Players, background: Background, count: Int,
    draws: SurrogateDraws = .joint, near: [Int] = [], seeds: SeedTree
  ) throws(ExplanationError) {
    var generator = seeds.generator()
    let draw = WeightedDraw(background)
    let active = players.active
    let matrix = background.rows.matrix
    var batch = FeatureMask(players: players, capacity: count)
    var shares = [0.0]
    batch.append(applicant[...])
    for _ in 1..<max(count, 2) {
      let reference =
        draws == .nearestRows && !near.isEmpty
        ? near[generator.nextInteger(below: near.count)] : draw.next(&generator)
      batch.append(applicant[...])
      var replaced = 0
      for player in active where generator.next() >> 63 == 1 {
        let from = draws == .independent ? draw.next(&generator) : reference
        batch.set(player: player, from: matrix.row(from))
        replaced += 1
      }
      shares.append(Double(replaced) / Double(max(active.count, 1)))
    }
    rows = try batch.rows()
    self.shares = shares
  }

  /// The tenth of the background rows nearest to an applicant, fifty at least: by the mean over
  /// players of the mean difference of their columns, each over its range in the background (level
  /// codes and missing cells: 1 where they differ), as Gower 1971 (doi:10.2307/2528823).
  package static func nearest(
    to applicant: [Double], players: Players, background: Background
  ) -> [Int] {
    let matrix = background.rows.matrix
    var ranges = [Double](repeating: 0, count: matrix.columns)
    for c in 0..<matrix.columns where players.levelCounts[c] == nil {
      let present = matrix.column(c).filter { !$0.isNaN }
      if let low = present.min(), let high = present.max() { ranges[c] = high - low }
    }
    let distances = (0..<background.count).map { r in
      var sum = 0.0
      for block in players.columns where !block.isEmpty {
        var own = 0.0
        for c in block {
          let (x, y) = (applicant[c], matrix[r, c])
          if x.isNaN && y.isNaN || x == y { continue }
          own += ranges[c] > 0 && !x.isNaN && !y.isNaN ? min(abs(x - y) / ranges[c], 1) : 1
        }
        sum += own / Double(block.count)
      }
      return sum
    }
    let wanted = min(background.count, max(50, background.count / 10))
    return Array(Ranks.order(distances).prefix(wanted))
  }
}
