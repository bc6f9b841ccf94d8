package import CandorData
import CandorNumerics

/// Composes rows that take some players from one row and the rest from another, as one flat batch.
///
/// Rows are appended as copies of a base row and then patched in place, so that one batch of a few
/// thousand rows costs one allocation.
package struct FeatureMask {
  private let columns: [[Int]]
  private let width: Int
  private var storage: [Double] = []
  /// The rows so far.
  package private(set) var count = 0

  /// Starts an empty batch with room for some rows.
  package init(players: Players, capacity: Int) {
    columns = players.columns
    width = players.width
    storage.reserveCapacity(capacity * players.width)
  }

  /// Appends a copy of a row.
  package mutating func append(_ row: ArraySlice<Double>) {
    storage.append(contentsOf: row)
    count += 1
  }

  /// Appends a copy of the row appended last.
  package mutating func appendCopyOfLast() {
    let start = (count - 1) * width
    for c in 0..<width { storage.append(storage[start + c]) }
    count += 1
  }

  /// Gives a player of the row appended last the values that it has in `source`.
  package mutating func set(player: Int, from source: ArraySlice<Double>) {
    let start = (count - 1) * width
    let first = source.startIndex
    for c in columns[player] { storage[start + c] = source[first + c] }
  }

  /// The batch as rows to score.
  package consuming func rows() throws(ExplanationError) -> EncodedRows {
    do throws(LinearAlgebraError) {
      return EncodedRows(try Matrix(rows: count, columns: width, values: storage))
    } catch {
      throw ExplanationError(.numerical, error.description)
    }
  }
}

extension EncodedRows {
  /// One row from its values.
  package init(row: [Double]) {
    self.init(Matrix(rows: 1, columns: row.count) { row[$1] })
  }
}
