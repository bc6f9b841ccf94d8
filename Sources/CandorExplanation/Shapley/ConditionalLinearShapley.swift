public import CandorData
public import CandorNumerics
public import CandorScoring

/// How the conditional game of a linear scorer is set up.
public struct ConditionalShapleyOptions: Sendable, Equatable, Codable {
  /// The share of the identity in the correlations, from 0 to 1; nil takes that of Ledoit and Wolf.
  public var shrinkage: Double?
  /// How many pairs of an order and its reverse are drawn where players are too many for all
  /// coalitions, from 64 up.
  public var pairs: Int
  /// The most players with varying columns for which all coalitions are tried, from 0 to 16.
  public var mostEnumeratedPlayers: Int

  /// Options; Ledoit and Wolf's shrinkage, and 512 pairs for more than twelve players, unless told
  /// otherwise.
  public init(shrinkage: Double? = nil, pairs: Int = 512, mostEnumeratedPlayers: Int = 12) {
    self.shrinkage = shrinkage
    self.pairs = pairs
    self.mostEnumeratedPlayers = mostEnumeratedPlayers
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> ConditionalShapleyOptions {
    if let shrinkage, !(0...1).contains(shrinkage) {
      throw ExplanationError(
        .badOption, "shrinkage is \(shrinkage); it must be from 0 to 1.")
    }
    guard (64...1_000_000).contains(pairs) else {
      throw ExplanationError(.badOption, "pairs is \(pairs); it must be from 64 to 1,000,000.")
    }
    guard (0...16).contains(mostEnumeratedPlayers) else {
      throw ExplanationError(
        .badOption,
        "mostEnumeratedPlayers is \(mostEnumeratedPlayers); it must be from 0 to 16.")
    }
    return self
  }
}

/// Shapley values of a linear scorer in the conditional game of a normal distribution.
///
/// The worth of a coalition S is the expected score given the values of its encoded columns, all columns
/// being jointly normal with the background's means and shrunk correlations. For a linear score it is
/// `E f + r_Sᵀ (x − μ)` with `r_S = Σ_SS⁻¹ (Σ β)_S`, so that the values of every row are one matrix,
/// made once, times `x − μ`: row p of it is the Shapley-weighted mean of `r_{S ∪ p} − r_S`. Chen,
/// Janizek, Lundberg and Lee, "True to the model or true to the data?", 2020, arXiv:2006.16234; Aas,
/// Jullum and Løland 2021, doi:10.1016/j.artint.2021.103502.
///
/// A feature that the score does not use gets credit where it is correlated with one that it does: the
/// values tell what the features say about the score, not how the score reacts. They are no reasons for
/// a refusal. Encoded columns of a player are one block; constant columns tell nothing, and count as in
/// the interventional game.
public struct ConditionalLinearShapley: Sendable {
  /// The share of the identity in the correlations.
  public var shrinkage: Double { covariance.shrinkage }
  /// Whether all coalitions were tried; else orders were drawn.
  public let isExact: Bool

  private let scorer: any LinearScorer
  private let quantity: ExplainedQuantity
  private let players: Players
  private let background: Background
  private let covariance: ShrunkCovariance
  private let base: Double
  private let mean: ConditionalMatrix
  private let pairs: Int

  /// Makes the matrix that all rows share.
  ///
  /// Costs one factorisation for each coalition (4,096 of twelve players), or one for each drawn order.
  ///
  /// - Parameters:
  ///   - scorer: A linear scorer.
  ///   - quantity: What is explained; a straight line of the margin.
  ///   - players: Who shares the value.
  ///   - background: Where means and correlations come from; hundreds of rows, as a rule.
  ///   - options: Shrinkage and orders.
  ///   - seeds: The randomness, where orders are drawn.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Throws: `ExplanationError.unsupported` where the quantity is no straight line of the margin or a
  ///   column holds level codes, `.numerical` where the correlations cannot be inverted.
  public init(
    of scorer: some LinearScorer, quantity: ExplainedQuantity, players: Players,
    background: Background, options: ConditionalShapleyOptions = .init(), seeds: SeedTree,
    threads: Int = 1
  ) throws(ExplanationError) {
    let options = try options.validated()
    try players.check(rows: background.rows, background: background)
    guard scorer.coefficients.count == players.width else {
      throw ExplanationError(
        .badShape,
        "The model has \(scorer.coefficients.count) coefficients where the feature map has "
          + "\(players.width) encoded columns.")
    }
    guard let line = quantity.affine else {
      throw ExplanationError(
        .unsupported,
        "On the scale \(quantity.scale.rawValue) with \(quantity.calibrator.name) calibration the "
          + "value is no straight line of the margin; the conditional game needs one.")
    }
    guard players.levelCounts.isEmpty else {
      throw ExplanationError(
        .unsupported,
        "Encoded columns hold level codes, which have no normal distribution; encode levels as 0/1 "
          + "columns.")
    }
    self.scorer = scorer
    self.quantity = quantity
    self.players = players
    self.background = background
    base = background.mean(of: try scorer.values(of: background.rows, as: quantity))
    do throws(LinearAlgebraError) {
      covariance = try ShrunkCovariance(
        background.rows.matrix, weights: background.weights, shrinkage: options.shrinkage)
      let known = covariance
      let blocks = players.columns.map { block in
        block.compactMap { column in known.varying.firstIndex(of: column) }
      }
      let count = blocks.count { !$0.isEmpty }
      isExact = count <= options.mostEnumeratedPlayers
      let slopes = known.varying.map {
        line.slope * scorer.coefficients[$0] * known.deviations[$0]
      }
      let game = try LinearNormalGame(
        correlation: known.correlation, slopes: slopes, blocks: blocks)
      if isExact {
        mean = try game.enumerated(threads: threads)
      } else {
        mean = try game.sampled(
          pairs: options.pairs, seeds: seeds.child("conditional shapley"), threads: threads)
      }
    } catch {
      throw ExplanationError(
        .numerical,
        "The correlations of the background's columns cannot be inverted (\(error.description)); "
          + "raise the shrinkage.")
    }
    pairs = isExact ? 0 : options.pairs
  }

  /// Explains rows; one matrix product for all of them.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, with standard errors where orders were drawn.
  /// - Throws: `ExplanationError` where the width differs or the scorer refuses.
  public func explain(
    _ rows: EncodedRows, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try players.check(rows: rows)
    let explained = try scorer.values(of: rows, as: quantity)
    let matrix = rows.matrix
    let distances = Matrix(rows: rows.count, columns: covariance.varying.count) { r, c in
      let column = covariance.varying[c]
      return (matrix[r, column] - covariance.means[column]) / covariance.deviations[column]
    }
    let found: ConditionalMatrix.Values
    do throws(LinearAlgebraError) {
      found = try mean.values(at: distances)
    } catch {
      throw ExplanationError(.numerical, error.description)
    }
    // A column that is constant in the background tells nothing of the others, but counts itself.
    let slope = quantity.affine?.slope ?? 0
    let constant = covariance.deviations.indices.filter { covariance.deviations[$0] == 0 }
    var results: [Explanation] = []
    results.reserveCapacity(rows.count)
    for r in 0..<rows.count {
      var own = [Double](repeating: 0, count: players.width)
      for column in constant {
        own[column] =
          slope * scorer.coefficients[column] * (matrix[r, column] - covariance.means[column])
      }
      let values = zip(players.sums(of: own), found.values.row(r)).map(+)
      let errors = Array(found.errors.row(r))
      let residual = explained[r] - base - OrderedReduction.sum(values)
      let fidelity: Fidelity
      if isExact {
        fidelity = try LinearShapley.exactFidelity(
          residual: residual, magnitudes: values + [explained[r], base], thresholds: thresholds)
      } else {
        let largest = errors.max() ?? 0
        let total = values.reduce(0) { $0 + abs($1) }
        fidelity = Fidelity(
          .sampled(
            SampledEvidence(
              pairs: pairs, evaluations: 0, largestStandardError: largest,
              relativeStandardError: total > 0 ? largest / total : 0,
              splitHalfDifference: found.halves.row(r).reduce(0) { max($0, abs($1)) },
              residual: residual, reachedTarget: true, stop: .drawn)), thresholds: thresholds)
      }
      results.append(
        Explanation(
          method: .conditionalLinearShapley, scale: quantity.scale, background: background,
          baseValue: base, explainedValue: explained[r],
          attributions: values.indices.map {
            Attribution(
              source: players.names[$0], value: values[$0], standardError: errors[$0])
          }, fidelity: fidelity))
    }
    return results
  }
}
