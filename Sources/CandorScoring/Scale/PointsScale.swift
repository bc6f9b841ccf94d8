import Foundation

/// The scorecard scale: points fall as risk rises.
///
/// `points = basePoints + pointsToDoubleOdds / ln 2 · (ln(odds of good) − ln baseOdds)`, odds of
/// good being (1 − PD) / PD. Siddiqi, "Credit Risk Scorecards", 2006, chapter 6.
public struct PointsScale: Sendable, Equatable, Codable {
  /// The points at the base odds.
  public let basePoints: Double
  /// The odds of good at the base points.
  public let baseOdds: Double
  /// How many points double the odds of good.
  public let pointsToDoubleOdds: Double

  /// A scale; 600 points at odds of 50 to 1, and 20 points to double the odds, unless told
  /// otherwise.
  public init(basePoints: Double = 600, baseOdds: Double = 50, pointsToDoubleOdds: Double = 20) {
    self.basePoints = basePoints
    self.baseOdds = baseOdds
    self.pointsToDoubleOdds = pointsToDoubleOdds
  }

  /// The points of these log-odds of bad, not rounded; strictly falling.
  public func points(logOdds: Double) -> Double {
    basePoints + pointsToDoubleOdds / log(2) * (-logOdds - log(baseOdds))
  }
}
