import CandorData
import CandorExplanation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Grids of a feature's own values")
struct FeatureGridTests {
  @Test("Every point's encoded columns are those of an applicant with that value")
  func encoded() throws {
    let table = try EffectFixtures.mixed(120, seed: 1)
    for options in [EncodingOptions(), EffectFixtures.native] {
      let sample = try EffectFixtures.sample(table, options: options)
      let rows = sample.background.rows.matrix
      var whole = EffectOptions()
      whole.points = 1000
      for feature in table.names {
        let grid = try FeatureGrid(feature: feature, sample: sample, options: whole)
        #expect(agree(grid.points.map(\.share).reduce(0, +), 1, within: 1e-12))
        // With every value a point, each row's own point holds what the row holds.
        for (row, owner) in grid.owners.enumerated() {
          for (place, column) in grid.columns.enumerated() {
            let (a, b) = (grid.encoded[owner, place], rows[row, column])
            #expect(a == b || (a.isNaN && b.isNaN))
          }
        }
      }
    }
  }

  @Test(
    "Numbers are quantiles that occur, smallest and largest among them; the missing cell is last")
  func numbers() throws {
    let table = try EffectFixtures.mixed(400, seed: 2)
    let sample = try EffectFixtures.sample(table)
    let own = try #require(table.column("b")?.numbers)
    var options = EffectOptions()
    options.points = 11
    let grid = try FeatureGrid(feature: "b", sample: sample, options: options)
    let values = grid.points.compactMap(\.number)
    #expect(values.count == 11)
    #expect(values.first == own.min() && values.last == own.max())
    #expect(values == values.sorted() && Set(values).isSubset(of: own))
    for point in grid.points.dropFirst().dropLast() { #expect((0.05...0.15).contains(point.share)) }
    let missing = try FeatureGrid(feature: "a", sample: sample, options: options)
    #expect(missing.points.last?.isMissing == true)
    let share = Double(table.column("a")?.numbers?.count { $0.isNaN } ?? 0) / 400
    #expect(agree(missing.points.last?.share ?? 0, share, within: 1e-12))
    options.spacing = .equalWidths
    let even = try FeatureGrid(feature: "b", sample: sample, options: options)
      .points.compactMap(\.number)
    #expect(even.count == 11 && even.first == own.min() && even.last == own.max())
    let steps = zip(even, even.dropFirst()).map { $1 - $0 }
    #expect(largestDisagreement(steps, steps.map { _ in steps[0] }) < 1e-12)
  }

  @Test("Levels keep their declared order; those that encoding cannot tell apart are one point")
  func levels() throws {
    let table = try EffectFixtures.mixed(400, seed: 3)
    let sample = try EffectFixtures.sample(table)
    let grade = try FeatureGrid(feature: "grade", sample: sample)
    #expect(grade.kind == .orderedLevels && grade.points.map(\.label) == ["D", "C", "B", "A"])
    let flag = try FeatureGrid(feature: "flag", sample: sample)
    #expect(flag.kind == .orderedLevels)
    #expect(Set(flag.points.map(\.label)) == ["no", "yes"])
    let texts = (0..<400).map { $0 < 390 ? ["b", "a"][$0 % 2] : ["x", "y", "z"][$0 % 3] }
    var options = EncodingOptions()
    options.rareLevelShare = 0.02
    let rare = try EffectFixtures.sample(
      Table(columns: [Column(name: "n", texts: texts)]), options: options)
    let grid = try FeatureGrid(feature: "n", sample: rare)
    #expect(grid.points.map(\.label) == ["a", "b", "x, y, z"])
    #expect(agree(grid.points[2].share, 10.0 / 400, within: 1e-12))
  }

  @Test("Cells of one feature are encoded as in a whole row, and foreign kinds are refused")
  func oneFeature() throws {
    let table = try EffectFixtures.mixed(60, seed: 4)
    let encoder = try Encoder.fit(table, features: table.names)
    let rows = try encoder.encode(table).matrix
    for source in encoder.featureMap.sources {
      let block = try encoder.encode(
        feature: source.name, cells: try table.requiredColumn(source.name))
      #expect(block == rows.selecting(columns: Array(source.columns)))
    }
    #expect(throws: DataError.self) {
      try encoder.encode(feature: "b", cells: Column(name: "b", texts: ["1"]))
    }
    #expect(throws: DataError.self) {
      try encoder.encode(feature: "bb", cells: Column(name: "b", numbers: [1]))
    }
  }
}
