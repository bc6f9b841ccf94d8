package import CandorData
package import CandorNumerics

/// Rows around one applicant, with the weights of a local fit.
///
/// Each row takes one background row at random and, player by player with even odds, keeps the
/// applicant's values or takes that row's: the encoded columns of a player move together, and
/// background values come jointly from one real row. The weight of a row falls with the share of
/// players replaced, `exp(−share / width²)`: the exponential kernel on the distance
/// `√share`. Ribeiro, Singh and Guestrin 2016, doi:10.1145/2939672.2939778, in the tabular form.
package struct PerturbationDesign: Sendable {
  /// The perturbed rows; the applicant's own row is the first.
  package let rows: EncodedRows
  /// The kernel weight of each row.
  package let weights: [Double]

  package init(
    around applicant: [Double], players: Players, background: Background, count: Int,
    kernelWidth: Double, seeds: SeedTree
  ) throws(ExplanationError) {
    var generator = seeds.generator()
    let draw = WeightedDraw(background)
    let active = players.active
    var batch = FeatureMask(players: players, capacity: count)
    var weights = [1.0]
    batch.append(applicant[...])
    for _ in 1..<max(count, 2) {
      let reference = background.rows.matrix.row(draw.next(&generator))
      batch.append(applicant[...])
      var replaced = 0
      for player in active where generator.next() >> 63 == 1 {
        batch.set(player: player, from: reference)
        replaced += 1
      }
      let share = Double(replaced) / Double(max(active.count, 1))
      weights.append(SystemMath.exp(-share / (kernelWidth * kernelWidth)))
    }
    rows = try batch.rows()
    self.weights = weights
  }
}
