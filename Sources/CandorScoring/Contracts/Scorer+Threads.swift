public import CandorData
import CandorNumerics

extension Scorer {
  /// One margin a row, in order, on several threads: equal bits to those of `margins(of:)`.
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: As many margins as rows.
  /// - Throws: `ScoringError` where the width differs or a value is not finite; of several faults the
  ///   one of the first row.
  public func margins(of rows: EncodedRows, threads: Int) throws(ScoringError) -> [Double] {
    // Whole batches of the scorers that work in batches, and enough of them to share out evenly.
    let size = 4096
    guard threads > 1, rows.count > size else { return try margins(of: rows) }
    let ranges = Parallel.blocks(of: rows.count, size: size)
    do throws(ScoringError) {
      let parts = try Parallel.map(count: ranges.count, threads: threads) {
        index throws(ScoringError) -> [Double] in
        try margins(of: rows.rows(in: ranges[index]))
      }
      var joined: [Double] = []
      joined.reserveCapacity(rows.count)
      for part in parts { joined.append(contentsOf: part) }
      return joined
    } catch {
      // Said of the whole, so that the row's number is that of the caller.
      try checkInput(rows, places: rows.count)
      throw error
    }
  }
}
