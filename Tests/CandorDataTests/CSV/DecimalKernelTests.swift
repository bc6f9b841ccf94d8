import CandorData
import CandorNumerics
import Testing

/// The kernel in C, its Swift twin and the two walks on the same columns of numbers.
@Suite struct DecimalKernelTests {
  /// The bits of the first column's numbers, NaN as one; nil where it holds none.
  private static func bits(_ text: String, decimal: String, _ cut: PlainCut?) throws -> [UInt64]? {
    let reading = try CSVReader.read(
      bytes: Array(text.utf8), name: "f.csv",
      options: CSVOptions(delimiter: ";", decimal: decimal), columns: [:], threads: 1, cut: cut)
    return reading.table.columns[0].numbers?.map { $0.isNaN ? 1 : $0.bitPattern }
  }

  private static func expectSame(_ cells: [String], decimal: String = ".", _ name: String) throws {
    let text = "a;b\n" + cells.map { "\($0);x\n" }.joined()
    let expected = try bits(text, decimal: decimal, nil)
    for level in VectorLevel.allCases where level <= .best {
      for block in [nil, 200, 4096] {
        let found = try bits(text, decimal: decimal, PlainCut(block: block, vectors: level))
        #expect(found == expected, "\(name), \(level), block \(block ?? 0)")
      }
    }
  }

  /// A cell of so many digits, `behind` of them behind the sign; none where that is negative.
  private static func cell(
    _ generator: inout CounterGenerator, digits: Int, behind: Int, decimal: String
  ) -> String {
    var text = generator.next() % 4 == 0 ? "-" : ""
    for digit in 0..<digits {
      if digits - digit == behind { text += decimal }
      text += String(generator.nextInteger(below: 10))
    }
    return behind == 0 ? text + decimal : text
  }

  @Test("Numbers of every length and number of decimals, alone and mixed with empty cells")
  func everyForm() throws {
    var generator = SeedTree(seed: 8).child("decimals").generator()
    var all: [String] = []
    for digits in 1...17 {
      for behind in -1...digits {
        for decimal in [".", ","] {
          // No whole number here begins with zero, which would make the column one of names.
          let cells = (0..<40).map { row in
            if row % 11 == 5 { return "" }
            let text = Self.cell(&generator, digits: digits, behind: behind, decimal: decimal)
            return behind < 0 && digits > 1 && (text.first == "0" || text.hasPrefix("-0"))
              ? "7" : text
          }
          if decimal == "." { all += cells }
          try Self.expectSame(cells, decimal: decimal, "\(digits) digits, \(behind) decimals")
        }
      }
    }
    Sampling.shuffle(&all, using: &generator)
    try Self.expectSame(all, "all of them")
  }

  @Test("Cells that are no plain numbers, at each of eight places among plain ones")
  func strangers() throws {
    let strangers = [
      "-", ".", "-.", "+1", "1e3", "0x1", "1 ", " 2", "\"3\"", "--1", "1-", "1.2.3", "007", "-007",
      "00.5", "0", "-0", "-0.0", "0.", ".0", "-.5", "5.", "1:2", "1/2", "12345678901234567",
      "4503599627370496", "4503599627370495", "9999999999999999", "0.000000000000001", "é", "NA",
      "1234567.12345678", "-99999999", "-12345678.5", "1.-5", "-1-5", "12345678-", "1.5-",
    ]
    for stranger in strangers {
      for place in 0..<8 {
        var cells = (0..<24).map { "\($0 % 5).\($0 + 10)" }
        cells[8 + place] = stranger
        try Self.expectSame(cells, stranger.debugDescription)
        cells[20] = stranger
        cells[3] = "123456789.125"
        try Self.expectSame(cells, stranger.debugDescription)
      }
    }
  }
}
