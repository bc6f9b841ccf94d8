import CandorNumerics

/// The background's means and spreads, by which columns are centred and scaled before a fit: a
/// column of zeros is then the background's mean, and sums of squares keep their digits.
struct ColumnScale: Sendable {
  private let means: [Double]
  private let spreads: [Double]

  init(reference: Matrix, background: Background) {
    let columns = (0..<reference.columns).map { reference.column($0) }
    means = columns.map { background.mean(of: $0) }
    spreads = columns.map { column in
      let spread = background.standardDeviation(of: column)
      return spread > 0 ? spread : 1
    }
  }

  func scaled(_ matrix: Matrix) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns) { r, c in
      (matrix[r, c] - means[c]) / spreads[c]
    }
  }
}

/// The rows of one design as the fit sees them.
struct LocalDesign: Sendable {
  let columns: Matrix
  /// The model's values less that of the applicant.
  let values: [Double]
  /// The share of players replaced.
  let shares: [Double]

  func weights(width: Double) -> [Double] {
    shares.map { SystemMath.exp(-$0 / (width * width)) }
  }
}

/// One fit a design under one kernel width, with the evidence that needs the rows.
struct LocalFits: Sendable {
  let designs: [LocalDesign]
  /// The columns of the fit that belong to each player.
  let groups: [[Int]]
  let kernelWidth: Double
  /// The widths that were tried.
  var widths: [SurrogateLocality.Width]
  let weights: [[Double]]
  /// The columns that the answer takes.
  let columns: [Int]
  /// The fits on the answer's columns.
  let fits: [MomentFit]
  /// The fits on the columns that each design chose alone.
  let ownFits: [MomentFit]
  /// R² of each design's own fit on the next design's rows.
  let unseen: [Double]
  let fittedRSquared: Double
  private let centred: [CentredMoments]
  private let ridge: Double

  var width: Int { designs[0].columns.columns }
  var rSquared: Double { OrderedReduction.sum(unseen) / Double(unseen.count) }

  /// The fits under the width of the options, or under the widest of the widths to choose from whose
  /// R² is within a standard error of the best.
  static func best(
    _ designs: [LocalDesign], groups: [[Int]], options: LocalSurrogateOptions, threads: Int
  ) throws(ExplanationError) -> LocalFits {
    let candidates = options.kernelWidths.isEmpty ? [options.kernelWidth] : options.kernelWidths
    let found = try Parallel.map(count: candidates.count, threads: threads) {
      candidate throws(ExplanationError) in
      try LocalFits(
        designs, groups: groups, kernelWidth: candidates[candidate], options: options)
    }
    guard found.count > 1 else { return found[0] }
    let count = Double(designs.count)
    let widths = found.map { fits in
      let mean = fits.rSquared
      let squares = OrderedReduction.sum(fits.unseen.map { ($0 - mean) * ($0 - mean) })
      return SurrogateLocality.Width(
        width: fits.kernelWidth, rSquared: mean,
        standardError: (squares / (count - 1) / count).squareRoot())
    }
    var best = 0
    for i in widths.indices where widths[i].rSquared > widths[best].rSquared { best = i }
    // Widths that differ by rounding alone are as good as each other.
    let limit = widths[best].rSquared - widths[best].standardError - 1e-9
    var chosen = best
    for i in widths.indices
    where widths[i].rSquared >= limit && widths[i].width > widths[chosen].width {
      chosen = i
    }
    var result = found[chosen]
    result.widths = widths
    return result
  }

  private init(
    _ designs: [LocalDesign], groups: [[Int]], kernelWidth: Double,
    options: LocalSurrogateOptions
  ) throws(ExplanationError) {
    let weights = designs.map { $0.weights(width: kernelWidth) }
    var moments: [SurrogateMoments] = []
    for (design, own) in zip(designs, weights) {
      moments.append(
        try SurrogateMoments(columns: design.columns, values: design.values, weights: own))
    }
    let centred = moments.map { CentredMoments($0) }
    let columns = SurrogateSelection.columns(
      for: options.fit, groups: groups, moments: CentredMoments(SurrogateMoments.sum(moments)))
    let fits = try centred.map { part throws(ExplanationError) in
      try part.fit(columns: columns, ridge: options.ridge, unit: .spread)
    }
    let own =
      options.fit == .all
      ? fits
      : try centred.map { part throws(ExplanationError) in
        try part.fit(
          columns: SurrogateSelection.columns(
            for: options.fit, groups: groups, moments: part), ridge: options.ridge,
          unit: .spread)
      }
    self.designs = designs
    self.groups = groups
    self.kernelWidth = kernelWidth
    self.weights = weights
    self.columns = columns
    self.fits = fits
    self.centred = centred
    widths = []
    ownFits = own
    ridge = options.ridge
    unseen = own.indices.map { centred[($0 + 1) % centred.count].rSquared(of: own[$0]) }
    fittedRSquared =
      OrderedReduction.sum(fits.indices.map { centred[$0].rSquared(of: fits[$0]) })
      / Double(fits.count)
  }

  /// Rank, condition and pseudo-inverse of each design.
  func spectra() throws(ExplanationError) -> [CentredMoments.Spectrum] {
    try centred.map { part throws(ExplanationError) in
      try part.spectrum(columns, ridge: ridge, unit: .spread)
    }
  }

  /// The most shells of distance.
  private static let mostShells = 8

  /// R² of the mean fit in shells of about equal numbers of rows, cut between shares.
  func shells(
    limit: Double
  ) -> (shells: [SurrogateLocality.Shell], distance: Double?) {
    let count = Double(fits.count)
    let beta = (0..<width).map { c in fits.reduce(0) { $0 + $1.coefficients[c] } / count }
    let mean = MomentFit(
      coefficients: beta, intercept: fits.reduce(0) { $0 + $1.intercept } / count)
    var byShare: [Double: (values: [Double], residuals: [Double])] = [:]
    for design in designs {
      for r in design.values.indices {
        let residual = design.values[r] - mean.value(at: design.columns.row(r))
        byShare[design.shares[r], default: ([], [])].values.append(design.values[r])
        byShare[design.shares[r], default: ([], [])].residuals.append(residual)
      }
    }
    let total = designs.reduce(0) { $0 + $1.values.count }
    let least = max(total / Self.mostShells, 2)
    var shells: [SurrogateLocality.Shell] = []
    var current: (from: Double, through: Double, values: [Double], residuals: [Double])?
    let shares = byShare.keys.sorted()
    for share in shares where share > 0 {
      guard let own = byShare[share] else { continue }
      var now = current ?? (share, share, [], [])
      now.through = share
      now.values += own.values
      now.residuals += own.residuals
      if now.values.count >= least || share == shares.last {
        shells.append(shell(now.from, now.through, now.values, now.residuals))
        current = nil
      } else {
        current = now
      }
    }
    let first = shells.first { shell in shell.rSquared.map { $0 < limit } ?? false }
    return (shells, first?.from)
  }

  private func shell(
    _ from: Double, _ through: Double, _ values: [Double], _ residuals: [Double]
  ) -> SurrogateLocality.Shell {
    let moments = Moments(values)
    let residual = OrderedReduction.sum(residuals.map { $0 * $0 })
    let spread = moments.sumOfSquaredDeviations
    let rounding = 1e-20 * moments.totalWeight * max(1, moments.mean * moments.mean)
    return SurrogateLocality.Shell(
      from: from, through: through, rows: values.count,
      rSquared: spread > rounding ? 1 - residual / spread : nil)
  }

  /// The share of pairs of designs whose 95% intervals overlap, mean over the players in the fit.
  ///
  /// A design's interval is that of its attribution by the sandwich estimator with the factor
  /// n / (n − rank).
  func coefficientStability(
    row: [Double], spectra: [CentredMoments.Spectrum]
  ) -> Double? {
    let inFit = Set(columns)
    let players = groups.filter { $0.contains { inFit.contains($0) } }
    guard !players.isEmpty, designs.count > 1 else { return nil }
    var lows = [[Double]](repeating: [], count: players.count)
    var highs = lows
    for d in designs.indices {
      let gradients = players.map { gradient(of: $0, row: row, centred[d], spectra[d]) }
      var variances = [Double](repeating: 0, count: players.count)
      let matrix = designs[d].columns
      for r in 0..<matrix.rows {
        let own = matrix.row(r)
        let residual = designs[d].values[r] - fits[d].value(at: own)
        let scale = weights[d][r] * residual
        if scale == 0 { continue }
        for (p, gradient) in gradients.enumerated() {
          var score = gradient.offset
          for (c, factor) in gradient.factors { score += factor * own[own.startIndex + c] }
          variances[p] += scale * scale * score * score
        }
      }
      let n = Double(matrix.rows)
      let correction = n / max(n - Double(spectra[d].rank), 1)
      for (p, block) in players.enumerated() {
        let value = block.reduce(0) { $0 + fits[d].coefficients[$1] * row[$1] }
        let half = NormalQuantile.of95 * (variances[p] * correction).squareRoot()
        lows[p].append(value - half)
        highs[p].append(value + half)
      }
    }
    var overlaps = 0
    for p in players.indices {
      for i in designs.indices {
        // Equal values to rounding overlap, where there is no error at all.
        let tolerance = 1e-9 * max(1, abs(lows[p][i]))
        for j in 0..<i
        where lows[p][i] <= highs[p][j] + tolerance && lows[p][j] <= highs[p][i] + tolerance {
          overlaps += 1
        }
      }
    }
    let pairs = designs.count * (designs.count - 1) / 2
    return Double(overlaps) / Double(pairs * players.count)
  }

  /// How an attribution moves with a row's score: the pseudo-inverse times the player's values, as a
  /// linear function of the row's columns.
  private func gradient(
    of block: [Int], row: [Double], _ moments: CentredMoments,
    _ spectrum: CentredMoments.Spectrum
  ) -> (offset: Double, factors: [(Int, Double)]) {
    let used = columns.filter { moments.lengths[$0] > 0 }
    let q = used.count
    let own = Set(block)
    var factors: [(Int, Double)] = []
    var offset = 0.0
    for (a, i) in used.enumerated() {
      var sum = 0.0
      for (b, j) in used.enumerated() where own.contains(j) {
        sum += spectrum.inverse[a * q + b] * row[j] / moments.lengths[j]
      }
      let factor = sum / moments.lengths[i]
      factors.append((i, factor))
      offset -= factor * moments.means[i]
    }
    return (offset, factors)
  }
}
