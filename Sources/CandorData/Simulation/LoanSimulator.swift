import CandorNumerics

/// Makes loans with a known true risk.
///
/// A row depends on the seed and its number alone, so that the first thousand rows of a million are
/// the thousand rows of a smaller run, and threads change nothing. The true risk of a row is the
/// same whatever the number of features written: who sees fewer columns can learn less of it. The
/// formulas stand in `Documentation/Simulation.md`.
///
/// ```swift
/// let simulator = try LoanSimulator(SimulationOptions(seed: 7, features: 23))
/// let loans = try simulator.table(rows: 30_000)
/// ```
public struct LoanSimulator: Sendable {
  /// What is made.
  public let options: SimulationOptions
  /// The feature columns in their order, proxies last.
  public let features: [LoanFeature]

  let draws: LoanDraws
  let columns: [SimulatedColumn]

  /// Rows drawn in one piece of work.
  static let blockRows = 4096
  /// The name of the outcome's column.
  public static let target = "default"

  /// Prepares a simulation; throws `DataError` where an option is out of range. O(features).
  public init(_ options: SimulationOptions = SimulationOptions()) throws(DataError) {
    self.options = try options.validated()
    draws = LoanDraws(options)
    let core = LoanCatalogue.core
    features =
      (0..<options.features).map { $0 < core.count ? core[$0] : LoanCatalogue.extra(at: $0) }
      + (options.proxies ? LoanCatalogue.proxies : [])
    columns = SimulatedColumn.all(options, features, draws.layout)
  }

  /// The names of all columns, in the file's order.
  public var columnNames: [String] { columns.map(\.name) }

  /// The row of this number (from zero) with the parts of its true log-odds. O(features).
  public func loan(_ row: Int) -> SimulatedLoan {
    var scratch = draws.scratch()
    draws.draw(row, into: &scratch)
    let core = LoanCatalogue.core.count
    let seen = min(options.features, core)
    let names = Set(features.map(\.name))
    var hidden = LoanCatalogue.unobservedDeviation * scratch.facts.unobserved
    for position in seen..<core { hidden += scratch.parts[position] }
    var interactions: [SimulatedLoan.Interaction] = []
    for (index, interaction) in LoanCatalogue.interactions.enumerated() {
      let value = scratch.parts[core + index]
      if names.isSuperset(of: interaction.features) {
        interactions.append(.init(features: interaction.features, value: value))
      } else {
        hidden += value
      }
    }
    return SimulatedLoan(
      row: row, intercept: LoanCatalogue.intercept,
      terms: features.enumerated().map { position, feature in
        .init(feature: feature.name, value: position < seen ? scratch.parts[position] : 0)
      },
      interactions: interactions, drift: scratch.facts.drift, unobserved: hidden,
      trueLogOdds: scratch.facts.logOdds, recordedLogOdds: scratch.facts.recordedLogOdds,
      isBad: scratch.facts.isBad)
  }

  /// The names and parts of the true log-odds of a row; the same as `loan(row).terms`.
  public func terms(_ row: Int) -> [SimulatedLoan.Term] { loan(row).terms }

  /// The file's first line.
  public func header() -> [UInt8] {
    var output: [UInt8] = []
    CSVWriter().append(columnNames, to: &output)
    return output
  }

  /// The lines of these rows. O(rows · columns).
  public func csv(_ rows: Range<Int>) -> [UInt8] {
    guard !rows.isEmpty else { return [] }
    var texts = LevelTexts()
    let printed = columns.map { column in
      PrintedColumn(
        position: column.position, decimals: column.decimals,
        firstText: column.levels.isEmpty ? -1 : texts.append(column.levels))
    }
    let widest = columns.reduce(0) { width, column in
      width + 1 + (column.levels.map(\.utf8.count).max() ?? FixedDecimal.mostBytes)
    }
    var output = [UInt8](repeating: 0, count: rows.count * widest)
    let end = fill(&output, rows, printed.span, texts)
    output.removeLast(output.count - end)
    return output
  }

  /// Prints rows from the start of `output` on; returns where they end.
  private func fill(
    _ output: inout [UInt8], _ rows: Range<Int>, _ printed: Span<PrintedColumn>,
    _ texts: LevelTexts
  ) -> Int {
    var bytes = output.mutableSpan
    var place = 0
    let pool = texts.pool.span
    let ends = texts.ends.span
    var scratch = draws.scratch()
    for row in rows {
      draws.draw(row, into: &scratch)
      let cells = scratch.cells.span
      for index in printed.indices {
        let column = printed[index]
        let cell = cells[column.position]
        if cell == LoanScratch.blank {
          // A blank cell is empty.
        } else if column.firstText < 0 {
          FixedDecimal.write(cell, decimals: column.decimals, to: &bytes, at: &place)
        } else {
          let text = column.firstText + Int(cell)
          for i in ends[text]..<ends[text + 1] {
            bytes[place] = pool[i]
            place += 1
          }
        }
        bytes[place] = 0x2C
        place += 1
      }
      bytes[place - 1] = 0x0A
    }
    return place
  }

  /// Writes header and rows piece by piece, so that memory does not grow with the rows.
  ///
  /// - Parameters:
  ///   - rows: How many rows.
  ///   - threads: At most so many threads; the bytes do not depend on it.
  ///   - sink: Takes pieces of the file in their order, and how many rows are done with each.
  /// - Throws: `DataError` where `rows` is below 1, and what `sink` throws.
  public func write(
    rows: Int, threads: Int,
    to sink: (_ piece: [UInt8], _ rowsDone: Int) throws -> Void
  ) throws {
    try Self.check(rows: rows)
    try sink(header(), 0)
    let blocks = Parallel.blocks(of: rows, size: Self.blockRows)
    let atOnce = max(threads, 1) * 4
    for first in stride(from: 0, to: blocks.count, by: atOnce) {
      let batch = blocks[first..<min(first + atOnce, blocks.count)]
      let pieces = Parallel.map(count: batch.count, threads: threads) { csv(batch[first + $0]) }
      for (piece, block) in zip(pieces, batch) { try sink(piece, block.upperBound) }
    }
  }
}

/// A column as the printing loop needs it, without references to count.
private struct PrintedColumn {
  let position: Int
  let decimals: Int
  /// The number of the first level's text, -1 where cells are numbers.
  let firstText: Int
}

/// The texts of all levels in one piece.
private struct LevelTexts {
  private(set) var pool: [UInt8] = []
  private(set) var ends = [0]

  /// Adds a column's levels and returns the number of the first.
  mutating func append(_ levels: [String]) -> Int {
    let first = ends.count - 1
    for level in levels {
      pool += Array(level.utf8)
      ends.append(pool.count)
    }
    return first
  }
}
