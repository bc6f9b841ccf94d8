import CandorData
import Testing

@Suite struct TypeInferenceTests {
  private func infer(_ cells: [String], _ declaration: ColumnDeclaration? = nil) throws
    -> ColumnInference
  {
    let text =
      CSVWriter().line(["c", "other"])
      + cells.map { CSVWriter().line([$0.isEmpty ? nil : $0, "x"]) }.joined()
    let columns = declaration.map { ["c": $0] } ?? [:]
    return try read(text, CSVOptions(), columns).inferences[0]
  }

  @Test(
    "Types follow from the cells",
    arguments: [
      (["1", "-2.5", "1e3", ""], ColumnType.numeric), (["0", "1", "1"], .numeric),
      (["yes", "no"], .boolean), (["True", "False", "NA"], .boolean), (["是", "否"], .boolean),
      (["Y", "N"], .boolean), (["yes", "no", "maybe"], .categorical), (["yes"], .categorical),
      (["t", "n"], .categorical), (["2024-01-31", "2023-12-01"], .date),
      (["2024-01", "2024-02"], .date), (["31/01/2024", "01/02/2024"], .date),
      (["01/31/2024", "02/01/2024"], .date), (["01.02.2024"], .date), (["2024/1/5"], .date),
      (["2024-01-31 12:30:00", "2024-02-01T00:00:00Z"], .date),
      (["01/02/2024", "03/04/2024"], .categorical), (["2024-01-31", "2024-02"], .categorical),
      (["20240131"], .numeric), (["007", "012"], .categorical), (["", ""], .numeric),
      (["inf", "1"], .categorical), (["nan"], .categorical), (["1,5"], .categorical),
      (["a", "b"], .categorical),
    ])
  func types(cells: [String], expected: ColumnType) throws {
    #expect(try infer(cells).type == expected)
  }

  @Test("Boolean columns have no first whatever comes first")
  func booleanOrder() throws {
    let reading = try read(
      "a,b\nYes,1\nNo,0\nYes,1\n", CSVOptions(),
      [
        "b": ColumnDeclaration(type: .boolean)
      ])
    #expect(reading.table.column("a")?.codes?.levels.levels == ["No", "Yes"])
    #expect(reading.table.column("a")?.codes?.codes == [1, 0, 1])
    #expect(reading.table.column("b")?.codes?.levels.levels == ["0", "1"])
    #expect(reading.table.column("b")?.codes?.codes == [1, 0, 1])
  }

  @Test("Reasons are sentences that name what stood in the way")
  func reasons() throws {
    let numbers = (1...95).map(String.init)
    let almost = try infer(numbers + ["?", "?", "?", "x"])
    #expect(
      almost.reason
        == "95 of 99 cells are numbers; 4 are not, most often \"?\" (3): if it means missing, "
        + "declare it so")
    #expect(almost.suspectedMissingCode == "?")
    let mixed = try infer(["1", "2", "a", "b"])
    #expect(mixed.reason == "2 of 4 cells are not numbers" && mixed.suspectedMissingCode == nil)
    #expect(try infer(["1,5", "2,25"]).reason.contains("`decimal: \",\"`"))
    #expect(try infer(["1,500", "2,250", "12"]).reason.contains("`thousands: \",\"`"))
    #expect(try infer(["007", "8"]).reason.contains("007"))
    #expect(try infer(["01/02/2024"]).reason.contains("dd/MM/yyyy"))
    #expect(try infer(["1"], ColumnDeclaration(type: .categorical)).reason == "declared")
    #expect(try infer(["2024-03-01"]).dateFormat == .yearMonthDay)
  }

  @Test("Cells and signs that keep numbers from being read are named, and name no rows")
  func nearlyNumeric() throws {
    let numbers = (1...60).map { String($0 * 7) }
    let stray = try infer(numbers + ["abc"])
    #expect(stray.strayCells == ["abc"] && !stray.looksLikeIdentifier)
    let missing = try infer(numbers + Array(repeating: "NULL", count: 30) + ["NaN"])
    #expect(missing.type == .categorical && missing.strayCells == ["NULL", "NaN"])
    let half = try infer(numbers + (1...30).map { "name \($0)" })
    #expect(half.strayCells.isEmpty)
    let comma = try infer((10...60).map { "0,\($0)5" })
    #expect(comma.numberHint?.decimal == "," && comma.numberHint?.thousands == nil)
    #expect(!comma.looksLikeIdentifier)
    let both = try infer((10...60).map { "1.2\($0),5" })
    #expect(both.numberHint?.decimal == "," && both.numberHint?.thousands == ".")
    #expect(try infer(numbers).numberHint == nil)
  }

  @Test("Counts, examples and identifiers")
  func facts() throws {
    let counted = try infer(["b", "a", "", "b", "c", "d", "e", "f"])
    #expect(counted.distinctCount == 6 && counted.missingCount == 1)
    #expect(counted.examples == ["b", "a", "c", "d", "e"])
    let zeros = try infer(["0", "-0", "1.50", "1.5"])
    #expect(zeros.distinctCount == 2 && zeros.examples == ["0", "1.5"])
    let running = (1...40).map(String.init)
    #expect(try infer(running).looksLikeIdentifier)
    #expect(try infer(running.map { "C\($0)" }).looksLikeIdentifier)
    #expect(try infer(running.map { $0 + ".5" }).looksLikeIdentifier == false)
    #expect(try infer(running + ["40"]).looksLikeIdentifier == false)
    #expect(try infer(Array(running.prefix(10))).looksLikeIdentifier == false)
  }

  @Test("Every date format reads its own days and no others")
  func dateFormats() {
    let examples: [(DateFormat, String, String)] = [
      (.yearMonthDay, "2024-02-29", "2023-02-29"), (.yearMonthDaySlashes, "2024/2/9", "2024-2-9"),
      (.timestamp, "2024-02-29 23:59", "2024-02-29 24:00"), (.yearMonth, "2024-02", "2024-13"),
      (.dayMonthYear, "29/02/2024", "02/29/2024"), (.monthDayYear, "02/29/2024", "29/02/2024"),
      (.dayMonthYearDots, "29.2.2024", "29.2.24"), (.compact, "20240229", "20230229"),
    ]
    #expect(examples.count == DateFormat.allCases.count)
    for (format, good, bad) in examples {
      let right = Array(good.utf8)
      let wrong = Array(bad.utf8)
      let day = format.day(right.span)
      #expect(day?.components.year == 2024 && day?.components.month == 2, "\(format)")
      #expect(format.day(wrong.span) == nil, "\(format)")
    }
  }
}
