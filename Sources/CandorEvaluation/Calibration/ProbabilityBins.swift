/// Rows in bins of near-equal weight by probability, ties together, with the sums that
/// calibration needs.
struct ProbabilityBins {
  struct Bin {
    var rows = 0
    var badRows = 0
    var weight = 0.0
    var squares = 0.0
    var bads = 0.0
    /// Σ w p
    var expected = 0.0
    /// Σ w² p (1 - p)
    var variance = 0.0
    var lowest = 0.0
    var highest = 0.0
  }

  let bins: [Bin]

  init(_ sample: RankedSample, bins count: Int) {
    let order = sample.probabilityOrder
    let p = order.map { sample.probabilities[$0] }
    let w = order.map { sample.weights[$0] }
    var start = 0
    bins = EqualMassBins.ends(of: p, weights: w, bins: count).map { end in
      var bin = Bin()
      for i in start..<end {
        let label = sample.labels[order[i]]
        bin.rows += 1
        bin.badRows += label == 1 ? 1 : 0
        bin.weight += w[i]
        bin.squares += w[i] * w[i]
        bin.bads += w[i] * label
        bin.expected += w[i] * p[i]
        bin.variance += w[i] * w[i] * p[i] * (1 - p[i])
      }
      bin.lowest = p[start]
      bin.highest = p[end - 1]
      start = end
      return bin
    }
  }
}
