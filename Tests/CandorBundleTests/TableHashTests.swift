import CandorBundle
import CandorData
import CandorIntegrity
import Testing

@Suite("The hash of a table") struct TableHashTests {
  private func hash(_ columns: Column...) throws -> String {
    TableHash.value(of: try Table(columns: columns)).hex
  }

  @Test("Codes and unused levels do not count, texts do")
  func dictionaries() throws {
    let plain = try hash(Column(name: "a", texts: ["x", "y", nil, "x"]))
    let other = try hash(
      Column(
        name: "a", codes: [2, 0, -1, 2], levels: CategoryDictionary(levels: ["y", "unused", "x"])))
    #expect(plain == other)
  }

  @Test("Every difference in names, types, cells and their order is seen")
  func differences() throws {
    let numbers = Column(name: "n", numbers: [1, 2, .nan])
    let texts = Column(name: "t", texts: ["x", "y", nil])
    let hashes = [
      try hash(numbers, texts), try hash(texts, numbers), try hash(numbers), try hash(texts),
      try hash(Column(name: "n", numbers: [1, 2, 0])),
      try hash(Column(name: "n", numbers: [2, 1, .nan])),
      try hash(Column(name: "n", numbers: [1, 2])),
      try hash(Column(name: "m", numbers: [1, 2, .nan])),
      try hash(Column(name: "n", numbers: [1, 2, .nan], type: .date)),
      try hash(Column(name: "n", numbers: [1, 2.0.nextUp, .nan])),
      try hash(Column(name: "t", texts: ["x", "y", ""])),
      try hash(Column(name: "t", texts: ["xy", "", nil])),
      try hash(Column(name: "t", texts: ["y", "x", nil])),
      try hash(Column(name: "t", texts: ["x", "y", nil], type: .ordinal)),
      try hash(),
    ]
    #expect(Set(hashes).count == hashes.count)
  }

  @Test("Equal tables have equal hashes of 64 digits, wherever their rows came from")
  func equal() throws {
    let column = Column(name: "n", numbers: [1, 2, .nan])
    let here = try Table(columns: [column])
    let there = try Table(columns: [column], lines: [2, 3, 7])
    #expect(TableHash.value(of: here) == TableHash.value(of: there))
    #expect(TableHash.value(of: here).hex.count == 64)
  }

  @Test("The order of the rows does not count in the hash that leaves it out, their cells do")
  func rowOrder() throws {
    let table = try ToyModel.table()
    let turned = table.selecting(rows: (0..<table.rowCount).reversed())
    #expect(TableHash.value(of: turned) != TableHash.value(of: table))
    #expect(TableHash.rowOrderFree(of: turned) == TableHash.rowOrderFree(of: table))
    let others = [
      table.selecting(rows: Array(1..<table.rowCount)),
      table.selecting(rows: [0, 0] + Array(2..<table.rowCount)),
      table.selecting(columns: table.names.reversed()),
      // Every column has the cells that it had, but other rows.
      try Table(
        columns: table.columns.enumerated().map { place, column in
          place == 0 ? column.selecting(rows: (0..<table.rowCount).reversed()) : column
        }),
    ]
    let hashes = ([table] + others).map { TableHash.rowOrderFree(of: $0).hex }
    #expect(Set(hashes).count == hashes.count)
  }
}
