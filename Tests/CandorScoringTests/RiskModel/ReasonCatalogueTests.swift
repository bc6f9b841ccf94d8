import CandorNumerics
import CandorScoring
import Testing

@Suite("The catalogue of reasons") struct ReasonCatalogueTests {
  private let catalogue = ReasonCatalogue(
    entries: [
      .init(subject: "job", code: "R1", wording: ["en": "Your job"]),
      .init(subject: "money", code: nil, wording: ["en": "Your money"], immutable: true),
      .init(subject: "job", code: "R9", wording: [:]),
    ],
    groups: [
      FeatureGroup(name: "money", members: ["savings", "income", "absent"]),
      FeatureGroup(name: "unused", members: ["nothing", "nowhere"]),
    ])

  @Test("A group stands where its first feature stands, with its members in the features' order")
  func players() {
    #expect(
      catalogue.players(for: ["job", "income", "age", "savings"])
        == [
          FeatureGroup(name: "job", members: ["job"]),
          FeatureGroup(name: "money", members: ["income", "savings"]),
          FeatureGroup(name: "age", members: ["age"]),
        ])
  }

  @Test("A group with one feature of the model keeps its name")
  func partialGroup() {
    #expect(
      catalogue.players(for: ["savings"]) == [FeatureGroup(name: "money", members: ["savings"])])
    #expect(catalogue.players(for: []).isEmpty)
  }

  @Test("Without groups every feature plays for itself")
  func withoutGroups() {
    let features = ["b", "a", "c"]
    #expect(
      ReasonCatalogue().players(for: features)
        == features.map { FeatureGroup(name: $0, members: [$0]) })
  }

  @Test("Every feature stands in one player, once, whatever the groups")
  func everyFeatureOnce() {
    var generator = SeedTree(seed: 8).child("groups").generator()
    for _ in 0..<200 {
      let features = (0..<1 + generator.nextInteger(below: 9)).map { "f\($0)" }
      // Each of twelve names, some of which the model lacks, is in one of three groups or in none.
      let places = (0..<12).map { _ in generator.nextInteger(below: 4) }
      let groups = (0..<3).map { number in
        FeatureGroup(
          name: "g\(number)",
          members: places.indices.reversed().filter { places[$0] == number }.map { "f\($0)" })
      }
      let players = ReasonCatalogue(groups: groups).players(for: features)
      #expect(players.flatMap(\.members).sorted() == features)
      for group in groups {
        let own = features.filter { group.members.contains($0) }
        #expect(players.first { $0.name == group.name }?.members == (own.isEmpty ? nil : own))
      }
      let firsts = players.compactMap { $0.members.first.flatMap(features.firstIndex) }
      #expect(firsts == firsts.sorted() && firsts.count == players.count)
    }
  }

  @Test("The first entry of a subject speaks for it; without wording the subject's name does")
  func wording() {
    #expect(catalogue.entry(for: "job")?.code == "R1")
    #expect(catalogue.entry(for: "age") == nil)
    #expect(catalogue.wording(for: "money", language: "en") == "Your money")
    #expect(catalogue.wording(for: "money", language: "zh-Hans") == "money")
    #expect(catalogue.wording(for: "age", language: "en") == "age")
  }
}
