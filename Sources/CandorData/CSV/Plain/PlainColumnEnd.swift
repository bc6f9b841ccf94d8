/// Concludes what a column is from what the tasks found, and finishes it.
struct PlainColumnEnd {
  let plan: ColumnPlan
  let form: PlainColumnPlan.Form
  let cells: Column.Storage
  /// What each task found, in the order of rows.
  let findings: [PlainColumnFindings]
  /// The rows of each task.
  let rows: [Range<Int>]
  let file: String

  /// A finished column.
  struct Finished: Sendable {
    var column: Column
    var inference: ColumnInference
    var notices: [String]
  }

  /// The column; nil where a cell is at fault, so that the two walks have to name it.
  func finish() -> Finished? {
    switch cells {
    case .numbers(let numbers): finish(numbers)
    case .codes(let codes, _): finish(codes)
    }
  }

  private func finish(_ numbers: [Double]) -> Finished? {
    var plan = plan
    if findings.contains(where: \.hasNumber) {
      // One number stands for all: the conclusion from numbers alone is the same.
      plan.countNumber()
    }
    let conclusion = plan.conclude()
    guard conclusion.type == .numeric else { return nil }
    let builder = ColumnBuilder(plan.rules(conclusion), numbers: numbers)
    return finished(builder, conclusion: conclusion)
  }

  private func finish(_ found: [Int32]) -> Finished? {
    guard case .texts(let first) = form else { return nil }
    var codes = found
    let levels = join(&codes, from: first)
    var plan = plan
    if plan.isOpen {
      var counts = [Int](repeating: 0, count: levels.count)
      for code in codes where code >= 0 { counts[Int(code)] += 1 }
      for (code, times) in counts.enumerated() {
        plan.count(levels.bytes(code).span, times: times)
      }
      guard !plan.isOrderBound else { return nil }
    }
    let conclusion = plan.conclude()
    let rules = plan.rules(conclusion)
    switch conclusion.type {
    case .numeric:
      return nil
    case .date:
      var days: [Double] = []
      for code in 0..<levels.count {
        let text = levels.bytes(code)
        if text.isEmpty {
          days.append(.nan)
        } else if let day = rules.dateFormat.day(text.span) {
          days.append(Double(day.daysSinceEpoch))
        } else {
          return nil
        }
      }
      let numbers = codes.map { $0 < 0 ? .nan : days[Int($0)] }
      return finished(ColumnBuilder(rules, numbers: numbers), conclusion: conclusion)
    case .categorical, .boolean, .ordinal:
      var table = LevelTable(levels: rules.levels ?? [])
      let declared = table.count
      var final: [Int32] = []
      for code in 0..<levels.count {
        let place = table.insert(levels.bytes(code).span)
        if rules.areLevelsClosed, Int(place) >= declared { return nil }
        final.append(place)
      }
      Self.renumber(&codes, 0..<codes.count, by: final)
      return finished(
        ColumnBuilder(rules, codes: codes, table: table, declared: declared),
        conclusion: conclusion)
    }
  }

  /// Numbers the texts of all tasks in order of first appearance, as if one had read them all.
  private func join(_ codes: inout [Int32], from first: LevelTable) -> LevelTable {
    var levels = first
    for (findings, rows) in zip(findings, rows) {
      let found = findings.levels
      var final = (0..<first.count).map { Int32($0) }
      for code in first.count..<found.count { final.append(levels.insert(found.bytes(code).span)) }
      Self.renumber(&codes, rows, by: final)
    }
    return levels
  }

  private static func renumber(_ codes: inout [Int32], _ rows: Range<Int>, by final: [Int32]) {
    guard final.indices.contains(where: { $0 != Int(final[$0]) }) else { return }
    for row in rows where codes[row] >= 0 { codes[row] = final[Int(codes[row])] }
  }

  private func finished(
    _ builder: ColumnBuilder, conclusion: ColumnSurvey.Conclusion
  ) -> Finished? {
    let notices = builder.notices
    guard let column = try? BooleanOrder.settle(builder.column(), plan: plan, file: file) else {
      return nil
    }
    return Finished(
      column: column, inference: ColumnSummary.describe(column, conclusion: conclusion),
      notices: notices)
  }
}
