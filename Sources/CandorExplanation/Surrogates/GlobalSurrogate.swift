import CandorData
import CandorNumerics

/// A linear model of the score over a sample: how much of the model a straight line tells.
public struct GlobalSurrogate: Sendable, Equatable, Codable {
  /// A coefficient on an encoded column.
  public struct Coefficient: Sendable, Equatable, Codable {
    /// The encoded column's name; that of a level or of the missing cells where the encoded column
    /// was taken apart for the fit.
    public let column: String
    /// The coefficient, per unit of the encoded column; of dependent columns the shortest choice.
    public let value: Double
    /// Its standard error under a linear model; nil where there is none.
    public let standardError: Double?
  }

  /// How much a player's term varies over the sample.
  public struct Contribution: Sendable, Equatable, Codable {
    /// The player.
    public let source: String
    /// The standard deviation of `Σ coefficient · column` over the player's columns.
    public let standardDeviation: Double
  }

  /// The unit of the fitted values.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The fitted value of the row of zeros.
  public let intercept: Double
  /// One coefficient a column of the fit: the encoded columns, those of level codes and those with
  /// missing cells taken apart.
  public let coefficients: [Coefficient]
  /// One contribution a player, in the players' order.
  public let contributions: [Contribution]
  /// R² on unseen halves and on the fitted rows, rank, condition number, warnings.
  public let fidelity: Fidelity

  /// Fits the model's values on the encoded columns of a sample by least squares.
  ///
  /// R² on unseen rows is the mean over the two halves of the sample (even and odd rows), each
  /// fitted by the other.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - players: Whose terms are summed.
  ///   - sample: The rows.
  ///   - ridge: The penalty on columns of unit spread.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: The fit with its evidence.
  /// - Throws: `ExplanationError` where there are fewer than four rows, the penalty is negative, or
  ///   the fit fails.
  public static func fit(
    to model: ExplainedModel, players: Players, sample: Background, ridge: Double = 0,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> GlobalSurrogate {
    try players.check(rows: sample.rows)
    guard sample.count >= 4 else {
      throw ExplanationError(
        .badBackground,
        "The sample \"\(sample.name)\" has \(sample.count) rows; a surrogate needs four at least.")
    }
    guard ridge >= 0, ridge.isFinite else {
      throw ExplanationError(.badOption, "ridge is \(ridge); it must be zero or more, and finite.")
    }
    let values = try model.values(of: sample.rows)
    let columns = SurrogateColumns(levelCounts: players.levelCounts, reference: sample)
    let rows = columns.expanded(sample.rows)
    let fit = try LinearFit(
      rows: rows, values: values, weights: sample.weights, ridge: ridge, withErrors: true)
    var unseen: [Double] = []
    for half in 0..<2 {
      let inside = (0..<sample.count).filter { $0 % 2 == half }
      let outside = (0..<sample.count).filter { $0 % 2 != half }
      func weights(_ positions: [Int]) -> [Double]? {
        sample.weights.map { all in positions.map { all[$0] } }
      }
      let part = try LinearFit(
        rows: rows.selecting(rows: inside), values: inside.map { values[$0] },
        weights: weights(inside), ridge: ridge, withErrors: false)
      unseen.append(
        part.rSquared(
          on: rows.selecting(rows: outside), values: outside.map { values[$0] },
          weights: weights(outside)))
    }
    let matrix = rows.matrix
    let terms = (0..<sample.count).map { r in
      players.sums(
        of: columns.collapsed((0..<columns.width).map { fit.coefficients[$0] * matrix[r, $0] }))
    }
    let contributions = (0..<players.count).map { player in
      Contribution(
        source: players.names[player],
        standardDeviation: sample.standardDeviation(of: terms.map { $0[player] }))
    }
    let evidence = SurrogateEvidence(
      rSquared: (unseen[0] + unseen[1]) / 2, fittedRSquared: fit.rSquared, rows: sample.count,
      columns: columns.width + 1, rank: fit.rank, conditionNumber: fit.conditionNumber,
      topOverlap: nil, top: 0)
    let names = columns.names(model.featureMap.columnNames)
    return GlobalSurrogate(
      scale: model.scale, sampleName: sample.name, sampleHash: sample.hash,
      intercept: fit.intercept,
      coefficients: (0..<columns.width).map {
        Coefficient(
          column: names[$0], value: fit.coefficients[$0],
          standardError: fit.standardErrors[$0].isFinite ? fit.standardErrors[$0] : nil)
      }, contributions: contributions,
      fidelity: Fidelity(.surrogate(evidence), thresholds: thresholds))
  }
}
