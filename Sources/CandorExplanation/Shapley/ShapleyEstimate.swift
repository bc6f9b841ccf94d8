import CandorNumerics

/// What the draws say about the players' values, with a control variate where there is one.
///
/// Without a control the estimate is the stratified mean `Σ_b share_b · mean_k D_bk` of the marginal
/// contributions D, strata being background rows. With a control C, whose values are known to be `c`,
/// it is `Σ share · mean (D − β C) + β c`.
///
/// - The coefficient β of a player is that of the least variance, the pooled covariance within rows
///   over the pooled variance. It is cross-fitted: draws of even number use the coefficients of odd
///   ones and the other way round, so that β and the draws it is used on are independent and the
///   estimate has no bias from it. Where a fold has fewer than fifty degrees of freedom there is too
///   little to fit on; β is then the slope of the value on the margin over the background, which no
///   draw enters.
/// - One β for all players keeps the values additive; several do not. The gap of each fold is dealt out
///   to the players in proportion to their variances (fitted on the other fold as well), which is the
///   least-squares correction for independent errors. Standard errors are those of the dealt values:
///   the same dealing is applied to every draw before its spread is measured.
struct ShapleyEstimate {
  /// The fewest degrees of freedom within rows that coefficients are fitted on.
  private static let leastFreedom = 50

  /// One value a player.
  let values: [Double]
  /// The standard errors.
  let errors: [Double]
  /// The two-sided 95% quantiles of the errors.
  let quantiles: [Double]
  /// The largest difference between the estimates from even and from odd draws.
  let splitHalfDifference: Double
  /// The sum of the players' variances with the control over the sum without; nil without a control
  /// or without error.
  let varianceRatio: Double?

  /// The contributions as they count, laid out as in `ShapleyDraws`.
  private let counted: [Double]
  private let draws: ShapleyDraws
  private let shares: [Double]
  /// The pairs are in so many folds by their number.
  private let folds: Int

  /// Estimates from the draws.
  ///
  /// - Parameters:
  ///   - draws: The draws, two pairs a sampled row at least.
  ///   - game: The applicant's game.
  ///   - control: What is known of the margin.
  init<S>(_ draws: ShapleyDraws, game: CoalitionGame<S>, control: ControlVariate.Applied?) {
    self.draws = draws
    shares = game.shares
    let players = draws.players
    let freedom = draws.sampled.count * (draws.each / 2 - 1)
    let isFitted = control != nil && freedom >= Self.leastFreedom
    folds = isFitted ? 2 : 1
    let fits =
      isFitted
      ? (0..<2).map {
        Self.fit(
          draws, control: control, shares: game.shares, magnitude: game.largestMargin, parity: $0)
      } : []
    let common = Fit(
      slopes: Array(repeating: control?.slope ?? 0, count: players),
      deal: Array(repeating: 0, count: players))
    var counted = draws.values
    var halves: [[Double]] = []
    let difference = game.whole.value - game.base
    for parity in 0..<2 {
      let fit = isFitted ? fits[1 - parity] : common
      for pair in stride(from: parity, to: draws.each, by: 2) {
        for row in draws.sampled {
          let start = draws.place(pair, row)
          let scale = control?.slopes[row] ?? 0
          var sum = 0.0
          for player in 0..<players {
            counted[start + player] -= fit.slopes[player] * scale * draws.margins[start + player]
            sum += counted[start + player]
          }
          if isFitted {
            for player in 0..<players { counted[start + player] -= fit.deal[player] * sum }
          }
        }
      }
      halves.append(
        Self.half(
          draws, game: game, control: control, fit: fit, parity: parity, difference: difference,
          isDealt: isFitted))
    }
    self.counted = counted
    let odd = Double(draws.each / 2)
    let even = Double(draws.each - draws.each / 2)
    let isExact = draws.sampled.isEmpty
    values = (0..<players).map {
      isExact ? halves[0][$0] : (even * halves[0][$0] + odd * halves[1][$0]) / (even + odd)
    }
    splitHalfDifference =
      isExact ? 0 : zip(halves[0], halves[1]).reduce(0) { max($0, abs($1.0 - $1.1)) }
    let spreads = (0..<players).map { player in
      Self.spread(draws, shares: game.shares, folds: isFitted ? 2 : 1) { counted[$0 + player] }
    }
    errors = spreads.map { $0.variance.squareRoot() }
    quantiles = spreads.map { $0.quantile(0.975) }
    if control != nil, !isExact {
      let plain = (0..<players).reduce(0) { sum, player in
        sum
          + Self.spread(draws, shares: game.shares, folds: 1) { draws.values[$0 + player] }.variance
      }
      varianceRatio = plain > 0 ? spreads.reduce(0) { $0 + $1.variance } / plain : nil
    } else {
      varianceRatio = nil
    }
  }

  /// The standard error of the difference of two players' values, from the same draws, and its
  /// quantile.
  func difference(_ first: Int, _ second: Int, level: Double) -> (error: Double, quantile: Double) {
    let spread = Self.spread(draws, shares: shares, folds: folds) {
      counted[$0 + first] - counted[$0 + second]
    }
    return (spread.variance.squareRoot(), spread.quantile(1 - (1 - level) / 2))
  }

  /// The estimate from the draws of one parity.
  private static func half<S>(
    _ draws: ShapleyDraws, game: CoalitionGame<S>, control: ControlVariate.Applied?, fit: Fit,
    parity: Int, difference: Double, isDealt: Bool
  ) -> [Double] {
    let number = Double((draws.each + 1 - parity) / 2)
    var result: [Double] = []
    for player in 0..<draws.players {
      let slope = fit.slopes[player]
      var terms: [Double] = []
      terms.reserveCapacity(draws.rows)
      for row in draws.sampled {
        let scale = control?.slopes[row] ?? 0
        var sum = 0.0
        for pair in stride(from: parity, to: draws.each, by: 2) {
          let place = draws.place(pair, row) + player
          sum += draws.values[place] - slope * scale * draws.margins[place]
        }
        terms.append(game.shares[row] * sum / number)
      }
      for row in 0..<draws.rows {
        guard let exact = draws.exact[row] else { continue }
        let scale = control?.slopes[row] ?? 0
        terms.append(
          game.shares[row] * (exact.values[player] - slope * scale * exact.margins[player]))
      }
      result.append(OrderedReduction.sum(terms) + slope * (control?.expected[player] ?? 0))
    }
    if isDealt {
      let gap = difference - OrderedReduction.sum(result)
      for player in result.indices { result[player] += fit.deal[player] * gap }
    }
    return result
  }

  /// Deviations of the margin's parts below this share of the margins are rounding.
  private static let leastSpread = 1e-11

  /// What one fold of draws says about the players' coefficients.
  private struct Fit {
    var slopes: [Double]
    /// Each player's part of a gap, summing to one.
    var deal: [Double]
  }

  private static func fit(
    _ draws: ShapleyDraws, control: ControlVariate.Applied?, shares: [Double],
    magnitude: Double, parity: Int
  ) -> Fit {
    let players = draws.players
    let number = Double((draws.each + 1 - parity) / 2)
    var products = [Double](repeating: 0, count: players)
    var squares = products
    var totals = products
    // A player whose part of the margin is always the same leaves rounding alone, and a slope on
    // rounding would be any number.
    var rounding = 0.0
    for row in draws.sampled {
      let scale = control?.slopes[row] ?? 0
      let weight = shares[row] * shares[row]
      let least = leastSpread * scale * magnitude
      rounding += weight * number * least * least
      for player in 0..<players {
        var (sumV, sumC) = (0.0, 0.0)
        for pair in stride(from: parity, to: draws.each, by: 2) {
          let place = draws.place(pair, row) + player
          sumV += draws.values[place]
          sumC += scale * draws.margins[place]
        }
        for pair in stride(from: parity, to: draws.each, by: 2) {
          let place = draws.place(pair, row) + player
          let v = draws.values[place] - sumV / number
          let c = scale * draws.margins[place] - sumC / number
          products[player] += weight * v * c
          squares[player] += weight * c * c
          totals[player] += weight * v * v
        }
      }
    }
    let common = control?.slope ?? 0
    var fit = Fit(slopes: [], deal: [])
    for player in 0..<players {
      let slope = squares[player] > rounding ? products[player] / squares[player] : common
      fit.slopes.append(slope)
      // The residual variance, not negative but for rounding.
      fit.deal.append(max(totals[player] - slope * products[player], 0))
    }
    let all = fit.deal.reduce(0, +)
    fit.deal = fit.deal.map { all > 0 ? $0 / all : 1 / Double(max(players, 1)) }
    return fit
  }

  /// A variance known from draws.
  private struct Spread {
    let variance: Double
    let freedom: Double

    func quantile(_ p: Double) -> Double {
      freedom < 1000 ? StudentT.quantile(p, degreesOfFreedom: freedom) : Normal.quantile(p)
    }
  }

  /// The variance of the stratified mean of one number a draw, `Σ share² · variance / draws` over rows
  /// and folds, and its degrees of freedom.
  ///
  /// Where few rows make up the variance, it is known from few draws: Student's quantile is taken with
  /// the degrees of freedom of Satterthwaite 1946, doi:10.2307/3002019, in the form that is not biased
  /// for few draws a stratum, `(Σ v)² / Σ (v² / (m + 1)) − 2`.
  private static func spread(
    _ draws: ShapleyDraws, shares: [Double], folds: Int, _ number: (Int) -> Double
  ) -> Spread {
    var variances: [Double] = []
    var fourths: [Double] = []
    variances.reserveCapacity(draws.sampled.count * folds)
    fourths.reserveCapacity(draws.sampled.count * folds)
    for row in draws.sampled {
      for fold in 0..<folds {
        var count = 0.0
        var sum = 0.0
        for pair in stride(from: fold, to: draws.each, by: folds) {
          sum += number(draws.place(pair, row))
          count += 1
        }
        let mean = sum / count
        var squares = 0.0
        for pair in stride(from: fold, to: draws.each, by: folds) {
          let deviation = number(draws.place(pair, row)) - mean
          squares += deviation * deviation
        }
        let weight = shares[row] * count / Double(draws.each)
        let variance = count > 1 ? weight * weight * squares / (count - 1) / count : 0
        variances.append(variance)
        fourths.append(variance * variance / (count + 1))
      }
    }
    let variance = OrderedReduction.sum(variances)
    let fourth = OrderedReduction.sum(fourths)
    return Spread(
      variance: variance,
      freedom: fourth > 0 ? max(variance * variance / fourth - 2, 1) : .infinity)
  }
}
