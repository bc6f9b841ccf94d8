import CandorData
import CandorExplanation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Clusters of features that say the same")
struct CorrelationClustersTests {
  /// Values of SciPy and NumPy: `Tests/ReferenceData/scipy/make_clusters.py`.
  private struct Reference: Decodable {
    struct Linkage: Decodable {
      let associations: [Double]
      let method: String
      let cut: Double
      let joins: [[Double]]
      let labels: [Int]
    }
    struct Columns: Decodable {
      let numbers: [[Double?]]
      let levels: [[Int]]
      let spearman: [Double]
      let cramer: [Double]
      let ratio: [Double]
    }
    let linkages: [Linkage]
    let columns: Columns
  }

  private func reference() throws -> Reference {
    try ReferenceValues.decode(from: "scipy/clusters.json")
  }

  @Test("Joinings and clusters are SciPy's, for complete and average linkage")
  func linkages() throws {
    for given in try reference().linkages {
      let names = given.labels.indices.map { "x\($0)" }
      let found = try CorrelationClusters(
        names: names, associations: given.associations,
        linkage: try #require(CorrelationClusters.Linkage(rawValue: given.method)),
        cut: given.cut)
      #expect(found.joins.count == given.joins.count)
      for (join, expected) in zip(found.joins, given.joins) {
        #expect(Double(join.first) == min(expected[0], expected[1]))
        #expect(Double(join.second) == max(expected[0], expected[1]))
        #expect(agree(join.distance, expected[2], within: 1e-12))
        #expect(Double(join.size) == expected[3])
      }
      let parts = Dictionary(grouping: names.indices) { given.labels[$0] }.values
      #expect(Set(found.clusters) == Set(parts.map { $0.sorted().map { names[$0] } }))
    }
  }

  @Test("Associations of mixed types are those of the published formulas, missing cells left out")
  func associations() throws {
    let columns = try reference().columns
    // Three numbers, the levels as codes, and again the first levels as 0/1 columns less one.
    let counts = columns.levels.map { ($0.max() ?? 0) + 1 }
    let rows = Fixtures.rows(
      columns.levels[0].indices.map { r in
        columns.numbers.map { $0[r] ?? .nan } + columns.levels.map { Double($0[r]) }
          + (1..<counts[0]).map { columns.levels[0][r] == $0 ? 1 : 0 }
      })
    let sources = (0..<6).map { FeatureMap.Source(name: "x\($0)", columns: $0..<$0 + 1) }
    let map = FeatureMap(
      sources: sources + [.init(name: "x6", columns: 6..<6 + counts[0] - 1)],
      columnNames: (0..<rows.width).map { "c\($0)" },
      levelCounts: [3: counts[0], 4: counts[1], 5: counts[2]])
    let found = try CorrelationClusters(
      rows: rows, featureMap: map, players: Players(featureMap: map), threads: 2)
    var place = 0
    for i in 0..<3 {
      for j in 0..<i {
        #expect(
          agree(
            try #require(found.association("x\(i)", "x\(j)")), columns.spearman[place],
            within: 1e-12))
        #expect(
          agree(
            try #require(found.association("x\(3 + i)", "x\(3 + j)")),
            columns.cramer[place], within: 1e-12))
        place += 1
      }
      for j in 0..<3 {
        #expect(
          agree(
            try #require(found.association("x\(i)", "x\(3 + j)")),
            columns.ratio[3 * i + j], within: 1e-12))
      }
      // The same levels in another coding say the same.
      #expect(
        agree(
          try #require(found.association("x\(i)", "x6")), columns.ratio[3 * i],
          within: 1e-12))
    }
    #expect(agree(try #require(found.association("x3", "x6")), 1, within: 1e-12))
    #expect(found.cluster(of: "x3").contains("x6"))
    #expect(found.cluster(of: "nobody") == ["nobody"])
  }

  @Test("A missing flag beside a number is no number; constants are associated with nothing")
  func encodings() throws {
    var generator = SeedTree(seed: 1).child("flags").generator()
    let numbers = (0..<200).map { _ in generator.nextNormal() }
    // Every third cell was missing and filled with 9.
    let rows = Fixtures.rows(
      numbers.indices.map { [numbers[$0], $0 % 3 == 0 ? 9 : numbers[$0], $0 % 3 == 0 ? 1 : 0, 4] })
    let map = Fixtures.blocks([1, 2, 1])
    let players = try Players(featureMap: map)
    let found = try CorrelationClusters(rows: rows, featureMap: map, players: players)
    #expect(found.association("x0", "x1") == 1)
    #expect(found.association("x0", "x2") == 0)
    #expect(found.joined == [["x0", "x1"]])
    // Of groups the nearest members count.
    let grouped = try Players(
      featureMap: map, groups: [PlayerGroup(name: "g", members: ["x1", "x2"])])
    #expect(
      try CorrelationClusters(rows: rows, featureMap: map, players: grouped)
        .association("x0", "g") == 1)
  }

  @Test("Matrices that are no associations, and cuts out of range, are refused")
  func refusals() throws {
    #expect(throws: ExplanationError.self) {
      try CorrelationClusters(names: ["a", "b"], associations: [1, 0.5, 0.4, 1])
    }
    #expect(throws: ExplanationError.self) {
      try CorrelationClusters(names: ["a", "b"], associations: [1, 2, 2, 1])
    }
    #expect(throws: ExplanationError.self) {
      try CorrelationClusters(names: ["a"], associations: [1], cut: 0)
    }
    let single = try CorrelationClusters(names: ["a"], associations: [1])
    #expect(single.clusters == [["a"]] && single.joins.isEmpty && single.joined.isEmpty)
  }
}
