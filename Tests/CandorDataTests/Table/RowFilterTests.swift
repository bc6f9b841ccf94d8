import CandorData
import Testing

@Suite("Conditions on rows")
struct RowFilterTests {
  private func table() throws -> Table {
    try Table(columns: [
      Column(name: "amount", numbers: [100, 5000, .nan, 7000]),
      Column(name: "purpose", texts: ["car (used)", "tv", nil, "tv"]),
      Column(
        name: "grade", codes: [0, 2, -1, 1], levels: CategoryDictionary(levels: ["a", "b", "c"]),
        type: .ordinal),
      Column(
        name: "since",
        numbers: [
          0, 1, 2,
          Double(CivilDate(year: 2024, month: 1, day: 31)?.daysSinceEpoch ?? 0),
        ], type: .date),
    ])
  }

  @Test(
    "Numbers, levels, orders and dates are compared as such, and missing cells fulfil nothing else",
    arguments: [
      ("amount >= 5000", [1, 3]), ("amount<5000", [0]), ("amount != 100", [1, 3]),
      ("amount = 100", [0]), ("amount <= 5000", [0, 1]), ("amount > 5000", [3]),
      ("purpose = tv", [1, 3]), ("purpose != tv", [0]), ("purpose = \"car (used)\"", [0]),
      ("purpose = boat", []), ("grade >= b", [1, 3]), ("grade < b", [0]), ("amount =", [2]),
      ("amount != ", [0, 1, 3]), ("since > 1970-01-02", [2, 3]), ("since = 2024-01-31", [3]),
    ])
  func matches(condition: String, rows: [Int]) throws {
    let found = try RowFilter(condition).matches(table())
    #expect(found.indices.filter { found[$0] } == rows)
  }

  @Test(
    "What does not fit is refused by a sentence",
    arguments: [
      "amount", "= 3", "amount > many", "purpose > tv", "grade > z", "amuont > 3",
      "since > yesterday", "since > 2024-02-31", "amount > ", "amount = nan",
    ])
  func refused(condition: String) throws {
    let table = try table()
    #expect(throws: DataError.self) { try RowFilter(condition).matches(table) }
  }
}
