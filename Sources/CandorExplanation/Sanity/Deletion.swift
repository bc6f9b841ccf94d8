import CandorData

/// The deletion test: how fast the value falls to the background's when players are moved to the
/// background in the order of their attributions.
///
/// A faithful order removes what raises the value first; its curve lies below that of the reversed
/// order. Samek and others 2017, doi:10.1109/TNNLS.2016.2599820; Petsiuk, Das and Saenko 2018,
/// arXiv:1806.07421.
public struct Deletion: Sendable, Equatable, Codable {
  /// The players in the order of removal: by falling signed attribution.
  public let order: [String]
  /// The mean value after none, one, … all removals.
  public let curve: [Double]
  /// The mean of the curve by trapezoids.
  public let area: Double
  /// The same for the reversed order.
  public let reversedArea: Double

  /// How much lower the curve lies than that of the reversed order; positive for a faithful order.
  public var advantage: Double { reversedArea - area }

  /// Runs the test for one explanation; `2 · players · background` model evaluations.
  ///
  /// - Parameters:
  ///   - explanation: The explanation tested.
  ///   - applicant: The applicant's encoded row.
  ///   - model: The score function, on the explanation's scale.
  ///   - players: The explanation's players.
  ///   - background: Where removed players' values come from.
  /// - Returns: Both curves' areas.
  /// - Throws: `ExplanationError` where scale or players are not the explanation's.
  public static func test(
    _ explanation: Explanation, applicant: [Double], model: ExplainedModel, players: Players,
    background: Background
  ) throws(ExplanationError) -> Deletion {
    let order = try PlayerCurve.order(of: explanation, on: model, players: players)
    try players.check(rows: EncodedRows(row: applicant), background: background)
    let curve = try PlayerCurve.values(
      order, from: applicant, to: background, model: model, players: players, inserting: false)
    let reversed = try PlayerCurve.values(
      order.reversed(), from: applicant, to: background, model: model, players: players,
      inserting: false)
    return Deletion(
      order: order.map { players.names[$0] }, curve: curve, area: PlayerCurve.area(curve),
      reversedArea: PlayerCurve.area(reversed))
  }
}
