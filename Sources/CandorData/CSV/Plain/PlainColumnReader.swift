/// How the cells of one column are first read.
struct PlainColumnPlan: Sendable {
  /// What the cells become.
  enum Form: Sendable {
    /// Numbers; where they are only supposed, a cell of another kind is no fault of the file.
    case numbers(areSupposed: Bool)
    /// Codes of texts, of which the first are known from the beginning of the file.
    case texts(LevelTable)
  }

  var form: Form
  let rules: CellRules

  /// Where the cells are kept.
  var kind: ColumnStore.Kind {
    if case .numbers = form { .numbers } else { .codes }
  }
}

/// What one task found out about its rows of one column.
struct PlainColumnFindings: Sendable {
  /// Whether a number was there that is not a missing code.
  var hasNumber = false
  /// Whether a cell was there that keeps a supposed column of numbers from being one.
  var isNoNumber = false
  /// The texts by code.
  var levels = LevelTable()
}

/// Reads one task's rows of one column, grid by grid.
struct PlainColumnReader {
  private let plan: PlainColumnPlan
  private let column: Int
  private var known = ShortTextTable()
  private(set) var findings = PlainColumnFindings()

  init(_ plan: PlainColumnPlan, column: Int) {
    self.plan = plan
    self.column = column
    if case .texts(let levels) = plan.form { findings.levels = levels }
  }

  /// Reads the grid's cells into the store from `row` on; false where only `CSVReader`'s two walks
  /// can say what is right.
  mutating func read(_ grid: borrowing CellGrid, into store: ColumnStore, at row: Int) -> Bool {
    let range = row..<row + grid.rows
    switch plan.form {
    case .numbers(let areSupposed):
      if findings.isNoNumber { return true }
      return store.withNumbers(column, range) { span in
        readNumbers(grid, into: &span, areSupposed: areSupposed)
      }
    case .texts:
      return store.withCodes(column, range) { span in readTexts(grid, into: &span) }
    }
  }

  private mutating func readNumbers(
    _ grid: borrowing CellGrid, into numbers: inout MutableSpan<Double>, areSupposed: Bool
  ) -> Bool {
    let rules = plan.rules
    // Separators of thousands need a look at each cell.
    let isPlain = rules.numberFormat.thousands.isEmpty
    let hasCodes = !rules.missing.numbers.isEmpty
    var row = 0
    while row < grid.rows {
      if isPlain {
        let (next, hasNumber) = DecimalKernel.read(
          grid, column: column, from: row, decimal: rules.numberFormat.decimal,
          powers: DecimalKernel.powers.span, into: &numbers)
        if hasCodes {
          dropCodes(grid, row..<next, in: &numbers)
        } else {
          findings.hasNumber = findings.hasNumber || hasNumber
        }
        row = next
        if row == grid.rows { break }
      }
      guard let range = grid.content(row: row, column: column) else { return false }
      let cell = grid.text.span.extracting(range)
      if cell.isEmpty || rules.missing.contains(cell) {
        numbers[row] = .nan
      } else if case .number(let value) = NumberKernel.read(cell, format: rules.numberFormat),
        !areSupposed || !NumberKernel.hasLeadingZero(cell)
      {
        findings.hasNumber = true
        numbers[row] = rules.missing.numbers.contains(value) ? .nan : value
      } else {
        findings.isNoNumber = areSupposed
        return areSupposed
      }
      row += 1
    }
    return true
  }

  /// Makes numbers missing that are missing codes; those written otherwise than the code count as
  /// numbers all the same when the type is concluded.
  private mutating func dropCodes(
    _ grid: borrowing CellGrid, _ rows: Range<Int>, in numbers: inout MutableSpan<Double>
  ) {
    let missing = plan.rules.missing
    for row in rows where !numbers[row].isNaN {
      if missing.numbers.contains(numbers[row]) {
        numbers[row] = .nan
        if findings.hasNumber { continue }
        let cell = grid.range(row: row, column: column)
        findings.hasNumber = !missing.contains(grid.text.span.extracting(cell))
      } else {
        findings.hasNumber = true
      }
    }
  }

  private mutating func readTexts(
    _ grid: borrowing CellGrid, into codes: inout MutableSpan<Int32>
  ) -> Bool {
    var row = 0
    while row < grid.rows {
      row = ShortTextKernel.look(
        grid, column: column, from: row, slots: known.slots.span, shift: known.shift, into: &codes)
      if row == grid.rows { break }
      guard let range = grid.content(row: row, column: column) else { return false }
      let text = grid.text.span
      let cell = text.extracting(range)
      let check = UTF8Kernel.check(cell)
      guard check.fault == nil, check.end == cell.count else { return false }
      let code = plan.rules.missing.contains(cell) ? -1 : findings.levels.insert(cell)
      known.insert(text.extracting(grid.range(row: row, column: column)), code: code)
      codes[row] = code
      row += 1
    }
    return true
  }
}
