import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

/// A calibrator and the name under which it is tried.
struct CalibratorCase: Sendable, CustomTestStringConvertible {
  let calibrator: Calibrator
  var testDescription: String { "\(calibrator)" }
}

private let margins = [-3.0, -1, -1, 0.5, 2, 7]
private let shares = [0.02, 0.1, 0.25, 0.25, 0.6, 0.97]

private let calibrators: [CalibratorCase] = [
  .identity, .clamp(floor: 1e-6), .clamp(floor: 0.05), .platt(slope: 0.4, offset: -1.2),
  .platt(slope: 0, offset: 0.3), .isotonic(margins: margins, probabilities: shares),
  .isotonic(margins: [0.2], probabilities: [0.3]),
].map(CalibratorCase.init)

@Suite("Calibrators") struct CalibratorTests {
  /// Margins in rising order, extreme ones and every knot included.
  private var ladder: [Double] {
    (-400...400).map { Double($0) / 40 } + [-1e300, -800, 800, 1e300] + margins
  }

  @Test("The PD never falls as the margin rises, and is a probability", arguments: calibrators)
  func monotone(item: CalibratorCase) {
    let found = ladder.sorted().map(item.calibrator.probability)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(found.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test("The log-odds are those of the PD", arguments: calibrators)
  func logOddsAgree(item: CalibratorCase) {
    for margin in ladder {
      let p = item.calibrator.probability(margin)
      guard p > 1e-12, p < 1 - 1e-3 else { continue }
      #expect(agree(item.calibrator.logOdds(margin), log(p / (1 - p)), within: Tolerance.exact))
    }
  }

  @Test("Where the log-odds are affine, slope and offset say so", arguments: calibrators)
  func affine(item: CalibratorCase) {
    switch item.calibrator {
    case .identity, .platt:
      let line = item.calibrator.affineLogOdds
      #expect(line != nil)
      for margin in [-2.0, 0, 0.7, 30] {
        let expected = line.map { $0.slope * margin + $0.offset }
        #expect(expected == item.calibrator.logOdds(margin))
      }
    case .clamp, .isotonic: #expect(item.calibrator.affineLogOdds == nil)
    }
  }

  @Test("The identity is the logistic function")
  func identity() {
    for margin in [-5.0, -0.1, 0, 1, 4] {
      #expect(
        agree(Calibrator.identity.probability(margin), 1 / (1 + exp(-margin)), within: 1e-15))
      #expect(Calibrator.identity.logOdds(margin) == margin)
    }
  }

  @Test("The clamp changes only what lies outside its bounds")
  func clamp() {
    let clamp = Calibrator.clamp(floor: 0.05)
    #expect([0.05, 0.3, 0.95].map(clamp.probability) == [0.05, 0.3, 0.95])
    #expect([-1, 0, 0.049].map(clamp.probability) == [0.05, 0.05, 0.05])
    #expect([0.951, 1, 3].map(clamp.probability) == [0.95, 0.95, 0.95])
    #expect(clamp.logOdds(0).isFinite && clamp.logOdds(1).isFinite)
  }

  @Test("Platt's line goes through the logistic function")
  func platt() {
    let platt = Calibrator.platt(slope: 2, offset: -1)
    #expect(platt.logOdds(3) == 5)
    #expect(platt.probability(0.5) == 0.5)
    #expect(agree(platt.probability(3), 1 / (1 + exp(-5.0)), within: 1e-15))
  }

  @Test("The curve meets its knots, is linear between them and constant outside")
  func isotonic() {
    let curve = Calibrator.isotonic(margins: margins, probabilities: shares)
    for place in [0, 3, 4, 5] { #expect(curve.probability(margins[place]) == shares[place]) }
    // Two knots at one margin: the curve jumps there.
    #expect(agree(curve.probability(-1 - 1e-9), 0.1, within: 1e-8))
    #expect(agree(curve.probability(-1 + 1e-9), 0.25, within: 1e-8))
    for (left, right) in zip(margins.indices, margins.indices.dropFirst())
    where margins[left] < margins[right] {
      for share in [0.1, 0.5, 0.83] {
        let x = margins[left] + share * (margins[right] - margins[left])
        let y = shares[left] + share * (shares[right] - shares[left])
        #expect(agree(curve.probability(x), y, within: Tolerance.exact))
      }
    }
    #expect([-3.01, -50, -Double.infinity].allSatisfy { curve.probability($0) == 0.02 })
    #expect([7.01, 50, Double.infinity].allSatisfy { curve.probability($0) == 0.97 })
  }

  @Test("A curve of random knots agrees with a linear search")
  func randomKnots() {
    var generator = SeedTree(seed: 5).child("knots").generator()
    for count in 1...40 {
      let xs = (0..<count).map { _ in generator.nextNormal() }.sorted()
      let ys = (0..<count).map { _ in generator.nextUniform() }.sorted()
      let curve = Calibrator.isotonic(margins: xs, probabilities: ys)
      for _ in 0..<50 {
        let x = 2 * generator.nextNormal()
        let above = xs.firstIndex { $0 > x } ?? count
        let expected =
          above == 0
          ? ys[0]
          : above == count
            ? ys[count - 1]
            : ys[above - 1] + (ys[above] - ys[above - 1]) * (x - xs[above - 1])
              / (xs[above] - xs[above - 1])
        #expect(agree(curve.probability(x), expected, within: Tolerance.exact))
      }
    }
  }

  @Test("A curve whose knots do not hold says nothing rather than crash")
  func brokenCurve() {
    #expect(Calibrator.isotonic(margins: [], probabilities: []).probability(1) == 0.5)
    #expect(Calibrator.isotonic(margins: [1, 2], probabilities: [0.1]).probability(1) == 0.5)
  }

  @Test("JSON brings a calibrator back to the bit", arguments: calibrators)
  func coding(item: CalibratorCase) throws {
    let data = try JSONEncoder().encode(item.calibrator)
    #expect(try JSONDecoder().decode(Calibrator.self, from: data) == item.calibrator)
  }

  @Test("Names are those of cards and reports")
  func names() {
    #expect(
      calibrators.map(\.calibrator.name)
        == ["none", "none", "none", "platt", "platt", "isotonic", "isotonic"])
  }

  @Test("Sigmoid and logit are each other's inverse, and the sigmoid does not overflow")
  func sigmoidAndLogit() {
    for x in [-700, -30, -2, 0, 1e-9, 3, 20.0] {
      #expect(agree(logit(sigmoid(x)), x, within: 1e-6))
      #expect(agree(sigmoid(x) + sigmoid(-x), 1, within: 1e-15))
    }
    #expect(sigmoid(-1e6) == 0 && sigmoid(1e6) == 1)
  }
}
