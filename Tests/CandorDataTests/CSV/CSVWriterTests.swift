import CandorData
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
}
