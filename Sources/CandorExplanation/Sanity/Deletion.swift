import CandorData
import CandorNumerics

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
    guard explanation.scale == model.scale else {
      throw ExplanationError(
        .mixedScales,
        "The explanation is on \(explanation.scale.rawValue), the model is read on "
          + "\(model.scale.rawValue); use one scale.")
    }
    guard explanation.attributions.map(\.source) == players.names else {
      throw ExplanationError(
        .differentPlayers, "The explanation has other players than those given.")
    }
    try players.check(rows: EncodedRows(row: applicant), background: background)
    let values = explanation.attributions.map(\.value)
    let order = values.indices.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    let curve = try curve(order, applicant, model, players, background)
    let reversed = try self.curve(order.reversed(), applicant, model, players, background)
    return Deletion(
      order: order.map { players.names[$0] }, curve: curve, area: area(curve),
      reversedArea: area(reversed))
  }

  private static func curve(
    _ order: [Int], _ applicant: [Double], _ model: ExplainedModel, _ players: Players,
    _ background: Background
  ) throws(ExplanationError) -> [Double] {
    let steps = order.count + 1
    var batch = FeatureMask(players: players, capacity: background.count * steps)
    for b in 0..<background.count {
      batch.append(applicant[...])
      for player in order {
        batch.appendCopyOfLast()
        batch.set(player: player, from: background.rows.matrix.row(b))
      }
    }
    let values = try model.values(of: try batch.rows())
    return (0..<steps).map { step in
      background.mean(of: (0..<background.count).map { values[$0 * steps + step] })
    }
  }

  private static func area(_ curve: [Double]) -> Double {
    guard curve.count > 1, let first = curve.first, let last = curve.last else {
      return curve.first ?? 0
    }
    return (curve.reduce(0, +) - 0.5 * (first + last)) / Double(curve.count - 1)
  }
}
