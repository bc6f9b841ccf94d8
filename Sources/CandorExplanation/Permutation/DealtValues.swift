import CandorData
import CandorNumerics

/// The values of rows whose one feature comes from other rows, each scored once at most.
///
/// Scoring is pure, so that a row with its own value of the feature keeps its value, and where a
/// feature has few different values, a row meets the same one in several orders.
struct DealtValues {
  private let columns: [Int]
  private let model: ExplainedModel
  private let matrix: Matrix
  private let own: [Double]
  /// For each row the number of the feature's value that it has, from zero.
  private let kinds: [Int]
  /// For each row and kind the value, NaN where it is not known yet; empty where kinds are too many
  /// to be met again.
  private var known: [Double]
  private let kindCount: Int

  /// Rows of one batch: enough for any scorer, few enough that large samples are never copied whole.
  private static let batchRows = 8192
  /// The most values that are kept, 32 MB.
  private static let mostKept = 4_000_000

  /// Looks how many different values the columns have together; O(rows · columns).
  init(
    columns: [Int], model: ExplainedModel, rows: EncodedRows, values: [Double], repeats: Int
  ) {
    self.columns = columns
    self.model = model
    matrix = rows.matrix
    own = values
    var numbers: [[UInt64]: Int] = [:]
    var kinds: [Int] = []
    kinds.reserveCapacity(values.count)
    for r in values.indices {
      let row = matrix.row(r)
      let key = columns.map { row[row.startIndex + $0].bitPattern }
      let kind = numbers[key] ?? numbers.count
      if kind == numbers.count { numbers[key] = kind }
      kinds.append(kind)
    }
    self.kinds = kinds
    kindCount = numbers.count
    let isWorthIt =
      numbers.count <= 4 * repeats && numbers.count * values.count <= Self.mostKept
    known = isWorthIt ? [Double](repeating: .nan, count: numbers.count * values.count) : []
  }

  /// The values of all rows, each with the columns of the row that `order` names for it.
  mutating func values(in order: [Int]) throws(ExplanationError) -> [Double] {
    var result = own
    var due: [Int] = []
    for r in order.indices where kinds[order[r]] != kinds[r] {
      if !known.isEmpty {
        let value = known[r * kindCount + kinds[order[r]]]
        if !value.isNaN {
          result[r] = value
          continue
        }
      }
      due.append(r)
    }
    let (matrix, columns) = (matrix, columns)
    for block in Parallel.blocks(of: due.count, size: Self.batchRows) {
      let rows = due[block]
      let width = matrix.columns
      var batch = Matrix(rows: block.count, columns: width)
      batch.withMutableValues { output in
        var start = 0
        for r in rows {
          for c in 0..<width { output[start + c] = matrix[r, c] }
          for c in columns { output[start + c] = matrix[order[r], c] }
          start += width
        }
      }
      let values = try model.values(of: EncodedRows(batch))
      for (r, value) in zip(rows, values) {
        result[r] = value
        if !known.isEmpty { known[r * kindCount + kinds[order[r]]] = value }
      }
    }
    return result
  }
}
