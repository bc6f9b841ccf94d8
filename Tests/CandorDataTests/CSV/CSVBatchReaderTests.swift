import CandorData
import CandorTestSupport
import Foundation
import Testing

@Suite struct CSVBatchReaderTests {
  private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws
    -> Result
  {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("candor-\(UUID().uuidString).csv")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
  }

  private func all(_ reader: CSVBatchReader, rows: Int) throws -> [Table] {
    var reader = reader
    var tables: [Table] = []
    while let table = try reader.next(maximumRows: rows) { tables.append(table) }
    return tables
  }

  @Test(
    "Batches together are what the whole reader reads", arguments: [1, 7, 997, 30_000, 100_000])
  func agreesWithReader(rows: Int) throws {
    let file = ReferenceValues.examples.appendingPathComponent(
      "taiwan-credit/taiwan-credit.csv.gz"
    ).path
    let whole = try CSVReader.read(file: file)
    let schema = try Schema.inferred(from: whole)
    if rows == 1 {
      var reader = try CSVBatchReader(source: .file(path: file), columns: schema.declarations)
      for row in 0..<100 {
        #expect(try reader.next(maximumRows: 1) == whole.table.selecting(rows: [row]))
      }
      return
    }
    let tables = try all(
      CSVBatchReader(
        source: .file(path: file), columns: schema.declarations, required: whole.table.names),
      rows: rows)
    #expect(tables.map(\.rowCount).reduce(0, +) == 30_000)
    #expect(tables.dropLast().allSatisfy { $0.rowCount == rows })
    #expect(tables.flatMap(\.lines) == whole.table.lines)
    for name in whole.table.names {
      #expect(
        tables.flatMap { $0.column(name)?.numbers ?? [] } == whole.table.column(name)?.numbers)
    }
  }

  @Test("Records, characters and line ends cut by the pieces of input come out whole")
  func pieces() throws {
    // Rows of odd lengths with multi-byte text, CR LF and quoted line ends, above two pieces.
    var text = "\u{FEFF}id,note\r\n"
    var expected: [String] = []
    for i in 0..<30_000 {
      let note = String(repeating: "性é,\r\n\"", count: i % 5) + "x\(i % 11)"
      expected.append(note)
      text += CSVWriter(lineEnding: "\r\n").line([String(i), note])
    }
    let bytes = Array(text.utf8)
    #expect(bytes.count > 700_000)
    let tables = try withFile(bytes) { path in
      try all(
        CSVBatchReader(
          source: .file(path: path), columns: ["id": ColumnDeclaration(type: .numeric)],
          keep: ["note"]), rows: 1000)
    }
    let notes = tables.flatMap { table in
      (0..<table.rowCount).map { table.column("note")?.text($0) ?? "" }
    }
    #expect(notes == expected)
    #expect(tables.flatMap { $0.column("id")?.numbers ?? [] } == (0..<30_000).map(Double.init))
    let whole = try CSVReader.read(bytes: bytes, name: "f.csv").table
    #expect(tables.flatMap(\.lines) == whole.lines)
    let chinese = try withFile(bytes) { path in
      try all(CSVBatchReader(source: .file(path: path), columns: [:], keep: ["note"]), rows: 9999)
    }
    #expect(chinese.map(\.rowCount) == [9999, 9999, 9999, 3])
  }

  @Test("One field longer than a piece is read whole")
  func longField() throws {
    let long = String(repeating: "line\n", count: 200_000)
    let tables = try withFile(Array("a,b\n1,\"\(long)\"\n2,y\n".utf8)) { path in
      try all(
        CSVBatchReader(
          source: .file(path: path), columns: ["a": ColumnDeclaration(type: .numeric)],
          keep: ["b"]), rows: 10)
    }
    #expect(tables.count == 1)
    #expect(tables.first?.column("b")?.text(0) == long)
    #expect(tables.first?.lines == [2, 200_003])
  }

  @Test("Unseen levels get codes behind the declared ones, in any order of columns")
  func unseenLevels() throws {
    let text = "extra,grade,x,old\n9,B,1,yes\n9,Z,,no\n9,A,3,maybe\n"
    let columns = [
      "x": ColumnDeclaration(type: .numeric),
      "grade": ColumnDeclaration(type: .ordinal, levels: ["A", "B"]),
      "old": ColumnDeclaration(type: .boolean, levels: ["no", "yes"]),
      "absent": ColumnDeclaration(type: .numeric),
    ]
    let tables = try withFile(Array(text.utf8)) { path in
      try all(
        CSVBatchReader(source: .file(path: path), columns: columns, required: ["x", "grade"]),
        rows: 2)
    }
    #expect(tables.map(\.names) == [["grade", "x", "old"], ["grade", "x", "old"]])
    #expect(tables[0].column("grade")?.codes?.codes == [1, 2])
    #expect(tables[0].column("grade")?.codes?.levels.levels == ["A", "B", "Z"])
    #expect(tables[1].column("grade")?.codes?.levels.levels == ["A", "B"])
    #expect(tables[1].column("old")?.codes?.codes == [2])
    #expect(tables[0].column("x")?.isMissing(1) == true)
  }

  @Test("Faults keep their line and column")
  func faults() throws {
    let columns = ["x": ColumnDeclaration(type: .numeric)]
    func fault(_ text: String, _ columns: [String: ColumnDeclaration], _ required: [String] = [])
      throws -> DataError?
    {
      try withFile(Array(text.utf8)) { path in
        dataError {
          _ = try all(
            CSVBatchReader(source: .file(path: path), columns: columns, required: required),
            rows: 2)
        }
      }
    }
    let number = try fault("x,y\n1,2\n2,2\n?,2\n", columns)
    #expect(number?.code == .unparsableNumber && number?.line == 4 && number?.column == "x")
    let ragged = try fault("x,y\n1,2\n2\n", columns)
    #expect(ragged?.code == .raggedRow && ragged?.line == 3)
    let quote = try fault("x,y\n1,2\n2,\"a\n3,4\n", columns)
    #expect(quote?.code == .unclosedQuote && quote?.line == 3 && quote?.column == "y")
    let missing = try fault("x,age\n1,2\n", columns, ["agee"])
    #expect(missing?.code == .missingColumn && missing?.message.contains("\"age\"") == true)
    #expect(try fault("x,y\n1,2\n", ["y": ColumnDeclaration()])?.code == .badOption)
    #expect(try fault("", columns)?.code == .emptyFile)
    #expect(try fault("x,y\n", columns) == nil)
    #expect(try fault("x,x\n1,2\n", columns)?.code == .duplicateHeader)
    let bytes = Array("x\n1\n".utf8) + [0xFF]
    let encoding = try withFile(bytes) { path in
      dataError {
        _ = try all(CSVBatchReader(source: .file(path: path), columns: columns), rows: 2)
      }
    }
    #expect(encoding?.code == .badEncoding && encoding?.line == 3)
    #expect(
      dataError { _ = try CSVBatchReader(source: .file(path: "absent.csv"), columns: [:]) }?.code
        == .fileNotFound)
  }
}
