import CandorData
import CandorTestSupport
import Foundation
import Testing

func dataError(_ body: () throws -> Void) -> DataError? {
  do {
    try body()
    return nil
  } catch {
    return error as? DataError
  }
}

@Suite struct CSVErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let code: DataError.Code
    var line: Int?
    var column: String?
    var value: String?
    let says: [String]
    var columns: [String: ColumnDeclaration] = [:]
    var testDescription: String { name }
  }

  private static let numeric = ["b": ColumnDeclaration(type: .numeric)]

  static let cases: [Case] = [
    Case(
      name: "row too short", text: "a,b,c\n1,2,3\n1,2\n", code: .raggedRow, line: 3, column: "c",
      says: ["has 2 fields where the header has 3", "complete the row"]),
    Case(
      name: "row too long", text: "a,b\n1,2\n\"x\ny\",2\n1,5 kg,3\n", code: .raggedRow, line: 5,
      column: "3", value: "3", says: ["has 3 fields where the header has 2", "quote cells"]),
    Case(
      name: "no number", text: "a,b\nx,1\ny,abc\n", code: .unparsableNumber, line: 3, column: "b",
      value: "abc", says: ["not a number", "missing code"], columns: numeric),
    Case(
      name: "undeclared thousands", text: "a;b\nx;\"1,200\"\n", code: .unparsableNumber, line: 2,
      column: "b", value: "1,200", says: ["`thousands: \",\"`"], columns: numeric),
    Case(
      name: "NaN", text: "a,b\nx,NaN\n", code: .notFinite, line: 2, column: "b", value: "NaN",
      says: ["not a finite number", "missing code"], columns: numeric),
    Case(
      name: "infinity", text: "a,b\nx,1\n\nx,-inf\n", code: .notFinite, line: 4, column: "b",
      value: "-inf", says: ["not a finite number"], columns: numeric),
    Case(
      name: "overflow", text: "a,b\nx,1e999\n", code: .notFinite, line: 2, column: "b",
      value: "1e999", says: ["not a finite number"], columns: numeric),
    Case(
      name: "no date", text: "a,b\nx,2024-02-30\n", code: .unparsableDate, line: 2, column: "b",
      value: "2024-02-30", says: ["written as yyyy-MM-dd"],
      columns: ["b": ColumnDeclaration(type: .date, dateFormat: "yyyy-MM-dd")]),
    Case(
      name: "unknown level", text: "a,b\nx,low\ny,hihg\n", code: .unknownLevel, line: 3,
      column: "b", value: "hihg", says: ["declared levels", "did you mean \"high\"?"],
      columns: ["b": ColumnDeclaration(type: .ordinal, levels: ["low", "high"])]),
    Case(
      name: "duplicate header", text: "a,b,a\n1,2,3\n", code: .duplicateHeader, line: 1,
      column: "a", says: ["columns 1 and 3", "rename"]),
    Case(
      name: "empty header", text: "a,,c\n1,2,3\n", code: .emptyHeader, line: 1, column: "2",
      says: ["no name", "remove the column"]),
    Case(name: "empty file", text: "", code: .emptyFile, says: ["file is empty", "header line"]),
    Case(name: "blank file", text: "\n\n", code: .emptyFile, says: ["file is empty"]),
    Case(
      name: "header only", text: "a,b\n\n", code: .emptyFile, line: 1,
      says: ["a header but no rows"]),
    Case(
      name: "unclosed quote", text: "a,b\n1,2\n3,\"x\n4,5\n", code: .unclosedQuote, line: 3,
      column: "b", says: ["begins here and is never closed"]),
    Case(
      name: "text after quote", text: "a,b\n1,\"x\"y\n", code: .unclosedQuote, line: 2, column: "b",
      says: ["follows the closing quote"]),
    Case(
      name: "missing column", text: "age,b\n1,2\n", code: .missingColumn,
      says: ["no column \"aeg\"", "did you mean \"age\"?"], columns: ["aeg": ColumnDeclaration()]),
    Case(
      name: "not boolean", text: "a,b\n1,red\n2,blue\n", code: .wrongType, column: "b",
      says: ["declared boolean", "\"red\", \"blue\""],
      columns: ["b": ColumnDeclaration(type: .boolean)]),
    Case(
      name: "ordinal without levels", text: "a,b\n1,2\n", code: .badOption, column: "b",
      says: ["lowest first"], columns: ["b": ColumnDeclaration(type: .ordinal)]),
    Case(
      name: "zero byte", text: "a,b\n1,\0\n", code: .binaryFile, line: 2, says: ["zero byte"]),
  ]

  @Test("Every fault is one sentence with its place and what to do", arguments: cases)
  func fault(_ example: Case) throws {
    let error = try #require(
      dataError { _ = try read(example.text, CSVOptions(), example.columns) })
    #expect(error.code == example.code)
    #expect(error.line == example.line)
    #expect(error.column == example.column)
    if let value = example.value { #expect(error.value == value) }
    for words in example.says { #expect(error.message.contains(words), "\(error)") }
    #expect(!error.message.contains("\n"))
    if example.code != .badOption { #expect(error.file == "f.csv") }
  }

  @Test("The place comes before the sentence")
  func wording() throws {
    let error = try #require(
      dataError { _ = try read("a,b\nx,1\ny,abc\n", CSVOptions(), Self.numeric) })
    #expect(
      error.description
        == "f.csv:3: column \"b\", value \"abc\": this is not a number; correct it, or declare it "
        + "as a missing code of this column")
  }

  @Test("Bad UTF-8 names the line, the bytes and the other encodings")
  func badEncoding() throws {
    for tail: [UInt8] in [[0xD0, 0xD4, 0x0A], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
      let error = try #require(
        dataError {
          _ = try CSVReader.read(bytes: Array("a\r\nb\r\n".utf8) + tail, name: "f.csv")
        })
      #expect(error.code == .badEncoding)
      #expect(error.line == 3)
      #expect(error.message.contains("gb18030") && error.message.contains("latin1"))
    }
  }

  @Test(
    "Binary files are named",
    arguments: [
      ("PK\u{3}\u{4}...", "Excel"), ("PAR1...", "Parquet"), ("SQLite format 3\0", "SQLite"),
      ("%PDF-1.7", "PDF"),
    ])
  func binary(text: String, kind: String) throws {
    let error = try #require(dataError { _ = try read(text) })
    #expect(error.code == .binaryFile)
    #expect(error.message.contains(kind))
    let wide = try #require(
      dataError { _ = try CSVReader.read(bytes: [0xFF, 0xFE, 0x61, 0], name: "f.csv") })
    #expect(wide.code == .badEncoding && wide.message.contains("UTF-16"))
  }

  @Test("Absent files and directories are told apart")
  func files() throws {
    let absent = try #require(dataError { _ = try CSVReader.read(file: "no/such/file.csv") })
    #expect(absent.code == .fileNotFound && absent.file == "no/such/file.csv")
    let folder = try #require(
      dataError { _ = try CSVReader.read(file: ReferenceValues.examples.path) })
    #expect(folder.code == .fileNotReadable && folder.message.contains("directory"))
  }

  @Test("Options that make no sense are refused")
  func options() {
    for delimiter in ["", ",,", "\"", "\n", "，"] {
      #expect(
        dataError { _ = try read("a\n1\n", CSVOptions(delimiter: delimiter)) }?.code
          == .badOption)
    }
    let columns = [
      ColumnDeclaration(type: .numeric, levels: ["a"]), ColumnDeclaration(levels: ["a", "a"]),
      ColumnDeclaration(type: .boolean, levels: ["a"]), ColumnDeclaration(dateFormat: "yy"),
      ColumnDeclaration(decimal: ";"), ColumnDeclaration(thousands: "x"),
    ]
    for column in columns {
      #expect(dataError { _ = try read("a\n1\n", CSVOptions(), ["a": column]) }?.code == .badOption)
    }
  }
}

@Suite struct GzipTests {
  private func taiwan() throws -> [UInt8] {
    let file = ReferenceValues.examples.appendingPathComponent(
      "taiwan-credit/taiwan-credit.csv.gz")
    return [UInt8](try Data(contentsOf: file))
  }

  @Test("Several members one after another are one text, padding ignored")
  func members() throws {
    let bytes = try taiwan()
    // The second copy's header becomes a row of texts, so that columns are no longer numeric.
    let reading = try CSVReader.read(
      bytes: bytes + bytes + [0, 0, 0], name: "f.csv.gz")
    #expect(reading.table.rowCount == 60_001)
    #expect(reading.table.column("ID")?.text(30_000) == "ID")
    #expect(
      reading.inferences[0].suspectedMissingCode == "ID"
        && reading.inferences[0].reason.contains("60000 of 60001 cells are numbers"))
  }

  @Test("Cut-off, corrupt and trailing data are told apart")
  func faults() throws {
    let bytes = try taiwan()
    let cut = dataError { _ = try CSVReader.read(bytes: Array(bytes.dropLast(1000)), name: "f.gz") }
    #expect(cut?.code == .badCompression && cut?.message.contains("cut off") == true)
    var broken = bytes
    for place in 5000..<5100 { broken[place] ^= 0x55 }
    let corrupt = dataError { _ = try CSVReader.read(bytes: broken, name: "f.gz") }
    #expect(corrupt?.code == .badCompression && corrupt?.message.contains("corrupt") == true)
    let tail = dataError { _ = try CSVReader.read(bytes: bytes + [1, 2, 3], name: "f.gz") }
    #expect(tail?.code == .badCompression && tail?.message.contains("follow") == true)
  }
}
