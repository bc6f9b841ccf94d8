/// Shapley interaction values of one row: how much of the value each pair of players owes to its
/// meeting.
///
/// Off the diagonal, half the Shapley interaction index of the pair (Grabisch and Roubens 1999,
/// doi:10.1007/s001820050125), so that a pair's two places hold it together; on the diagonal what is
/// left of the player's Shapley value. Symmetric; each row sums to the player's Shapley value, and
/// all of it to the explained value less the base. The convention is that of Lundberg et al. 2020,
/// doi:10.1038/s42256-019-0138-9.
public struct ShapleyInteractions: Sendable, Equatable, Codable {
  /// The method whose game it is.
  public let method: ExplanationMethod
  /// The unit of every number in it.
  public let scale: ExplainedScale
  /// The background's name.
  public let backgroundName: String
  /// The background's hash.
  public let backgroundHash: String
  /// The players' names.
  public let names: [String]
  /// One list a player, one number a player in it.
  public let values: [[Double]]
  /// The value that the attributions start from.
  public let baseValue: Double
  /// The value that was explained.
  public let explainedValue: Double
  /// The evidence: how far the numbers are from adding up.
  public let fidelity: Fidelity

  /// Joins the pairs' indices to an explanation by the same game.
  ///
  /// - Parameters:
  ///   - explanation: The Shapley values.
  ///   - indices: The interaction index of every pair, symmetric, row after row; the diagonal is not
  ///     read.
  init(_ explanation: Explanation, indices: [Double]) {
    method = explanation.method
    scale = explanation.scale
    backgroundName = explanation.backgroundName
    backgroundHash = explanation.backgroundHash
    names = explanation.attributions.map(\.source)
    baseValue = explanation.baseValue
    explainedValue = explanation.explainedValue
    fidelity = explanation.fidelity
    let count = names.count
    values = explanation.attributions.enumerated().map { player, attribution in
      var row = (0..<count).map { $0 == player ? 0 : 0.5 * indices[player * count + $0] }
      row[player] = attribution.value - row.reduce(0, +)
      return row
    }
  }

  /// The pairs by falling absolute interaction (both places together), the first `most` of them.
  public func strongest(_ most: Int) -> [(first: String, second: String, value: Double)] {
    var pairs: [(first: Int, second: Int, value: Double)] = []
    for i in names.indices {
      for j in names.indices where j > i {
        pairs.append((i, j, values[i][j] + values[j][i]))
      }
    }
    return pairs.sorted {
      abs($0.value) == abs($1.value)
        ? ($0.first, $0.second) < ($1.first, $1.second) : abs($0.value) > abs($1.value)
    }.prefix(max(most, 0)).map { (names[$0.first], names[$0.second], $0.value) }
  }
}
