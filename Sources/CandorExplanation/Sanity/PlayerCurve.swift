import CandorData
import CandorNumerics

/// How the value changes when players switch between an applicant and a background, one after another.
enum PlayerCurve {
  /// The players by falling signed attribution, equal ones in their own order.
  static func order(
    of explanation: Explanation, on model: ExplainedModel, players: Players
  ) throws(ExplanationError) -> [Int] {
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
    let values = explanation.attributions.map(\.value)
    return values.indices.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
  }

  /// The mean value over the background after none, one, … all players of `order` have switched: from
  /// the applicant's cells to the background's, or the other way where `inserting` holds.
  static func values(
    _ order: [Int], from applicant: [Double], to background: Background, model: ExplainedModel,
    players: Players, inserting: Bool
  ) throws(ExplanationError) -> [Double] {
    let steps = order.count + 1
    var batch = FeatureMask(players: players, capacity: background.count * steps)
    let matrix = background.rows.matrix
    for b in 0..<background.count {
      batch.append(inserting ? matrix.row(b) : applicant[...])
      for player in order {
        batch.appendCopyOfLast()
        batch.set(player: player, from: inserting ? applicant[...] : matrix.row(b))
      }
    }
    let values = try model.values(of: try batch.rows())
    return (0..<steps).map { step in
      background.mean(of: (0..<background.count).map { values[$0 * steps + step] })
    }
  }

  /// The mean of a curve by trapezoids.
  static func area(_ curve: [Double]) -> Double {
    guard curve.count > 1, let first = curve.first, let last = curve.last else {
      return curve.first ?? 0
    }
    return (curve.reduce(0, +) - 0.5 * (first + last)) / Double(curve.count - 1)
  }
}
