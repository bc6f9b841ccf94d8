import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("The scale of points") struct PointsScaleTests {
  private let scales = [
    PointsScale(), PointsScale(basePoints: 500, baseOdds: 1, pointsToDoubleOdds: 40),
    PointsScale(basePoints: -10, baseOdds: 0.25, pointsToDoubleOdds: 0.5),
  ]

  @Test("The base odds have the base points")
  func base() {
    for scale in scales {
      #expect(
        agree(
          scale.points(logOdds: -log(scale.baseOdds)), scale.basePoints, within: Tolerance.exact))
    }
    #expect(agree(PointsScale().points(logOdds: log(1.0 / 50)), 600, within: Tolerance.exact))
  }

  @Test("Twice the odds of good add the points that double them")
  func doubling() {
    for scale in scales {
      for odds in [0.01, 0.5, 1, 7, 1000.0] {
        let step = scale.points(logOdds: -log(2 * odds)) - scale.points(logOdds: -log(odds))
        #expect(agree(step, scale.pointsToDoubleOdds, within: Tolerance.exact))
      }
    }
    // 200 to 1 is two doublings of 50 to 1.
    #expect(agree(PointsScale().points(logOdds: -log(200)), 640, within: Tolerance.exact))
  }

  @Test("Points fall strictly as the log-odds of bad rise")
  func falling() {
    for scale in scales {
      let points = (-200...200).map { scale.points(logOdds: Double($0) / 10) }
      #expect(zip(points, points.dropFirst()).allSatisfy { $0 > $1 })
    }
  }
}
