import CandorData
import CandorNumerics
import Foundation
import Testing

@Suite("Level codes and missing cells kept") struct NativeEncodingTests {
  static func native() -> EncodingOptions {
    var options = EncodingOptions()
    options.scaling = .none
    options.numericImputation = .keepMissing
    options.categorical = .levelCodes
    return options
  }

  /// Equal numbers, and NaN in the same places.
  static func same(_ left: [Double], _ right: [Double]) -> Bool {
    left.map(\.bitPattern) == right.map(\.bitPattern)
  }

  @Test("Codes are places among sorted training levels; missing and unknown cells are NaN")
  func byHand() throws {
    let encoder = try Encoder.fit(
      try EncoderTests.mixed(), features: EncoderTests.features, rows: EncoderTests.training,
      options: Self.native())
    #expect(
      encoder.featureMap.columnNames == ["amount", "housing", "phone=yes", "savings", "opened"])
    #expect(encoder.featureMap.levelCounts == [1: 3])
    let nan = Double.nan
    let expected: [[Double]] = [
      [1, 2, 1, 0, 10], [2, 1, 0, 1, 20], [nan, 1, 1, 3, 30], [4, nan, 1, 0, 40],
      [9, 0, nan, nan, 50], [100, nan, 0, 2, nan],
    ]
    let matrix = try encoder.encode(try EncoderTests.mixed()).matrix
    for (r, row) in expected.enumerated() { #expect(Self.same(Array(matrix.row(r)), row)) }
  }

  @Test("A lone number, level or answer beside missing cells is kept, for its absence tells")
  func lone() throws {
    let table = try Table(columns: [
      Column(name: "n", numbers: [5, .nan, 5]), Column(name: "c", texts: ["a", nil, "a"]),
      Column(
        name: "b", codes: [1, -1, 1], levels: CategoryDictionary(levels: ["no", "yes"]),
        type: .boolean),
      Column(name: "same", numbers: [5, 5, 5]), Column(name: "one", texts: ["a", "a", "a"]),
    ])
    for scaling in [Scaling.none, .standard] {
      var options = Self.native()
      options.scaling = scaling
      let encoder = try Encoder.fit(table, features: table.names, options: options)
      #expect(encoder.featureMap.columnNames == ["n", "c", "b=yes"])
      let matrix = try encoder.encode(table).matrix
      #expect(Self.same(Array(matrix.row(0)), [5, 0, 1]))
      #expect(Self.same(Array(matrix.row(1)), [.nan, .nan, .nan]))
    }
  }

  @Test("Of more levels than codes the heaviest keep theirs, and the others share one")
  func manyLevels() throws {
    var texts: [String?] = []
    for level in 0..<300 { texts += [String?](repeating: "l\(level)", count: 1 + level % 7) }
    texts.append(nil)
    let table = try Table(columns: [Column(name: "branch", texts: texts)])
    let encoder = try Encoder.fit(table, features: ["branch"], options: Self.native())
    #expect(encoder.featureMap.levelCounts == [0: 255])
    let codes = try encoder.encode(table).matrix.values
    var rows: [String: Double] = [:]
    for (text, code) in zip(texts, codes) { if let text { rows[text] = code } }
    #expect(codes.last?.isNaN == true)
    #expect(codes.dropLast().allSatisfy { (0...254).contains($0) })
    // 43 levels have one row; all of them and three of the two-row levels are grouped.
    let rare = rows.filter { $0.value == 254 }.keys
    #expect(rare.count == 46)
    #expect((0..<300).filter { $0 % 7 == 0 }.allSatisfy { rare.contains("l\($0)") })
    #expect(Set(rows.values).count == 255)
    let unseen = try Table(columns: [Column(name: "branch", texts: ["new", nil])])
    #expect(Self.same(try encoder.encode(unseen).matrix.values, [254, .nan]))
    var options = Self.native()
    options.maximumLevels = 299
    #expect(throws: DataError.self) {
      try Encoder.fit(table, features: ["branch"], options: options)
    }
    options.maximumLevels = 300
    options.rareLevelShare = 0.003
    let grouped = try Encoder.fit(table, features: ["branch"], options: options)
    #expect((grouped.featureMap.levelCounts[0] ?? 0) < 255)
  }

  @Test("With missing numbers imputed, a missing level has a code of its own")
  func imputed() throws {
    var options = Self.native()
    options.numericImputation = .median
    let table = try Table(columns: [Column(name: "c", texts: ["b", nil, "a", "a"])])
    let encoder = try Encoder.fit(table, features: ["c"], options: options)
    #expect(encoder.featureMap.levelCounts == [0: 3])
    #expect(try encoder.encode(table).matrix.values == [1, 2, 0, 0])
  }

  @Test("A saved encoder with codes encodes alike, and one that would change codes is refused")
  func saved() throws {
    let table = try EncoderTests.mixed()
    let encoder = try Encoder.fit(
      table, features: EncoderTests.features, rows: EncoderTests.training, options: Self.native())
    let data = try JSONEncoder().encode(encoder)
    let again = try JSONDecoder().decode(Encoder.self, from: data)
    #expect(again == encoder)
    #expect(again.featureMap == encoder.featureMap)
    #expect(
      Self.same(try again.encode(table).matrix.values, try encoder.encode(table).matrix.values))
    let text = String(decoding: data, as: UTF8.self)
    let hostile = text.replacingOccurrences(
      of: #"{"categoryCodes":{"levels":["free","own","rent"]}}"#,
      with: #"{"categoryCodes":{"levels":["free","own","rent"]}},{"impute":{"value":0.5}}"#)
    #expect(hostile != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Encoder.self, from: Data(hostile.utf8))
    }
  }

  @Test("Only columns that rise with their feature can have a direction")
  func rising() throws {
    let table = try EncoderTests.mixed()
    let native = try Encoder.fit(
      table, features: EncoderTests.features, rows: EncoderTests.training, options: Self.native())
    #expect(
      EncoderTests.features.map { native.risingColumn(of: $0) } == [0, nil, 2, 3, 4, nil])
    var woe = EncodingOptions()
    woe.numeric = .weightOfEvidence(maximumBins: 3)
    woe.ordinal = .oneHot(dropReference: false)
    let other = try Encoder.fit(
      table, features: EncoderTests.features, rows: EncoderTests.training,
      targets: [0, 1, 0, 1, 0, 1], options: woe)
    #expect(other.risingColumn(of: "amount") == nil)
    #expect(other.risingColumn(of: "savings") == nil)
    #expect(other.risingColumn(of: "nobody") == nil)
  }

  @Test("Compact and dense rows say the same, for all rows and for some")
  func compact() throws {
    let table = try EncoderTests.mixed()
    for options in [Self.native(), EncodingOptions()] {
      let encoder = try Encoder.fit(
        table, features: EncoderTests.features, rows: EncoderTests.training, options: options)
      let dense = try encoder.encode(table).matrix
      let compact = try encoder.encodeCompact(table)
      #expect(Self.same(compact.matrix.values, dense.values))
      let some = try encoder.encodeCompact(table, rows: [5, 0, 3, 3])
      #expect(Self.same(some.matrix.values, dense.selecting(rows: [5, 0, 3, 3]).values))
    }
  }
}

@Suite("One applicant's row") struct RowEncoderTests {
  static func cells(_ table: Table, _ row: Int) -> [Cell] {
    table.columns.map { column in
      if column.isMissing(row) { return .missing }
      if let numbers = column.numbers { return .number(numbers[row]) }
      return .text(column.text(row) ?? "")
    }
  }

  @Test("A row is that of the table to the bit, whatever the encoding")
  func equalsTable() throws {
    let table = try EncoderTests.mixed().selecting(columns: EncoderTests.features)
    var choices = [EncodingOptions(), NativeEncodingTests.native()]
    var other = EncodingOptions()
    other.categorical = .weightOfEvidence
    other.numeric = .weightOfEvidence(maximumBins: 3)
    other.rareLevelShare = 0.3
    choices.append(other)
    other.categorical = .oneHot(dropReference: true)
    other.ordinal = .oneHot(dropReference: false)
    other.boolean = .asCategorical
    other.categoricalImputation = .mostFrequent
    other.numeric = .values
    other.winsorise = Winsorising(lower: 0.1, upper: 0.9)
    choices.append(other)
    other.categorical = .ordinalCodes
    other.scaling = .robust
    choices.append(other)
    for options in choices {
      let encoder = try Encoder.fit(
        table, features: EncoderTests.features, rows: EncoderTests.training,
        targets: [0, 1, 0, 1, 0, 1], options: options)
      let row = RowEncoder(encoder)
      #expect(row.features == EncoderTests.features)
      #expect(row.width == encoder.featureMap.width)
      let matrix = try encoder.encode(table).matrix
      for r in 0..<table.rowCount {
        #expect(
          NativeEncodingTests.same(try row.encode(Self.cells(table, r)), Array(matrix.row(r))))
      }
    }
  }

  @Test("Too few cells, cells of another kind and infinite numbers are refused")
  func refusals() throws {
    let table = try EncoderTests.mixed()
    let row = RowEncoder(try Encoder.fit(table, features: ["amount", "housing"]))
    #expect(throws: DataError.self) { try row.encode([.number(1)]) }
    #expect(throws: DataError.self) { try row.encode([.text("1"), .text("rent")]) }
    #expect(throws: DataError.self) { try row.encode([.number(1), .number(2)]) }
    #expect(throws: DataError.self) { try row.encode([.number(.infinity), .text("rent")]) }
    #expect(try row.encode([.missing, .missing]).count == row.width)
  }
}

@Suite("Selection") struct SelectionTests {
  @Test("Quantiles by selection are those of the sorted list, to the bit")
  func againstSorting() {
    var generator = SeedTree(seed: 5).generator()
    for count in [1, 2, 3, 64, 65, 100, 5000] {
      for kind in 0..<3 {
        let numbers = (0..<count).map { _ -> Double in
          let u = Double(generator.next() >> 11) * 0x1p-53 - 0.5
          return kind == 0 ? u : kind == 1 ? (u * 8).rounded() : u * 1e300
        }
        let sorted = numbers.map { $0 + 0 }.sorted()
        for share in [0, 0.01, 0.25, 0.5, 0.75, 0.993, 1] {
          let found = Selection.quantile(of: numbers, at: share)
          #expect(found.bitPattern == (Quantiles.sorted(sorted, at: share)).bitPattern)
        }
      }
    }
  }
}
