import CandorData

/// The insertion test: how fast the value rises from the background's to the applicant's when players
/// are moved to the applicant in the order of their attributions.
///
/// A faithful order brings in what raises the value first; its curve lies above that of the reversed
/// order. Petsiuk, Das and Saenko 2018, arXiv:1806.07421. With `Deletion` it looks at both ends:
/// where features interact, an order may be good at one end only.
public struct Insertion: Sendable, Equatable, Codable {
  /// The players in the order of insertion: by falling signed attribution.
  public let order: [String]
  /// The mean value after none, one, … all insertions.
  public let curve: [Double]
  /// The mean of the curve by trapezoids.
  public let area: Double
  /// The same for the reversed order.
  public let reversedArea: Double

  /// How much higher the curve lies than that of the reversed order; positive for a faithful order.
  public var advantage: Double { area - reversedArea }

  /// Runs the test for one explanation; `2 · players · background` model evaluations.
  ///
  /// - Parameters:
  ///   - explanation: The explanation tested.
  ///   - applicant: The applicant's encoded row.
  ///   - model: The score function, on the explanation's scale.
  ///   - players: The explanation's players.
  ///   - background: Where the players' values come from before they are inserted.
  /// - Returns: Both curves' areas.
  /// - Throws: `ExplanationError` where scale or players are not the explanation's.
  public static func test(
    _ explanation: Explanation, applicant: [Double], model: ExplainedModel, players: Players,
    background: Background
  ) throws(ExplanationError) -> Insertion {
    let order = try PlayerCurve.order(of: explanation, on: model, players: players)
    try players.check(rows: EncodedRows(row: applicant), background: background)
    let curve = try PlayerCurve.values(
      order, from: applicant, to: background, model: model, players: players, inserting: true)
    let reversed = try PlayerCurve.values(
      order.reversed(), from: applicant, to: background, model: model, players: players,
      inserting: true)
    return Insertion(
      order: order.map { players.names[$0] }, curve: curve, area: PlayerCurve.area(curve),
      reversedArea: PlayerCurve.area(reversed))
  }
}
