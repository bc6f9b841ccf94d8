import CandorData
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

@Suite struct EncoderTests {
  static let nan = Double.nan

  static func mixed() throws -> Table {
    try Table(columns: [
      Column(name: "amount", numbers: [1, 2, nan, 4, 9, 100]),
      Column(name: "housing", texts: ["rent", "own", "own", nil, "free", "boat"]),
      Column(
        name: "phone", codes: [1, 0, 1, 1, -1, 2],
        levels: CategoryDictionary(levels: ["no", "yes", "maybe"]), type: .boolean),
      Column(
        name: "savings", codes: [0, 1, 3, 0, -1, 2],
        levels: CategoryDictionary(levels: ["none", "low", "middle", "high"]), type: .ordinal),
      Column(name: "opened", numbers: [10, 20, 30, 40, 50, nan], type: .date),
      Column(name: "branch", numbers: [7, 7, 7, 7, 7, 8]),
    ])
  }

  static let features = ["amount", "housing", "phone", "savings", "opened", "branch"]
  static let training = [0, 1, 2, 3, 4]

  static func plain() -> EncodingOptions {
    var options = EncodingOptions()
    options.scaling = .none
    return options
  }

  @Test("Names, blocks and values of a small mixed table are as worked out by hand")
  func byHand() throws {
    let table = try Self.mixed()
    let encoder = try Encoder.fit(
      table, features: Self.features, rows: Self.training, options: Self.plain())
    #expect(
      encoder.featureMap.columnNames == [
        "amount", "amount (missing)", "housing=free", "housing=own", "housing=rent",
        "housing=(missing)", "phone=yes", "phone (missing)", "savings", "savings (missing)",
        "opened",
      ])
    #expect(
      encoder.featureMap.sources.map(\.columns) == [0..<2, 2..<6, 6..<8, 8..<10, 10..<11, 11..<11])
    #expect(encoder.featureMap.sourceNames == Self.features)
    let expected: [[Double]] = [
      [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 10],
      [2, 0, 0, 1, 0, 0, 0, 0, 1, 0, 20],
      [3, 1, 0, 1, 0, 0, 1, 0, 3, 0, 30],
      [4, 0, 0, 0, 0, 1, 1, 0, 0, 0, 40],
      [9, 0, 1, 0, 0, 0, 1, 1, 0.5, 1, 50],
      // An unseen level, an unseen answer, a declared level that training lacks, a missing date.
      [100, 0, 0, 0, 0, 0, 0, 0, 2, 0, 30],
    ]
    let matrix = try encoder.encode(table).matrix
    for (row, values) in expected.enumerated() { #expect(Array(matrix.row(row)) == values) }
    #expect(try encoder.encode(table, rows: [5, 0]).matrix == matrix.selecting(rows: [5, 0]))
    #expect(encoder.steps.map(\.isDropped) == [false, false, false, false, false, true])
  }

  @Test("A dropped reference is the most frequent level and is named")
  func reference() throws {
    var options = Self.plain()
    options.categorical = .oneHot(dropReference: true)
    options.ordinal = .oneHot(dropReference: true)
    options.boolean = .asCategorical
    let encoder = try Encoder.fit(
      try Self.mixed(), features: ["housing", "phone", "savings"], rows: Self.training,
      options: options)
    #expect(encoder.steps.map(\.referenceLevel) == ["own", "yes", "none"])
    #expect(
      encoder.featureMap.columnNames == [
        "housing=free", "housing=rent", "housing=(missing)", "phone=no", "phone=(missing)",
        "savings=low", "savings=high", "savings=(missing)",
      ])
  }

  @Test("Rare levels are grouped, and unseen levels join them")
  func rare() throws {
    let texts: [String?] =
      [String?](repeating: "car", count: 50) + [String?](repeating: "tv", count: 45)
      + ["boat", "boat", "horse", nil, nil]
    let table = try Table(columns: [Column(name: "purpose", texts: texts)])
    var options = EncodingOptions()
    options.rareLevelShare = 0.05
    let encoder = try Encoder.fit(table, features: ["purpose"], options: options)
    #expect(
      encoder.featureMap.columnNames == [
        "purpose=car", "purpose=tv", "purpose=(missing)", "purpose=(rare)",
      ])
    let new = try Table(columns: [Column(name: "purpose", texts: ["zeppelin", "horse", nil, "tv"])])
    let matrix = try encoder.encode(new).matrix
    #expect(
      matrix.values == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0])
    options.categorical = .ordinalCodes
    options.scaling = .none
    let codes = try Encoder.fit(table, features: ["purpose"], options: options)
    #expect(try codes.encode(new).matrix.values == [3, 3, 2, 1])
  }

  @Test("Ordinal codes of an unseen level are those of the most frequent one")
  func unseenCodes() throws {
    var options = Self.plain()
    options.categorical = .ordinalCodes
    options.categoricalImputation = .mostFrequent
    let encoder = try Encoder.fit(
      try Self.mixed(), features: ["housing"], rows: Self.training, options: options)
    #expect(encoder.featureMap.columnNames == ["housing", "housing (missing)"])
    #expect(
      try encoder.encode(try Self.mixed()).matrix.values == [2, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0])
  }

  @Test("Weights of evidence stand for levels and for bins of numbers, unseen ones weigh nothing")
  func weightsOfEvidence() throws {
    let texts: [String?] = ["a", "a", "a", "b", "b", nil, nil, "c"]
    let table = try Table(columns: [
      Column(name: "f", texts: texts),
      Column(name: "x", numbers: [1, 1, 1, 2, 2, Self.nan, Self.nan, 5]),
    ])
    let targets: [Double] = [1, 0, 0, 1, 0, 1, 1, 0]
    let rows = Array(0..<7)
    var options = Self.plain()
    options.categorical = .weightOfEvidence
    options.numeric = .weightOfEvidence(maximumBins: 4)
    let encoder = try Encoder.fit(
      table, features: ["f", "x"], rows: rows, targets: targets, options: options)
    let expected = [log((2.0 / 3) / (1.0 / 4)), log((1.0 / 3) / (1.0 / 4)), log((0.5 / 3) / 0.5)]
    let matrix = try encoder.encode(table).matrix
    #expect(encoder.featureMap.columnNames == ["f", "x"])
    for (row, bin) in [0, 0, 0, 1, 1, 2, 2].enumerated() {
      #expect(abs(matrix[row, 0] - expected[bin]) < 1e-12)
      #expect(abs(matrix[row, 1] - expected[bin]) < 1e-12)
    }
    #expect(matrix[7, 0] == 0)
    let error = #expect(throws: DataError.self) {
      try Encoder.fit(table, features: ["f"], options: options)
    }
    #expect(error?.code == .missingTarget)
  }

  @Test("Winsorised numbers stay between the training quantiles")
  func winsorised() throws {
    var options = Self.plain()
    options.winsorise = Winsorising(lower: 0.1, upper: 0.9)
    let table = try Table(columns: [Column(name: "x", numbers: (0...100).map { Double($0) })])
    let encoder = try Encoder.fit(table, features: ["x"], options: options)
    let new = try Table(columns: [Column(name: "x", numbers: [-5, 10, 50, 91, 1e9, Self.nan])])
    #expect(try encoder.encode(new).matrix.values == [10, 10, 50, 90, 90, 50])
    var override = EncodingOptions.Override()
    override.winsorise = Winsorising(lower: 0, upper: 0.5)
    options.perFeature = ["x": override]
    let other = try Encoder.fit(table, features: ["x"], options: options)
    #expect(try other.encode(new).matrix.values == [0, 10, 50, 50, 50, 50])
  }

  static func random(rows: Int, seed: UInt64, fault: Bool = false) throws -> Table {
    var generator = SeedTree(seed: seed).generator()
    let levels = (0..<12).map { "level \($0)" }
    var numbers: [Double] = []
    var texts: [String?] = []
    var codes: [Int32] = []
    for row in 0..<rows {
      let number = generator.nextUniform() < 0.1 ? nan : generator.nextNormal() * 100
      let text = generator.nextUniform() < 0.1 ? nil : levels[generator.nextInteger(below: 12)]
      let code = Int32(generator.nextInteger(below: 5)) - 1
      // Rows that are not learnt from (the odd ones) may hold anything.
      let isOther = fault && row % 2 == 1
      numbers.append(isOther ? 1e12 : number)
      texts.append(isOther ? "intruder \(row)" : text)
      codes.append(isOther ? -1 : code)
    }
    return try Table(columns: [
      Column(name: "number", numbers: numbers), Column(name: "name", texts: texts),
      Column(
        name: "grade", codes: codes, levels: CategoryDictionary(levels: ["a", "b", "c", "d"]),
        type: .ordinal),
    ])
  }

  static func everyOption() -> [EncodingOptions] {
    var all: [EncodingOptions] = []
    let categoricals: [CategoricalEncoding] = [
      .oneHot(dropReference: true), .oneHot(dropReference: false), .ordinalCodes, .weightOfEvidence,
    ]
    for categorical in categoricals {
      for scaling in [Scaling.none, .standard, .robust, .minMax] {
        for imputation in [CategoricalImputation.mostFrequent, .ownLevel] {
          var options = EncodingOptions()
          options.categorical = categorical
          options.scaling = scaling
          options.categoricalImputation = imputation
          options.rareLevelShare = 0.06
          if scaling == .robust { options.winsorise = Winsorising(lower: 0.05, upper: 0.95) }
          if scaling == .minMax { options.ordinal = .oneHot(dropReference: false) }
          if imputation == .ownLevel { options.numericImputation = .constant(3.25) }
          if categorical == .weightOfEvidence {
            options.numeric = .weightOfEvidence(maximumBins: 6)
          }
          all.append(options)
        }
      }
    }
    return all
  }

  @Test("Rows that are not learnt from change nothing in the fitted encoder")
  func noLeakage() throws {
    let rows = stride(from: 0, to: 400, by: 2).map { $0 }
    let targets = (0..<400).map { Double($0 / 2 % 3 == 0 ? 1 : 0) }
    let clean = try Self.random(rows: 400, seed: 1)
    let other = try Self.random(rows: 400, seed: 1, fault: true)
    for options in Self.everyOption() {
      let features = ["number", "name", "grade"]
      let first = try Encoder.fit(
        clean, features: features, rows: rows, targets: targets, options: options)
      let second = try Encoder.fit(
        other, features: features, rows: rows, targets: targets.map { $0 }, options: options)
      #expect(first == second)
      #expect(try first.encode(clean, rows: rows) == second.encode(other, rows: rows))
      let alone = try Encoder.fit(
        clean.selecting(rows: rows), features: features, targets: rows.map { targets[$0] },
        options: options)
      #expect(alone == first)
    }
  }

  @Test("An encoder read back from JSON encodes to the same bits")
  func roundTrip() throws {
    let table = try Self.random(rows: 500, seed: 2)
    let new = try Self.random(rows: 300, seed: 3, fault: true)
    let targets = (0..<500).map { Double($0 % 4 == 0 ? 1 : 0) }
    for options in Self.everyOption() {
      let encoder = try Encoder.fit(
        table, features: ["grade", "number", "name"], targets: targets, options: options)
      let data = try JSONEncoder().encode(encoder)
      let copy = try JSONDecoder().decode(Encoder.self, from: data)
      #expect(copy == encoder)
      let before = try encoder.encode(new).matrix.values.map(\.bitPattern)
      #expect(try copy.encode(new).matrix.values.map(\.bitPattern) == before)
      #expect(try encoder.encode(new).matrix.values.allSatisfy { $0.isFinite })
    }
  }

  @Test("Whole weights are repeats of rows; rows of weight zero are not learnt from")
  func weights() throws {
    var generator = SeedTree(seed: 4).generator()
    let table = try Self.random(rows: 120, seed: 4)
    let targets = (0..<120).map { Double($0 % 3 == 0 ? 1 : 0) }
    let weights = (0..<120).map { _ in Double(generator.nextInteger(below: 4)) }
    let repeats = (0..<120).flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    for options in Self.everyOption() where options.numeric == .values {
      let features = ["number", "name", "grade"]
      let weighted = try Encoder.fit(
        table, features: features, targets: targets, weights: weights, options: options)
      let repeated = try Encoder.fit(
        table, features: features, rows: repeats, targets: targets, options: options)
      #expect(weighted.featureMap == repeated.featureMap)
      let (a, b) = (try weighted.encode(table), try repeated.encode(table))
      #expect(largestDisagreement(a.matrix.values, b.matrix.values) < Tolerance.exact)
    }
  }

  @Test("Another column order, other columns and another dictionary do not matter")
  func byName() throws {
    let encoder = try Encoder.fit(try Self.mixed(), features: ["housing", "amount"])
    let new = try Table(columns: [
      Column(name: "else", numbers: [1, 2]), Column(name: "amount", numbers: [2, 4]),
      Column(name: "housing", texts: ["free", "rent"]),
    ])
    let same = try Table(columns: [
      Column(name: "housing", texts: ["rent", "free"]), Column(name: "amount", numbers: [4, 2]),
    ])
    #expect(
      try encoder.encode(new).matrix == encoder.encode(same).matrix.selecting(rows: [1, 0]))
  }

  @Test("A constant with gaps keeps its indicator alone; an empty column is dropped")
  func constants() throws {
    let table = try Table(columns: [
      Column(name: "gaps", numbers: [5, Self.nan, 5]),
      Column(name: "empty", numbers: [Self.nan, Self.nan, Self.nan]),
      Column(name: "one", texts: ["a", "a", "a"]),
      Column(name: "none", texts: [nil, nil, nil]),
      Column(name: "yes", texts: ["yes", "yes", "yes"], type: .boolean),
      Column(name: "x", numbers: [1, 2, 3]),
    ])
    let encoder = try Encoder.fit(table, features: table.names, options: Self.plain())
    #expect(encoder.featureMap.columnNames == ["gaps (missing)", "x"])
    #expect(encoder.steps.map(\.isDropped) == [false, true, true, true, true, false])
    #expect(try encoder.encode(table).matrix.values == [0, 1, 1, 2, 0, 3])
  }

  @Test("What new data has and training did not is counted and named")
  func notices() throws {
    let table = try Table(columns: [
      Column(name: "x", numbers: [1, 2, 3]), Column(name: "f", texts: ["a", "b", "a"]),
      Column(name: "gone", numbers: [1, 2, 3]), Column(name: "kind", numbers: [1, 2, 3]),
      Column(name: "day", numbers: [0, 1, 2], type: .date),
    ])
    let encoder = try Encoder.fit(table, features: table.names)
    #expect(encoder.notices(for: table).isEmpty)
    let new = try Table(columns: [
      Column(name: "x", numbers: [0, 2, 9, 9, Self.nan]),
      Column(name: "f", texts: ["c", "a", "d", "c", nil]),
      Column(name: "kind", texts: ["a", "b", nil, nil, nil]),
      Column(name: "day", numbers: [0, 1, 2, 365, 2], type: .date),
    ])
    let notices = encoder.notices(for: new)
    #expect(
      notices.map(\.kind) == [
        .outsideTrainingRange, .unexpectedlyMissing, .unseenLevel, .unexpectedlyMissing,
        .missingColumn, .wrongType, .outsideTrainingRange,
      ])
    #expect(notices.map(\.count) == [3, 1, 3, 1, 0, 2, 1])
    #expect(notices[0].examples == ["0", "9"])
    #expect(notices[0].trainingRange == ["1", "3"])
    #expect(notices[2].examples == ["c", "d"])
    #expect(notices[6].examples == ["1971-01-01"])
  }

  @Test("A column without any value may be of either kind")
  func emptyColumn() throws {
    let encoder = try Encoder.fit(
      try Self.mixed(), features: ["amount", "housing"], rows: Self.training, options: Self.plain())
    let new = try Table(columns: [
      Column(name: "amount", texts: [nil]), Column(name: "housing", numbers: [Self.nan]),
    ])
    #expect(try encoder.encode(new).matrix.values == [3, 1, 0, 0, 0, 1])
  }
}
