import CandorData
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

@Suite struct WeightOfEvidenceTests {
  /// Good and bad rows by level of the 1,000 applicants of the German credit data (Hofmann, 1994,
  /// doi:10.24432/C5NC77), counted once, and the information values of six features.
  static let germanCredit: [(name: String, counts: [(String, Int, Int)], value: Double)] = [
    (
      "checking status",
      [("A11", 139, 135), ("A12", 164, 105), ("A13", 49, 14), ("A14", 348, 46)], 0.6660115034
    ),
    (
      "credit history",
      [("A30", 15, 25), ("A31", 21, 28), ("A32", 361, 169), ("A33", 60, 28), ("A34", 243, 50)],
      0.2932335474
    ),
    (
      "savings",
      [("A61", 386, 217), ("A62", 69, 34), ("A63", 52, 11), ("A64", 42, 6), ("A65", 151, 32)],
      0.1960095569
    ),
    ("foreign worker", [("A201", 667, 296), ("A202", 33, 4)], 0.0438774120),
    ("telephone", [("A191", 409, 187), ("A192", 291, 113)], 0.0063776050),
    (
      "personal status and sex",
      [("A91", 30, 20), ("A92", 201, 109), ("A93", 402, 146), ("A94", 67, 25)], 0.0446706776
    ),
  ]

  static func column(_ counts: [(String, Int, Int)]) -> (column: Column, labels: [Double]) {
    var texts: [String?] = []
    var labels: [Double] = []
    for (level, good, bad) in counts.reversed() {
      texts += [String?](repeating: level, count: good + bad)
      labels += [Double](repeating: 0, count: good) + [Double](repeating: 1, count: bad)
    }
    return (Column(name: "feature", texts: texts), labels)
  }

  @Test("The information values of German credit are the published ones")
  func germanCreditValues() throws {
    for (name, counts, value) in Self.germanCredit {
      let (column, labels) = Self.column(counts)
      let table = try WeightOfEvidence.fit(column, labels: labels)
      #expect(abs(table.informationValue - value) < 1e-9, "\(name)")
      #expect(table.bins.map(\.content) == counts.map { .level($0.0) })
      #expect(table.bins.map { Int($0.good) } == counts.map(\.1))
    }
  }

  @Test("The weight is positive where a bin is better than the whole")
  func sign() throws {
    let (column, labels) = Self.column(Self.germanCredit[0].counts)
    let table = try WeightOfEvidence.fit(column, labels: labels)
    #expect(abs(table.weight(of: "A11") - log((139.0 / 700) / (135.0 / 300))) < 1e-12)
    #expect(table.weight(of: "A11") < 0)
    #expect(table.weight(of: "A14") > 0)
    #expect(table.weight(of: "never seen") == 0)
    #expect(table.weight(of: String?.none) == 0)
  }

  @Test("An empty cell counts a half, and the other bins do not change")
  func emptyCells() throws {
    let (column, labels) = Self.column([("a", 10, 0), ("b", 30, 20), ("c", 0, 5)])
    let table = try WeightOfEvidence.fit(column, labels: labels)
    #expect(abs(table.weight(of: "a") - log((10.0 / 40) / (0.5 / 25))) < 1e-12)
    #expect(abs(table.weight(of: "b") - log((30.0 / 40) / (20.0 / 25))) < 1e-12)
    #expect(abs(table.weight(of: "c") - log((0.5 / 40) / (5.0 / 25))) < 1e-12)
  }

  @Test("Numbers go to quantile bins and missing cells to a bin of their own")
  func numbers() throws {
    var generator = SeedTree(seed: 1).generator()
    let numbers = (0..<2000).map { $0 % 10 == 0 ? Double.nan : generator.nextNormal() }
    let labels = numbers.map { number in
      generator.nextUniform() < (number.isNaN ? 0.5 : number > 0 ? 0.3 : 0.1) ? 1.0 : 0
    }
    let column = Column(name: "x", numbers: numbers)
    let table = try WeightOfEvidence.fit(column, labels: labels, maximumBins: 5)
    #expect(table.bins.count == 6)
    #expect(table.bins.last?.content == .missing)
    #expect(table.bins.dropLast().allSatisfy { abs($0.good + $0.bad - 360) <= 1 })
    // By hand: the bin of a number is the one whose bounds hold it.
    let good = Double(labels.filter { $0 == 0 }.count)
    for bin in table.bins {
      let members = numbers.indices.filter { row in
        switch bin.content {
        case .missing: numbers[row].isNaN
        case .interval(let above, let atMost):
          numbers[row] > above ?? -.infinity && numbers[row] <= atMost ?? .infinity
        case .level: false
        }
      }
      let bads = members.reduce(0) { $0 + labels[$1] }
      let goods = Double(members.count) - bads
      #expect(bin.bad == bads)
      let expected = log((goods / good) / (bads / (2000 - good)))
      for row in members.prefix(3) {
        #expect(abs(table.weight(of: numbers[row]) - expected) < 1e-12)
      }
    }
    #expect(table.weight(of: -1e9) == table.bins[0].weightOfEvidence)
    #expect(table.weight(of: 1e9) == table.bins[4].weightOfEvidence)
  }

  @Test("Whole weights are repeats of rows, and other rows play no part")
  func weightsAndRows() throws {
    let column = Column(name: "f", texts: ["a", "a", "b", "b", "b", "z"])
    let labels: [Double] = [1, 0, 1, 0, 0, 7]
    let weights: [Double] = [1, 3, 2, 1, 2, 9]
    let rows = [0, 1, 2, 3, 4]
    let weighted = try WeightOfEvidence.fit(column, labels: labels, rows: rows, weights: weights)
    let repeats = rows.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    let repeated = try WeightOfEvidence.fit(column, labels: labels, rows: repeats)
    #expect(weighted == repeated)
    #expect(weighted.bins.count == 2)
  }

  @Test("One class alone is refused")
  func oneClass() {
    let error = #expect(throws: DataError.self) {
      try WeightOfEvidence.fit(Column(name: "f", texts: ["a", "b"]), labels: [0, 0])
    }
    #expect(error?.code == .oneClassOnly)
  }
}
