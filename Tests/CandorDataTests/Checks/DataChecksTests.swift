import CandorData
import CandorNumerics
import CandorTestSupport
import Testing

@Suite struct DataChecksTests {
  static let rows = 1000

  /// Clean loans: skewless numbers, fair levels, a mild effect, no twin rows.
  struct Loans {
    var numbers: [String: [Double]] = [:]
    var texts: [String: [String?]] = [:]
    var labels: [Double] = []

    init(seed: UInt64) {
      var generator = SeedTree(seed: seed).generator()
      var income: [Double] = []
      var score: [Double] = []
      var housing: [String?] = []
      for _ in 0..<DataChecksTests.rows {
        let z = generator.nextNormal()
        income.append(3000 + 400 * z + generator.nextUniform())
        score.append(Double(generator.nextInteger(below: 100)))
        housing.append(["rent", "own", "free"][generator.nextInteger(below: 3)])
        labels.append(generator.nextUniform() < (z < 0 ? 0.4 : 0.2) ? 1 : 0)
      }
      numbers = ["income": income, "score": score]
      texts = ["housing": housing]
    }

    func table() throws -> Table {
      try Table(
        columns: numbers.keys.sorted().map { Column(name: $0, numbers: numbers[$0] ?? []) }
          + texts.keys.sorted().map { Column(name: $0, texts: texts[$0] ?? []) })
    }

    func findings(split: Split? = nil, identifiers: [String] = []) throws -> [DataCheckResult] {
      let table = try table()
      return DataChecks.run(
        table: table, features: table.names.filter { !identifiers.contains($0) },
        identifiers: identifiers, labels: labels, split: split)
    }
  }

  static let halves = Split(train: Array(0..<700), test: Array(700..<1000))

  @Test("Clean data raise no alarm, over many seeds")
  func clean() throws {
    for seed in 0..<30 as Range<UInt64> {
      let loans = Loans(seed: seed)
      let findings = try loans.findings(split: Self.halves)
      #expect(findings.isEmpty, "seed \(seed): \(findings)")
    }
  }

  @Test("Missing cells are reported by how many there are")
  func missing() throws {
    for (share, severity) in [
      (0.04, nil), (0.1, DataCheckSeverity.information), (0.3, .warning), (0.7, .serious),
    ] {
      var loans = Loans(seed: 1)
      let count = Int(share * Double(Self.rows))
      for row in 0..<count { loans.numbers["score"]?[row] = .nan }
      let finding = try loans.findings().first { $0.check == .missingCells }
      #expect(finding?.severity == severity)
      if severity != nil {
        #expect(finding?.columns == ["score"] && finding?.count == count)
        #expect(finding?.share == share)
        #expect(finding?.rowExamples == [0, 1, 2, 3, 4])
      }
    }
  }

  @Test("Constant and nearly constant columns are told apart")
  func constants() throws {
    var loans = Loans(seed: 2)
    loans.numbers["flat"] = [Double](repeating: 4, count: Self.rows)
    loans.texts["almost"] = (0..<Self.rows).map { $0 % 150 == 0 ? "other" : "usual" }
    // Varies in the test part alone.
    loans.numbers["late"] = (0..<Self.rows).map { $0 < 700 ? 1 : Double($0) }
    let findings = try loans.findings(split: Self.halves)
    let constant = findings.filter { $0.check == .constantColumn }
    #expect(constant.map(\.columns) == [["flat"], ["late"]])
    #expect(constant.first?.examples == ["4"])
    let nearly = findings.filter { $0.check == .nearlyConstantColumn }
    #expect(nearly.map(\.columns) == [["almost"]])
    #expect(nearly.first?.count == 695)
    #expect(nearly.first?.examples == ["usual"])
  }

  @Test("Names and running numbers among the features are like identifiers, amounts are not")
  func identifiers() throws {
    var loans = Loans(seed: 3)
    loans.texts["customer"] = (0..<Self.rows).map { "C\($0 * 7)" }
    loans.numbers["line"] = (0..<Self.rows).map { Double($0 + 500) }
    loans.numbers["digits"] = (0..<Self.rows).map { Double(($0 * 7919) % 100_003) }
    let findings = try loans.findings()
    let found = findings.filter { $0.check == .identifierLike }
    #expect(found.map(\.columns) == [["digits"], ["line"], ["customer"]])
    #expect(found.map(\.severity) == [.information, .warning, .warning])
    #expect(!findings.contains { $0.check == .rareLevels })
    let asIdentifier = try loans.findings(identifiers: ["customer", "line", "digits"])
    #expect(asIdentifier.isEmpty)
  }

  @Test("An identifier that comes twice is reported")
  func repeatedIdentifier() throws {
    var loans = Loans(seed: 4)
    var names: [String?] = (0..<Self.rows).map { "C\($0)" }
    names[10] = "C3"
    names[11] = nil
    names[12] = nil
    loans.texts["customer"] = names
    let findings = try loans.findings(identifiers: ["customer"])
    #expect(findings.map(\.check) == [.repeatedIdentifier])
    #expect(findings.first?.count == 1)
    #expect(findings.first?.examples == ["C3"])
    #expect(findings.first?.rowExamples == [10])
  }

  @Test("Twin rows are found, and those on both sides of the split besides")
  func duplicates() throws {
    var loans = Loans(seed: 5)
    func copy(_ from: Int, to: Int) {
      for name in loans.numbers.keys {
        let value = loans.numbers[name]?[from] ?? 0
        loans.numbers[name]?[to] = value
      }
      for name in loans.texts.keys {
        let text = loans.texts[name]?[from]
        loans.texts[name]?[to] = text
      }
      loans.labels[to] = loans.labels[from]
    }
    copy(5, to: 6)
    copy(5, to: 900)
    copy(800, to: 801)
    // The same features with another outcome are no twins.
    copy(20, to: 21)
    loans.labels[21] = 1 - loans.labels[20]
    let findings = try loans.findings(split: Self.halves)
    #expect(findings.map(\.check) == [.duplicateRows, .duplicatesAcrossSplit])
    #expect(findings[0].count == 3)
    #expect(findings[0].rowExamples == [6, 801, 900])
    #expect(findings[0].severity == .information)
    #expect(findings[1].count == 1)
    #expect(findings[1].rowExamples == [900])
    for row in 400..<440 { copy(row, to: row + 400) }
    let many = try loans.findings(split: Self.halves)
    #expect(many.map(\.severity) == [.warning, .warning])
    #expect(many[1].count == 41)
  }

  @Test("A column written after the outcome is suspected, in either direction and as a level")
  func leakage() throws {
    var loans = Loans(seed: 6)
    let labels = loans.labels
    var generator = SeedTree(seed: 6).child("noise").generator()
    let noise = labels.map { _ in generator.nextNormal() }
    loans.numbers["late fees"] = zip(labels, noise).map { 5 * $0 + $1 }
    loans.numbers["payments"] = zip(labels, noise).map { -5 * $0 + $1 }
    loans.numbers["closed"] = zip(labels, noise).map { $0 == 1 ? .nan : $1 }
    loans.texts["collector"] = labels.enumerated().map { row, label in
      label == 1 ? ["north", "south"][row % 2] : ["none", "pending"][row % 2]
    }
    let findings = try loans.findings().filter { $0.check == .suspectedLeakage }
    #expect(findings.map(\.columns) == [["closed"], ["late fees"], ["payments"], ["collector"]])
    #expect(findings.allSatisfy { $0.severity == .serious })
    #expect((findings[1].measure ?? 0) > 0.99)
    #expect((findings[2].measure ?? 1) < 0.01)
    // The same column learnt from few bad rows says nothing.
    let few = Split(train: Array((0..<1000).filter { labels[$0] == 0 }.prefix(100)), test: [])
    #expect(
      DataChecks.run(
        table: try loans.table(), features: ["late fees"], labels: labels, split: few
      ).filter { $0.check == .suspectedLeakage }.isEmpty)
  }

  @Test("A fine column of noise is not taken for leakage")
  func fineNoise() throws {
    for seed in 0..<10 as Range<UInt64> {
      for levels in [300, 700, 5000] {
        var loans = Loans(seed: seed)
        var generator = SeedTree(seed: seed).child("postcode").generator()
        loans.texts["postcode"] = loans.labels.map { _ in
          "P\(generator.nextInteger(below: levels))"
        }
        #expect(!(try loans.findings().contains { $0.check == .suspectedLeakage }))
      }
    }
  }

  @Test("The AUC of the leakage check is the share of well-ordered pairs")
  func aucByPairs() throws {
    var generator = SeedTree(seed: 7).generator()
    let labels = (0..<120).map { Double($0 % 3 == 0 ? 1 : 0) }
    let scores = labels.map { 3 * $0 + Double(generator.nextInteger(below: 5)) }
    var pairs = 0.0
    for b in 0..<120 where labels[b] == 1 {
      for g in 0..<120 where labels[g] == 0 {
        pairs += scores[b] > scores[g] ? 1 : scores[b] == scores[g] ? 0.5 : 0
      }
    }
    var limits = DataCheckLimits()
    limits.leakageAUC = 0.6
    let findings = DataChecks.run(
      table: try Table(columns: [Column(name: "x", numbers: scores)]), features: ["x"],
      labels: labels, limits: limits
    ).filter { $0.check == .suspectedLeakage }
    #expect(agree(findings.first?.measure ?? 0, pairs / (40 * 80), within: 1e-12))
  }

  @Test("Rare levels are named, the smallest first")
  func rareLevels() throws {
    var loans = Loans(seed: 8)
    for row in 0..<3 { loans.texts["housing"]?[row] = "boat" }
    for row in 3..<12 { loans.texts["housing"]?[row] = "tent" }
    let findings = try loans.findings()
    #expect(findings.map(\.check) == [.rareLevels])
    #expect(findings.first?.count == 2)
    #expect(findings.first?.examples == ["boat", "tent"])
    #expect(findings.first?.share == 0.012)
  }

  @Test("Numbers beyond the outer fences are outliers, the farthest first")
  func outliers() throws {
    var loans = Loans(seed: 9)
    loans.numbers["income"]?[7] = 1e6
    loans.numbers["income"]?[8] = -2e6
    let findings = try loans.findings()
    #expect(findings.map(\.check) == [.outliers])
    #expect(findings.first?.count == 2)
    #expect(findings.first?.rowExamples == [8, 7])
    #expect(findings.first?.examples == ["-2000000", "1000000"])
    loans.numbers["mostly zero"] = (0..<Self.rows).map { $0 % 10 == 0 ? Double($0) + 0.5 : 0 }
    #expect(try loans.findings().filter { $0.columns == ["mostly zero"] }.isEmpty)
  }

  @Test("Levels that only test rows have are named")
  func unseen() throws {
    var loans = Loans(seed: 10)
    for row in 950..<980 { loans.texts["housing"]?[row] = row % 2 == 0 ? "boat" : "tent" }
    let findings = try loans.findings(split: Self.halves)
    #expect(findings.map(\.check) == [.unseenLevels])
    #expect(findings.first?.count == 30)
    #expect(findings.first?.share == 0.1)
    #expect(findings.first?.examples == ["boat", "tent"])
  }

  @Test("A profile of numbers and of levels is as worked out by hand")
  func profiles() {
    let numbers = Column(name: "x", numbers: [3, 1, .nan, 3, 10, .nan, 99])
    let labels: [Double] = [0, 1, 1, 0, 0, 1, 1]
    let profile = ColumnProfile.make(numbers, rows: [0, 1, 2, 3, 4, 5], labels: labels)
    #expect(profile.rows == 6 && profile.missing == 2 && profile.distinct == 3)
    #expect(profile.mode == "3" && profile.modeShare == 0.5)
    #expect(profile.numbers?.minimum == 1 && profile.numbers?.maximum == 10)
    #expect(profile.numbers?.median == 3 && profile.numbers?.mean == 4.25)
    #expect(agree(profile.numbers?.ninetyNinthPercentile ?? 0, 9.79, within: 1e-12))
    #expect(agree(profile.numbers?.firstPercentile ?? 0, 1.06, within: 1e-12))
    #expect(profile.badRateWhereMissing == 1 && profile.badRateWherePresent == 0.25)
    let texts = Column(name: "f", texts: ["b", "a", "b", nil, "c", "c", "b"])
    let levels = ColumnProfile.make(texts, labels: labels)
    #expect(levels.topLevels.map(\.name) == ["b", "c", "a"])
    #expect(levels.topLevels.map(\.count) == [3, 2, 1])
    #expect(levels.topLevels.map(\.badRate) == [2.0 / 3, 0.5, 1])
    #expect(levels.mode == "b" && levels.modeShare == 0.5 && levels.numbers == nil)
    #expect(levels.missingShare == 1.0 / 7)
    let empty = ColumnProfile.make(numbers, rows: [])
    #expect(empty.mode == nil && empty.missingShare == 0 && empty.badRateWherePresent == nil)
  }

  @Test("Nothing to look at gives no finding")
  func empty() throws {
    let table = try Table(columns: [Column(name: "x", numbers: [])])
    #expect(DataChecks.run(table: table, features: ["x", "absent"], labels: []).isEmpty)
    #expect(DataChecks.run(table: table, features: [], split: Self.halves).isEmpty)
  }
}
