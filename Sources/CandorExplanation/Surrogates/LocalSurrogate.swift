public import CandorData
public import CandorNumerics
public import CandorScoring

/// A linear model of the score around one applicant.
///
/// Level codes and missing cells are taken apart for the fit (a 0/1 column a level, and one for the
/// missing) and summed back. Rows are drawn by `PerturbationDesign` and the value is regressed on
/// their encoded columns with the kernel's weights. A player's attribution is the fitted difference
/// from the background's mean, `Σ coefficient · (x − mean)` over its columns: where one-hot columns
/// make coefficients arbitrary, this sum is not. The answer is the mean over designs drawn with
/// different seeds; its standard error comes from their spread; R² is measured on the next design's
/// rows, which the fit did not see. Of a sparse fit the players are chosen on all designs together
/// for the answer, and on each design alone for overlap and R². Evidence beside a reason at most,
/// never a reason.
public enum LocalSurrogate {
  /// Explains each row by a local linear fit.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who is attributed to.
  ///   - background: Where replacing values come from, and whose mean the differences are from.
  ///   - options: How many rows and designs.
  ///   - seeds: The randomness; the draws of a row depend on its values, not on its place.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row. `baseValue + Σ attributions` is the fit's value at the row.
  /// - Throws: `ExplanationError` where an option is out of range or the fit fails; of code
  ///   `unfaithful` where R² is below the refusal's floor.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    background: Background, options: LocalSurrogateOptions = .init(), seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    try players.check(rows: rows, background: background)
    let explained = try scorer.values(of: rows, as: quantity)
    let columns = SurrogateColumns(
      levelCounts: players.levelCounts, reference: background, others: [rows])
    let reference = columns.expanded(background.rows).matrix
    let scale = ColumnScale(reference: reference, background: background)
    let size = max(options.rows, 4 * columns.width)
    let expanded = scale.scaled(columns.expanded(rows).matrix)
    let matrix = rows.matrix
    var results: [Explanation] = []
    for r in 0..<rows.count {
      let row = Array(matrix.row(r))
      let rowSeeds = seeds.child("local surrogate").child(row: row)
      let near =
        options.draws == .nearestRows
        ? PerturbationDesign.nearest(to: row, players: players, background: background) : []
      let designs = try Parallel.map(count: options.designs, threads: threads) {
        design throws(ExplanationError) -> LocalDesign in
        let perturbed = try PerturbationDesign(
          around: row, players: players, background: background, count: size,
          draws: options.draws, near: near, seeds: rowSeeds.child(design))
        let values = try scorer.values(of: perturbed.rows, as: quantity)
        return LocalDesign(
          columns: scale.scaled(columns.expanded(perturbed.rows).matrix),
          values: values.map { $0 - explained[r] }, shares: perturbed.shares)
      }
      let fits = try LocalFits.best(
        designs, groups: players.columns.map { columns.positions(of: $0) }, options: options,
        threads: threads)
      results.append(
        try summary(
          of: fits, row: Array(expanded.row(r)), position: r, explained: explained[r],
          scale: quantity.scale, players: players, background: background, options: options,
          thresholds: thresholds))
    }
    return results
  }

  private static func summary(
    of fits: LocalFits, row: [Double], position: Int, explained: Double, scale: ExplainedScale,
    players: Players, background: Background, options: LocalSurrogateOptions,
    thresholds: FidelityThresholds
  ) throws(ExplanationError) -> Explanation {
    if let floor = options.refusalFloor, !(fits.rSquared >= floor) {
      throw ExplanationError(
        .unfaithful,
        "The surrogate of row \(position) explains \(plainText(fits.rSquared)) of the model's "
          + "variance on unseen rows, less than the floor of \(plainText(floor)); it is not shown.")
    }
    let count = Double(fits.designs.count)
    func terms(_ fit: MomentFit) -> [Double] {
      fits.groups.map { $0.reduce(0) { $0 + fit.coefficients[$1] * row[$1] } }
    }
    let perDesign = fits.fits.map(terms)
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: count - 1)
    var attributions: [Attribution] = []
    for player in 0..<players.count {
      let own = perDesign.map { $0[player] }
      let mean = OrderedReduction.sum(own) / count
      let squares = OrderedReduction.sum(own.map { ($0 - mean) * ($0 - mean) })
      attributions.append(
        Attribution(
          source: players.names[player], value: mean,
          standardError: (squares / (count - 1) / count).squareRoot(), quantile: quantile))
    }
    let spectra = try fits.spectra()
    let shells = fits.shells(limit: thresholds.surrogateWarning)
    let evidence = SurrogateEvidence(
      rSquared: fits.rSquared, fittedRSquared: fits.fittedRSquared,
      rows: fits.designs[0].values.count, columns: fits.width + 1,
      rank: spectra.map(\.rank).min() ?? 0,
      conditionNumber: spectra.map(\.conditionNumber).max() ?? 0,
      topOverlap: TopSets.meanOverlap(fits.ownFits.map(terms), top: options.top),
      top: options.top,
      locality: SurrogateLocality(
        kernelWidth: fits.kernelWidth, widths: fits.widths,
        effectiveRows: SurrogateLocality.effectiveRows(fits.weights.flatMap { $0 }),
        shells: shells.shells, fidelityDistance: shells.distance,
        coefficientStability: fits.coefficientStability(row: row, spectra: spectra)))
    let bases = fits.fits.map(\.intercept)
    return Explanation(
      method: .localSurrogate, scale: scale, background: background,
      baseValue: explained + OrderedReduction.sum(bases) / count, explainedValue: explained,
      attributions: attributions,
      fidelity: Fidelity(.surrogate(evidence), thresholds: thresholds))
  }
}
