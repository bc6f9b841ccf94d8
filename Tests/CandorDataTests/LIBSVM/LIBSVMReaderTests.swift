import CandorData
import CandorNumerics
import Foundation
import Testing

@Suite struct LIBSVMReaderTests {
  @Test("Labels, elements, comments, blank lines and line ends are read")
  func reading() throws {
    let text = "# a comment\r\n+1 1:0.5 3:-2e1\r\n\n-1 2:1 # and another\n1\n"
    let read = try LIBSVMReader.parse(text, name: "a.txt")
    #expect(read.targets == [1, 0, 1])
    #expect(read.rows.dense.values == [0.5, 0, -20, 0, 1, 0, 0, 0, 0])
    #expect(try LIBSVMReader.parse("0 1:1\n1 2:0\n", name: "a", columns: 5).rows.columns == 5)
    #expect(try LIBSVMReader.parse("1 2:0", name: "a").rows.elementCount == 0)
  }

  @Test("A file is read as its text, and one that is not there is named")
  func files() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("libsvm-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: url) }
    let text = "+1 1:1 2:2\n-1 2:3\n"
    try text.write(to: url, atomically: true, encoding: .utf8)
    #expect(
      try LIBSVMReader.read(file: url.path) == LIBSVMReader.parse(text, name: url.path))
    let error = #expect(throws: DataError.self) {
      try LIBSVMReader.read(file: url.path + ".absent")
    }
    #expect(error?.code == .fileNotFound)
  }

  @Test(
    "A fault is named with its line",
    arguments: [
      ("+1 1:1\n2 1:1", 2), ("+1 0:1", 1), ("+1 2:1 1:1", 1), ("+1 1:1 1:2", 1), ("+1 1", 1),
      ("+1 :1", 1), ("+1 1:", 1), ("+1 1:x", 1), ("+1 1:nan", 1), ("+1 1:inf", 1),
      ("+1 -1:1", 1), ("+1 1.5:1", 1), ("+1 99999999999999999999999:1", 1),
      ("+1 2147483648:1", 1), ("-1 1:1\n0 1:1", 2), ("x 1:1", 1), ("nan 1:1", 1), ("+1 1:1:1", 1),
      ("+1 qid:3 1:1", 1), ("+1 4:1", 1),
    ])
  func faults(text: String, line: Int) {
    let error = #expect(throws: DataError.self) {
      try LIBSVMReader.parse(text, name: "bad.txt", columns: text.hasSuffix("4:1") ? 3 : nil)
    }
    #expect(error?.line == line)
    #expect(error?.file == "bad.txt")
    #expect(error?.message.isEmpty == false)
  }

  @Test("Text without rows is refused, and chance bytes never trap")
  func hostile() throws {
    for text in ["", "\n\n", "# nothing"] {
      #expect(throws: DataError.self) { try LIBSVMReader.parse(text, name: "e") }
    }
    let alphabet = Array("+-10:. \n#e9\tq")
    var generator = SeedTree(seed: 3).generator()
    for _ in 0..<3000 {
      let text = String(
        (0..<generator.nextInteger(below: 30)).map { _ in
          alphabet[generator.nextInteger(below: alphabet.count)]
        })
      if let read = try? LIBSVMReader.parse(text, name: "r") {
        #expect(read.rows.rows == read.targets.count)
      }
    }
  }

  @Test("A sparse matrix refuses parts that do not fit")
  func sparseMatrix() throws {
    #expect(throws: LinearAlgebraError.self) {
      try SparseMatrix(columns: 2, offsets: [], places: [], values: [])
    }
    #expect(throws: LinearAlgebraError.self) {
      try SparseMatrix(columns: 2, offsets: [0, 2], places: [1, 0], values: [1, 1])
    }
    #expect(throws: LinearAlgebraError.self) {
      try SparseMatrix(columns: 2, offsets: [0, 1], places: [2], values: [1])
    }
    #expect(throws: LinearAlgebraError.self) {
      try SparseMatrix(columns: 2, offsets: [0, 2, 1], places: [0], values: [1])
    }
    let dense = Matrix(rows: 3, columns: 4) { r, c in Double((r * c) % 3) }
    let sparse = SparseMatrix(dense)
    #expect(sparse.dense == dense)
    #expect(sparse.selecting(rows: [2, 0]).dense == dense.selecting(rows: [2, 0]))
    #expect(sparse.appendingColumn(repeating: 2).dense.column(4) == [2, 2, 2])
  }
}
