import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Against Captum on small nets, `Tests/ReferenceData/captum`.
@Suite("Gradients against Captum")
struct CaptumReferenceTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      let activation: String
      let weights: [[Double]]
      let biases: [[Double]]
      let rows: [[Double]]
      let baseline: [Double]
      let values: [Double]
      let integrated: [[Double]]
      let saliency: [[Double]]
      let conductance: [String: [[Double]]]
    }

    let cases: [Case]
  }

  private func net(_ reference: Reference.Case) -> PlainNet {
    PlainNet(
      reference.biases.indices.map { l in
        let columns = reference.weights[l].count / reference.biases[l].count
        return LayerView(
          weights: Matrix(rows: reference.biases[l].count, columns: columns) {
            reference.weights[l][$0 * columns + $1]
          }, biases: reference.biases[l],
          activation: l + 1 < reference.biases.count ? reference.activation : "identity")
      })
  }

  @Test("Integrated gradients, saliency and conductance are Captum's")
  func captum() throws {
    let reference: Reference = try ReferenceValues.decode(from: "captum/captum.json")
    #expect(reference.cases.count == 5)
    for known in reference.cases {
      let width = known.baseline.count
      let map = Fixtures.singles(width)
      let model = try ExplainedModel(
        scorer: net(known), calibrator: .identity, featureMap: map)
      let rows = Fixtures.rows(known.rows)
      let players = try Players(featureMap: map)
      let background = try Background(name: "rows", rows: rows)
      let baseline = try GradientBaseline(name: "baseline", row: known.baseline)
      var strict = FidelityThresholds()
      strict.completenessShare = 1e-10
      strict.completenessSpread = 1e-12
      let integrated = try MethodSelection.integratedGradients(
        for: model, rows: rows, players: players, background: background, baseline: baseline,
        thresholds: strict)
      let saliency = try MethodSelection.saliency(
        for: model, rows: rows, players: players, baseline: baseline, form: .gradient)
      // Captum's nodes are even: at a kink they are off by one node's share.
      let isKinked = known.activation == "relu" || known.activation == "leaky-relu"
      for r in known.rows.indices {
        #expect(agree(integrated[r].explainedValue, known.values[r], within: 1e-10))
        #expect(
          largestDisagreement(Fixtures.values(integrated[r]), known.integrated[r])
            < (isKinked ? 3e-3 : 1e-7), "\(known.activation)")
        #expect(largestDisagreement(Fixtures.values(saliency[r]), known.saliency[r]) < 1e-9)
      }
      for layer in 1...2 {
        let found = try MethodSelection.conductance(
          for: model, rows: rows, layer: layer, background: background, baseline: baseline,
          thresholds: strict)
        let expected = try #require(known.conductance["\(layer)"])
        for r in known.rows.indices {
          #expect(
            largestDisagreement(found[r].units, expected[r]) < 3e-3,
            "\(known.activation), layer \(layer)")
        }
      }
    }
  }
}
