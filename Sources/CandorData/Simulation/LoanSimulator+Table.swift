import CandorNumerics

extension LoanSimulator {
  /// The loans of a run as a table in memory, without going through text.
  ///
  /// Every cell, the order of levels and the types are what `CSVReader` makes of the written file
  /// (it calls a column numeric where every cell is blank, which a run of a few rows can have).
  /// O(rows · columns); peak memory is the table and a few thousand rows.
  ///
  /// - Parameters:
  ///   - rows: How many rows.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The table, the labels and the true log-odds.
  /// - Throws: `DataError` where `rows` is below 1.
  public func table(rows: Int, threads: Int = 1) throws(DataError) -> SimulatedLoans {
    try Self.check(rows: rows)
    var cells = columns.map { _ in [Double]() }
    var codes = columns.map { _ in [Int32]() }
    for position in columns.indices {
      if columns[position].isCoded {
        codes[position].reserveCapacity(rows)
      } else {
        cells[position].reserveCapacity(rows)
      }
    }
    var labels: [Double] = []
    var logOdds: [Double] = []
    let blocks = Parallel.blocks(of: rows, size: Self.blockRows)
    let atOnce = max(threads, 1) * 4
    for first in stride(from: 0, to: blocks.count, by: atOnce) {
      let batch = blocks[first..<min(first + atOnce, blocks.count)]
      for part in Parallel.map(count: batch.count, threads: threads, { part(batch[first + $0]) }) {
        for position in columns.indices {
          if columns[position].isCoded {
            codes[position] += part.codes[position]
          } else {
            cells[position] += part.numbers[position]
          }
        }
        labels += part.labels
        logOdds += part.logOdds
      }
    }
    let finished = columns.indices.map { position in
      columns[position].isCoded
        ? columns[position].column(codes: codes[position])
        : Column(
          name: columns[position].name, numbers: cells[position], type: columns[position].type)
    }
    return SimulatedLoans(
      table: try Table(columns: finished, lines: Array(2..<rows + 2)), labels: labels,
      trueLogOdds: logOdds)
  }

  /// Throws a sentence where a run has no rows.
  static func check(rows: Int) throws(DataError) {
    guard rows >= 1 else {
      throw DataError(.badOption, "rows must be at least 1", value: String(rows))
    }
  }

  /// The cells of some rows by columns; a column has either numbers or codes.
  private struct Part: Sendable {
    var numbers: [[Double]]
    var codes: [[Int32]]
    var labels: [Double] = []
    var logOdds: [Double] = []
  }

  private func part(_ rows: Range<Int>) -> Part {
    var part = Part(numbers: columns.map { _ in [] }, codes: columns.map { _ in [] })
    for (position, column) in columns.enumerated() {
      if column.isCoded {
        part.codes[position].reserveCapacity(rows.count)
      } else {
        part.numbers[position].reserveCapacity(rows.count)
      }
    }
    let units = columns.map { LoanDraws.powerOfTen($0.decimals) }
    let days = SimulatedColumn.firstDays
    var scratch = draws.scratch()
    for row in rows {
      draws.draw(row, into: &scratch)
      for position in columns.indices {
        let cell = scratch.cells[columns[position].position]
        if columns[position].isCoded {
          part.codes[position].append(cell == LoanScratch.blank ? -1 : Int32(cell))
        } else if columns[position].type == .date {
          part.numbers[position].append(days[Int(cell)])
        } else {
          part.numbers[position].append(
            cell == LoanScratch.blank ? .nan : Double(cell) / units[position])
        }
      }
      part.labels.append(scratch.facts.isBad ? 1 : 0)
      part.logOdds.append(scratch.facts.logOdds)
    }
    return part
  }
}

extension SimulatedColumn {
  /// Whether a table holds the cells as codes.
  fileprivate var isCoded: Bool { type == .categorical }

  /// The first day of each month of `period`, in days since 1970-01-01.
  fileprivate static let firstDays: [Double] = (0..<LoanCatalogue.months).map { month in
    let day = CivilDate(year: firstYear + month / 12, month: month % 12 + 1, day: 1)
    return Double(day?.daysSinceEpoch ?? 0)
  }

  /// A categorical column whose levels stand in order of first appearance, as a reader finds them.
  fileprivate func column(codes: [Int32]) -> Column {
    var renumbered = [Int32](repeating: -1, count: levels.count)
    var found: [String] = []
    let finished = codes.map { code -> Int32 in
      guard code >= 0 else { return -1 }
      if renumbered[Int(code)] < 0 {
        renumbered[Int(code)] = Int32(found.count)
        found.append(levels[Int(code)])
      }
      return renumbered[Int(code)]
    }
    return Column(
      name: name, codes: finished, levels: CategoryDictionary(levels: found), type: type)
  }
}
