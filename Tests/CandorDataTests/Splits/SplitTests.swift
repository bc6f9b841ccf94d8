import CandorData
import CandorNumerics
import CandorTestSupport
import Testing

@Suite struct SplitTests {
  static func labels(_ count: Int, badRate: Double, seed: UInt64) -> [Double] {
    var generator = SeedTree(seed: seed).child("labels").generator()
    return (0..<count).map { _ in generator.nextUniform() < badRate ? 1 : 0 }
  }

  static func count(_ rows: [Int], of label: Double, in labels: [Double]) -> Int {
    rows.filter { labels[$0] == label }.count
  }

  @Test("A stratified split is a partition whose parts keep the classes within a row")
  func stratifiedSplit() throws {
    for seed in 0..<40 as Range<UInt64> {
      let labels = Self.labels(173 + Int(seed), badRate: 0.25, seed: seed)
      let split = try StratifiedSplit.make(
        labels: labels, testShare: 0.3, seeds: SeedTree(seed: seed))
      #expect(split.isPartition(of: labels.count))
      #expect(split.train == split.train.sorted() && split.test == split.test.sorted())
      #expect(split.test.count == Int((Double(labels.count) * 0.3).rounded()))
      for label in [0.0, 1] {
        let all = Self.count(Array(labels.indices), of: label, in: labels)
        let inTest = Self.count(split.test, of: label, in: labels)
        #expect(abs(Double(inTest) - 0.3 * Double(all)) < 1)
      }
    }
  }

  @Test("Equal seeds give equal splits, other seeds others")
  func seeds() throws {
    let labels = Self.labels(200, badRate: 0.3, seed: 1)
    let first = try StratifiedSplit.make(labels: labels, testShare: 0.3, seeds: SeedTree(seed: 1))
    #expect(
      try StratifiedSplit.make(labels: labels, testShare: 0.3, seeds: SeedTree(seed: 1)) == first)
    #expect(
      try StratifiedSplit.make(labels: labels, testShare: 0.3, seeds: SeedTree(seed: 2)) != first)
  }

  @Test("Every row is drawn for the test part equally often")
  func fairDraw() throws {
    let labels = Self.labels(60, badRate: 0.4, seed: 3)
    var drawn = [Int](repeating: 0, count: 60)
    let draws = 2000
    for seed in 0..<UInt64(draws) {
      let split = try StratifiedSplit.make(
        labels: labels, testShare: 0.25, seeds: SeedTree(seed: seed))
      for row in split.test { drawn[row] += 1 }
    }
    for label in [0.0, 1] {
      let rows = labels.indices.filter { labels[$0] == label }
      let mean = Double(rows.reduce(0) { $0 + drawn[$1] }) / Double(rows.count)
      // Five standard deviations of a binomial count.
      let tolerance = 5 * (mean * (1 - mean / Double(draws))).squareRoot()
      for row in rows { #expect(abs(Double(drawn[row]) - mean) < tolerance) }
    }
  }

  @Test("Stratified folds cover every row once and differ by one row at most, in each class too")
  func stratifiedFolds() throws {
    for seed in 0..<40 as Range<UInt64> {
      let labels = Self.labels(101 + Int(seed), badRate: 0.3, seed: seed)
      let k = 2 + Int(seed % 6)
      let folds = try StratifiedFolds.make(labels: labels, folds: k, seeds: SeedTree(seed: seed))
      #expect(folds.count == k)
      Self.expectPartition(folds, of: labels.count)
      Self.expectBalance(folds.map(\.test.count))
      for label in [0.0, 1] {
        Self.expectBalance(folds.map { Self.count($0.test, of: label, in: labels) })
      }
    }
  }

  static func expectPartition(_ folds: [Split], of count: Int) {
    #expect(folds.allSatisfy { $0.isPartition(of: count) })
    #expect(folds.flatMap(\.test).sorted() == Array(0..<count))
  }

  static func expectBalance(_ sizes: [Int]) {
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test("Repeats are folds of their own")
  func repeatedFolds() throws {
    let labels = Self.labels(100, badRate: 0.3, seed: 5)
    let repeats = try RepeatedFolds.make(
      labels: labels, folds: 5, repeats: 3, seeds: SeedTree(seed: 5))
    #expect(repeats.count == 3)
    for folds in repeats { Self.expectPartition(folds, of: 100) }
    #expect(repeats[0] != repeats[1] && repeats[1] != repeats[2])
  }

  @Test("Plain folds need no labels; given folds follow their integers")
  func plainAndGiven() throws {
    let folds = try PlainFolds.make(count: 23, folds: 4, seeds: SeedTree(seed: 6))
    Self.expectPartition(folds, of: 23)
    Self.expectBalance(folds.map(\.test.count))
    let given = try GivenFolds.make(assignment: [7, 2, 2, 9, 7])
    #expect(given.map(\.test) == [[1, 2], [0, 4], [3]])
    #expect(given[0].train == [0, 3, 4])
  }

  @Test("No group stands on both sides, and sizes and classes stay near their shares")
  func groups() throws {
    for seed in 0..<30 as Range<UInt64> {
      var generator = SeedTree(seed: seed).child("groups").generator()
      let labels = Self.labels(600, badRate: 0.3, seed: seed)
      let groups = Column(
        name: "customer",
        numbers: labels.map { _ in
          generator.nextUniform() < 0.05 ? .nan : Double(generator.nextInteger(below: 150))
        })
      let split = try GroupSplit.make(
        groups: groups, testShare: 0.3, labels: labels, seeds: SeedTree(seed: seed))
      #expect(split.isPartition(of: 600))
      Self.expectNoSharedGroup(split, groups)
      #expect(abs(split.test.count - 180) <= 6)
      let bads = Self.count(Array(labels.indices), of: 1, in: labels)
      #expect(abs(Double(Self.count(split.test, of: 1, in: labels)) - 0.3 * Double(bads)) <= 6)
      let folds = try GroupFolds.make(groups: groups, folds: 5, seeds: SeedTree(seed: seed))
      Self.expectPartition(folds, of: 600)
      for fold in folds {
        Self.expectNoSharedGroup(fold, groups)
        #expect(abs(fold.test.count - 120) <= 3)
      }
    }
  }

  static func expectNoSharedGroup(_ split: Split, _ groups: Column) {
    let train = Set(split.train.compactMap { groups.text($0) })
    #expect(!split.test.contains { row in groups.text(row).map { train.contains($0) } ?? false })
  }

  @Test("A giant group does not leave a part empty")
  func giantGroup() throws {
    let groups = Column(name: "g", texts: [String?](repeating: "big", count: 90) + ["a", "b"])
    let folds = try GroupFolds.make(groups: groups, folds: 3, seeds: SeedTree(seed: 1))
    #expect(folds.allSatisfy { !$0.test.isEmpty })
    let split = try GroupSplit.make(groups: groups, testShare: 0.3, seeds: SeedTree(seed: 1))
    #expect(split.test == [90, 91])
  }

  @Test("A split by time puts the start of the test part and later into the test part")
  func time() throws {
    let days = [19_722.0, 19_723, 19_754, 20_000].map { $0 }  // 2023-12-31, 2024-01-01, …
    let dates = Column(name: "observed", numbers: days, type: .date)
    for from in ["2024", "2024-01", "2024-01-01"] {
      let split = try TimeSplit.make(period: dates, from: from)
      #expect(split == Split(train: [0], test: [1, 2, 3]))
    }
    let years = Column(name: "year", numbers: [2024, 2022, 2023])
    #expect(try TimeSplit.make(period: years, from: "2023") == Split(train: [1], test: [0, 2]))
    let texts = Column(name: "quarter", texts: ["2024-Q2", "2023-Q4", "2024-Q1"])
    #expect(try TimeSplit.make(period: texts, from: "2024-Q1") == Split(train: [1], test: [0, 2]))
    let waves = Column(
      name: "wave", codes: [2, 0, 1],
      levels: CategoryDictionary(levels: ["third last", "second last", "last"]), type: .ordinal)
    #expect(try TimeSplit.make(period: waves, from: "last") == Split(train: [1, 2], test: [0]))
  }

  @Test("What cannot be split is refused by a sentence")
  func refusals() {
    let seeds = SeedTree(seed: 1)
    let dates = Column(name: "d", numbers: [1, .nan], type: .date)
    let years = Column(name: "d", numbers: [2020, 2021])
    let group = Column(name: "g", texts: ["a", "a", "b"])
    let faults: [(DataError.Code, () throws -> Void)] = [
      (
        .tooFewRows, { _ = try StratifiedFolds.make(labels: [0, 0, 0, 1], folds: 2, seeds: seeds) }
      ),
      (.badOption, { _ = try StratifiedFolds.make(labels: [0, 0, 1, 1], folds: 1, seeds: seeds) }),
      (.tooFewRows, { _ = try StratifiedFolds.make(labels: [], folds: 2, seeds: seeds) }),
      (
        .unknownTargetValue,
        { _ = try StratifiedFolds.make(labels: [0, .nan, 1, 1], folds: 2, seeds: seeds) }
      ),
      (
        .tooFewRows,
        { _ = try StratifiedSplit.make(labels: [0, 0, 0, 1], testShare: 0.3, seeds: seeds) }
      ),
      (.badOption, { _ = try StratifiedSplit.make(labels: [0, 1], testShare: 1, seeds: seeds) }),
      (
        .badOption, { _ = try StratifiedSplit.make(labels: [0, 1], testShare: .nan, seeds: seeds) }
      ),
      (.tooFewRows, { _ = try PlainFolds.make(count: 3, folds: 4, seeds: seeds) }),
      (
        .badOption,
        { _ = try RepeatedFolds.make(labels: [0, 1], folds: 2, repeats: 0, seeds: seeds) }
      ),
      (.badOption, { _ = try GivenFolds.make(assignment: [1, 1]) }),
      (.tooFewRows, { _ = try GroupFolds.make(groups: group, folds: 3, seeds: seeds) }),
      (.badOption, { _ = try GroupFolds.make(groups: group, folds: 2, labels: [1], seeds: seeds) }),
      (.badOption, { _ = try TimeSplit.make(period: dates, from: "2024") }),
      (.unparsableNumber, { _ = try TimeSplit.make(period: years, from: "soon") }),
      (.tooFewRows, { _ = try TimeSplit.make(period: years, from: "2030") }),
      (.tooFewRows, { _ = try TimeSplit.make(period: years, from: "2020") }),
    ]
    for (index, (code, action)) in faults.enumerated() {
      let error = #expect(throws: DataError.self, "fault \(index)") { try action() }
      #expect(error?.code == code, "fault \(index): \(error?.description ?? "")")
    }
  }
}
