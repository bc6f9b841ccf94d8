import CandorData
import CandorNumerics

/// What is known exactly about a sampled score: the Shapley values of its raw margin.
///
/// On a scale that is no straight line of the margin (a probability, isotonic calibration, a forest's
/// clamped share of bad) Shapley values are sampled, while those of the margin itself are often known
/// exactly: in closed form for additive scorers, by tree methods for forests. Each random order gives a
/// player's marginal contribution on both scales from the same model evaluations; the error that the
/// draws make in the margin's values is then known, and what it predicts of the error on the scale is
/// taken off. Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, section 4.1,
/// doi:10.1007/978-0-387-21617-1.
///
/// The values must be those of the same marginal (interventional) game: same rows, same players, same
/// background with its weights. Path-dependent tree values are not, and are refused, since they do
/// not add up to the margin less the background's mean.
public struct ControlVariate: Sendable {
  /// Exact values for one row when the background's rows have given weights.
  public typealias WeightedMargins =
    @Sendable (_ row: Int, _ weights: [Double]) throws(ExplanationError) -> [Double]

  enum Source: Sendable {
    case fixed([[Double]])
    case weighted(WeightedMargins)
  }

  let source: Source
  /// The trees behind the values, where they are of trees: they know the margins of orders as well.
  let game: (any TreeGame)?

  /// Takes exact values of the raw margin against the background as it is.
  ///
  /// - Parameter exactMargins: One list a row, one value a player, on the scale `.margin`.
  public init(exactMargins: [[Double]]) {
    source = .fixed(exactMargins)
    game = nil
  }

  /// Takes explanations of the same rows and players on the scale `.margin` by an exact method.
  ///
  /// - Parameter explanations: One explanation a row.
  /// - Throws: `ExplanationError.mixedScales` where one is on another scale.
  public init(exact explanations: [Explanation]) throws(ExplanationError) {
    for explanation in explanations where explanation.scale != .margin {
      throw ExplanationError(
        .mixedScales,
        "The control variate needs exact values on the scale margin; these are on "
          + "\(explanation.scale.rawValue).")
    }
    self.init(exactMargins: explanations.map { $0.attributions.map(\.value) })
  }

  /// Takes a function that computes exact values of the raw margin against a background whose rows
  /// have other weights.
  ///
  /// The curve from margin to scale is then replaced, for each background row, by the straight line
  /// between that row and the applicant, which is as good as known: its values are those of the margin
  /// with the weights times the slopes. Lower variance than with one slope for all rows where the
  /// curve bends; it costs one exact explanation more for each applicant.
  ///
  /// - Parameter weightedMargins: For the row's place and one weight a background row, none negative
  ///   and not all zero, the exact values of the margin less the mean by these weights.
  public init(weightedMargins: @escaping WeightedMargins) {
    source = .weighted(weightedMargins)
    game = nil
  }

  /// Takes the trees of the scorer, laid out for the background that is sampled against.
  init(_ game: any TreeGame, rows: EncodedRows, threads: Int) {
    source = .weighted { row, weights throws(ExplanationError) in
      let one = rows.selecting(rows: [row])
      return Array(try game.marginValues(of: one, weights: weights, threads: threads).row(0))
    }
    self.game = game
  }

  /// The control of one applicant: background row b's marginal contributions in the margin, times
  /// `slopes[b]`, have weighted means that add up to `expected`.
  struct Applied: Sendable {
    let slopes: [Double]
    let expected: [Double]
    /// The coefficient that needs no draws: the slope of value on control through the applicant,
    /// by least squares over the background.
    let slope: Double
  }

  /// Applies the control to an applicant; nil where there is nothing to control.
  func applied<S>(
    to game: CoalitionGame<S>, row: Int
  ) throws(ExplanationError) -> Applied? {
    let rises = game.empty.map { game.whole.value - $0.value }
    let runs = game.empty.map { game.whole.margin - $0.margin }
    var product = 0.0
    var square = 0.0
    for b in runs.indices {
      product += game.shares[b] * rises[b] * runs[b]
      square += game.shares[b] * runs[b] * runs[b]
    }
    let common = square > 0 ? product / square : 0
    guard common > 0 else { return nil }
    switch source {
    case .fixed(let margins):
      guard row < margins.count, margins[row].count == game.players.count else {
        throw ExplanationError(
          .badShape,
          "The control variate has no \(game.players.count) exact values for row \(row); give one "
            + "list a row with one value a player.")
      }
      try Self.check(margins[row], runs: runs, weights: game.shares, row: row)
      return Applied(
        slopes: Array(repeating: 1, count: runs.count), expected: margins[row], slope: common)
    case .weighted(let margins):
      // Where both margins are equal there is no line between them; the common slope serves.
      let slopes = runs.indices.map { b in
        runs[b] == 0 ? common : max(rises[b] / runs[b], 0)
      }
      let weights = zip(game.shares, slopes).map(*)
      let total = weights.reduce(0, +)
      guard total > 0 else { return nil }
      let exact = try margins(row, weights)
      guard exact.count == game.players.count else {
        throw ExplanationError(
          .badShape,
          "The control variate gave \(exact.count) exact values for \(game.players.count) players.")
      }
      try Self.check(exact, runs: runs, weights: weights, row: row)
      return Applied(slopes: slopes, expected: exact.map { $0 * total }, slope: 1)
    }
  }

  /// Exact values add up; values of another game, or of another background, as a rule do not.
  private static func check(
    _ exact: [Double], runs: [Double], weights: [Double], row: Int
  ) throws(ExplanationError) {
    let total = weights.reduce(0, +)
    let wanted = zip(runs, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let sum = exact.reduce(0, +)
    let size = exact.reduce(abs(wanted)) { $0 + abs($1) }
    guard abs(sum - wanted) <= 1e-6 * size else {
      throw ExplanationError(
        .notAdditive,
        "The exact margins of row \(row) add up to \(sum) where the margin less the background's "
          + "mean is \(wanted); give interventional values against the same background.")
    }
  }
}
