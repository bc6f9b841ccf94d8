import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite struct PriorCorrectionTests {
  @Test("Log-odds move by King and Zeng's shift, and the mean of a constant is the population's")
  func shift() throws {
    let prior = try PriorCorrection(sampleBadRate: 0.5, populationBadRate: 0.02)
    #expect(agree(prior.shift, log(0.02 / 0.98), within: 1e-14))
    #expect(agree(prior.corrected(probability: 0.5), 0.02, within: 1e-14))
    for p in [0.01, 0.3, 0.9] {
      #expect(agree(logit(prior.corrected(probability: p)), logit(p) + prior.shift, within: 1e-12))
    }
    // Bayes' rule: the weights bring the rows to the population's shares.
    #expect(agree(0.5 * prior.weight(ofLabel: 1), 0.02, within: 1e-14))
    #expect(agree(0.5 * prior.weight(ofLabel: 0), 0.98, within: 1e-14))
    let same = try PriorCorrection(populationBadRate: 0.25, labels: [1, 0, 0], weights: [1, 1, 2])
    #expect(abs(same.shift) < 1e-15)
  }

  @Test("Every calibrator's log-odds are shifted, and its order is kept")
  func calibrators() throws {
    let prior = try PriorCorrection(sampleBadRate: 0.4, populationBadRate: 0.05)
    let straight: [Calibrator] = [.identity, .platt(slope: 2, offset: -0.3)]
    for calibrator in straight {
      for margin in [-3, -0.2, 0, 1.7] {
        #expect(
          agree(
            prior.applied(to: calibrator).logOdds(margin),
            calibrator.logOdds(margin) + prior.shift, within: 1e-13))
      }
    }
    let curved: [Calibrator] = [
      .clamp(floor: 0.01),
      .isotonic(margins: [-1, 0, 0.5, 2], probabilities: [0.05, 0.05, 0.4, 0.9]),
    ]
    for calibrator in curved {
      let corrected = prior.applied(to: calibrator)
      var previous = 0.0
      for step in 0...300 {
        let margin = -1.5 + Double(step) / 75
        let found = corrected.probability(margin)
        let exact = prior.corrected(probability: calibrator.probability(margin))
        #expect(abs(found - exact) < 1e-4)
        #expect(found >= previous)
        previous = found
      }
    }
  }

  @Test(
    "On rows drawn by outcome the corrected fit is the population's in the limit of its weights")
  func againstWeights() throws {
    let (rows, targets) = simulatedRows(count: 4000, width: 1, seed: 31, strength: 0.8)
    let prior = try PriorCorrection(populationBadRate: 0.1, labels: targets)
    let plain = try LogisticLearner().fit(trainingRows(rows, targets), context: context())
    let weighted = try LogisticLearner(
      options: LogisticOptions(
        classWeights: .explicit(good: prior.weight(ofLabel: 0), bad: prior.weight(ofLabel: 1)))
    ).fit(trainingRows(rows, targets), context: context())
    // Both are consistent where the log-odds are straight.
    #expect(agree(plain.model.intercept + prior.shift, weighted.model.intercept, within: 0.1))
    #expect(agree(plain.model.coefficients[0], weighted.model.coefficients[0], within: 0.1))
  }

  @Test("Shares out of range are refused")
  func badRates() {
    for (sample, population) in [(0, 0.1), (1, 0.1), (0.2, 0), (0.2, 1), (0.2, .nan)] {
      #expect(throws: TrainingError.self) {
        try PriorCorrection(sampleBadRate: sample, populationBadRate: population)
      }
    }
  }
}
