import CandorData
import CandorNumerics
import Testing

@Suite struct CSVWriterTests {
  @Test("Fields are quoted where they must be and nowhere else")
  func quoting() {
    let writer = CSVWriter()
    #expect(
      writer.line(["plain", nil, "a,b", "say \"x\"", "two\nlines", " edge", "", "a;b"])
        == "plain,,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" edge\",\"\",a;b\n")
    #expect(
      CSVWriter(delimiter: ";", lineEnding: "\r\n").line(["a;b", "a,b"]) == "\"a;b\";a,b\r\n")
    #expect(writer.line([nil]) == "\"\"\n")
  }

  @Test("Tables are written with the shortest numbers, ISO dates and empty missing cells")
  func table() throws {
    let table = try Table(columns: [
      Column(name: "n", numbers: [0.1, 2, .nan, 1e-9]),
      Column(name: "d", numbers: [0, .nan, 20_000, 1], type: .date),
      Column(name: "t,x", texts: ["a", nil, "b\"c", "a"]),
    ])
    #expect(
      CSVWriter().text(table)
        == "n,d,\"t,x\"\n0.1,1970-01-01,a\n2,,\n,2024-10-04,\"b\"\"c\"\n1e-09,1970-01-02,a\n")
  }

  @Test("Numbers are written as their plain texts, whatever their form")
  func numbers() throws {
    var generator = SeedTree(seed: 6).child("written").generator()
    var numbers: [Double] = [
      0, -0.0, 1e14, 1e15, -1e15, 0.001, 0.0009, 1e22, .infinity, 0.1 + 0.2, 123_456.789,
      .greatestFiniteMagnitude, .leastNonzeroMagnitude, 99_999_999_999_999.9, 5e-5, -7.125,
    ]
    for _ in 0..<50_000 {
      let whole = Double(generator.nextInteger(below: 1 << (1 + generator.nextInteger(below: 50))))
      let scale = [1, 10, 100, 1000, 1e5, 1e8, 1e9, 3, 7e11][generator.nextInteger(below: 9)]
      numbers.append((generator.next() % 3 == 0 ? -whole : whole) / scale)
    }
    let names = numbers.indices.map { $0 % 3 == 0 ? nil : "level \($0 % 7)" }
    let table = try Table(columns: [
      Column(name: "n", numbers: numbers), Column(name: "t", texts: names),
    ])
    let lines = zip(numbers, names).map { "\(plainText($0)),\($1 ?? "")\n" }
    for threads in [1, 3] {
      var output: [UInt8] = []
      CSVWriter().append(rowsOf: table, to: &output, threads: threads)
      let found = String(decoding: output, as: UTF8.self).split(separator: "\n")
      #expect(found.count == lines.count)
      for (found, expected) in zip(found, lines) where found + "\n" != expected {
        Issue.record("\(found) for \(expected)")
        return
      }
    }
    var output: [UInt8] = []
    CSVWriter(delimiter: ".").append(
      rowsOf: try Table(columns: [Column(name: "n", numbers: [1.5, .nan])]), to: &output)
    #expect(String(decoding: output, as: UTF8.self) == "\"1.5\"\n\"\"\n")
  }
}
