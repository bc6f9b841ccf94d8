import CandorData
import CandorNumerics
import CandorScoring

/// The sums of a design in parts, and the fits and evidence that follow from them.
struct SurrogateParts {
  /// The sums of each part.
  let parts: [SurrogateMoments]
  /// The columns of each player.
  let groups: [[Int]]
  let options: PortfolioSurrogateOptions

  /// What the fits say: coefficients with standard errors, and how far they hold.
  struct Answer {
    let fit: MomentFit
    let standardErrors: [Double]
    let rSquared: Double
    let fittedRSquared: Double
    let rank: Int
    let conditionNumber: Double
    let topOverlap: Double?
  }

  /// Fits the whole and its parts; `factors` turn coefficients into attributions.
  ///
  /// The players are chosen on the whole for the answer and on each part for the overlap and for R² on
  /// rows not seen, so that both include the choice.
  func answer(factors: [Double]) throws(ExplanationError) -> Answer {
    let whole = SurrogateMoments.sum(parts)
    let centred = CentredMoments(whole)
    let columns = SurrogateSelection.columns(for: options.fit, groups: groups, moments: centred)
    let fit = try centred.fit(columns: columns, ridge: options.ridge, unit: .plain)
    let spectrum = try centred.spectrum(columns, ridge: options.ridge, unit: .plain)
    let count = Double(parts.count)
    var unseen: [Double] = []
    var own: [[Double]] = []
    var chosen: [[Double]] = []
    for part in parts {
      var others = whole
      others.add(part, factor: -1)
      let rest = CentredMoments(others)
      let restColumns = SurrogateSelection.columns(
        for: options.fit, groups: groups, moments: rest)
      let restFit = try rest.fit(
        columns: restColumns, ridge: options.ridge * (count - 1) / count, unit: .plain)
      let alone = CentredMoments(part)
      unseen.append(alone.rSquared(of: restFit))
      // A part carries its share of the penalty, so that its fit is shrunk as the whole is.
      let same = try alone.fit(columns: columns, ridge: options.ridge / count, unit: .plain)
      own.append(same.coefficients)
      if options.fit == .all {
        chosen.append(same.coefficients)
      } else {
        let partColumns = SurrogateSelection.columns(
          for: options.fit, groups: groups, moments: alone)
        chosen.append(
          try alone.fit(columns: partColumns, ridge: options.ridge / count, unit: .plain)
            .coefficients)
      }
    }
    let errors = (0..<centred.width).map { c in
      let mean = own.reduce(0) { $0 + $1[c] } / count
      let squares = own.reduce(0) { $0 + ($1[c] - mean) * ($1[c] - mean) }
      return (squares / (count - 1) / count).squareRoot()
    }
    let attributions = chosen.map { one in zip(one, factors).map(*) }
    return Answer(
      fit: fit, standardErrors: errors, rSquared: unseen.reduce(0, +) / count,
      fittedRSquared: centred.rSquared(of: fit), rank: spectrum.rank,
      conditionNumber: spectrum.conditionNumber,
      topOverlap: TopSets.meanOverlap(attributions, top: options.top))
  }

  /// The explanation that follows from an answer with one column a player: coefficients times
  /// factors, from a base value.
  func explanation(
    _ answer: Answer, factors: [Double], base: Double, effectiveRows: Double, explained: Double,
    scale: ExplainedScale, players: Players, background: Background,
    thresholds: FidelityThresholds
  ) -> Explanation {
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: Double(parts.count - 1))
    let evidence = SurrogateEvidence(
      rSquared: answer.rSquared, fittedRSquared: answer.fittedRSquared, rows: options.rows,
      columns: players.count + 1, rank: answer.rank, conditionNumber: answer.conditionNumber,
      topOverlap: answer.topOverlap, top: options.top,
      locality: SurrogateLocality(
        kernelWidth: options.kernelWidth, effectiveRows: effectiveRows))
    let isRefused = options.refusalFloor.map { !(answer.rSquared >= $0) } ?? false
    let attributions =
      isRefused
      ? []
      : (0..<players.count).map { p in
        Attribution(
          source: players.names[p], value: answer.fit.coefficients[p] * factors[p],
          standardError: answer.standardErrors[p] * abs(factors[p]), quantile: quantile)
      }
    return Explanation(
      method: .localSurrogate, scale: scale, background: background, baseValue: base,
      explainedValue: explained, attributions: attributions,
      fidelity: Fidelity(.surrogate(evidence), thresholds: thresholds))
  }
}
