import CandorScoring
import Foundation
import Testing

@Suite("Change rules in a model card")
struct ChangeRulesTests {
  private func card(_ rules: ChangeRules?) -> ModelCard {
    ModelCard(
      study: "s", family: "f", settings: [], target: "y", badValue: "1", trainingRows: 2,
      trainingBads: 1, version: "0", seed: 1, dataHash: "", studyHash: "", measures: [:],
      cutOffRule: "", changeRules: rules)
  }

  @Test("Rules travel with the card")
  func roundTrip() throws {
    let rules = ChangeRules(rules: [
      .init(
        feature: "a", change: .up, step: 1, atLeast: 0, atMost: 9, levels: ["x"], cost: 2,
        carries: ["b": 1], ratio: .init(numerator: "c", denominator: "d"), frozenWith: ["e"])
    ])
    let written = try JSONEncoder().encode(card(rules))
    #expect(try JSONDecoder().decode(ModelCard.self, from: written).changeRules == rules)
  }

  @Test("A card without rules is the same text as before there were any, and reads as without")
  func older() throws {
    let written = try JSONEncoder().encode(card(nil))
    #expect(!String(decoding: written, as: UTF8.self).contains("changeRules"))
    #expect(try JSONDecoder().decode(ModelCard.self, from: written).changeRules == nil)
  }

  @Test("Rules for other features are left out with all that names them")
  func restricted() {
    let rules = ChangeRules(rules: [
      .init(feature: "a", carries: ["b": 1, "c": 1]), .init(feature: "b", change: .fixed),
      .init(feature: "z", change: .up),
    ])
    let few = rules.restricted(to: ["a", "b"])
    #expect(few.rules.map(\.feature) == ["a", "b"])
    #expect(few.rules[0].carries == ["b": 1])
  }
}
