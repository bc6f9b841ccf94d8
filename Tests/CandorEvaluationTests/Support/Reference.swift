import CandorEvaluation
import CandorTestSupport

/// The values of `Tests/ReferenceData/evaluation`.
struct Reference: Decodable {
  struct Fit: Decodable {
    let value: [Double]
    let error: [Double]
  }
  struct Logistic: Decodable {
    let free: Fit
    let large: Fit
  }
  struct Bin: Decodable {
    let rows: Int
    let mean: Double
    let observed: Double
    let weight: Double
  }
  struct Case: Decodable {
    let labels: [Double]
    let first: [Double]
    let second: [Double]
    let weights: [Double]?
    let auc: Double
    let rocArea: Double
    let averagePrecision: Double
    let brier: Double
    let logLoss: Double
    let ks: Double
    let ksAt: Double
    let logistic: Logistic
    let table: [Bin]
    let hl: Double
    let hlP: Double
    let ece: Double
    let cutOff: Double
    let accuracy: Double
    let precision: Double
    let recall: Double
    let f1: Double
    let observedOverExpected: Double
    let delongError: Double?
    let delongSecondError: Double?
    let pairedError: Double?
    let pairedZ: Double?
    let pairedP: Double?
    let ksScipy: Double?
    let poisson: [Double]?
    let brierError: Double?
    let lossDifference: [Double]?

    func sample() throws -> ScoredSample {
      try ScoredSample(labels: labels, probabilities: first, weights: weights)
    }
    func other() throws -> ScoredSample {
      try ScoredSample(labels: labels, probabilities: second, weights: weights)
    }
  }

  let unweighted: Case
  let weighted: Case
  let wilson: [[Double]]
  let newcombe: [Double]
  let ratio: [Double]
  let pValues: [Double]
  let holm: [Double]

  var cases: [Case] { [unweighted, weighted] }

  static func load() throws -> Reference {
    try ReferenceValues.decode(from: "evaluation/evaluation.json")
  }
}
