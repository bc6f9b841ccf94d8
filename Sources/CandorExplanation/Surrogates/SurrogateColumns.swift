import CandorData
import CandorNumerics

/// The columns on which a linear surrogate is fitted.
///
/// A line through level codes would take their order for a size, and a missing cell has no place on
/// a line. A column of level codes therefore becomes one 0/1 column a level, and a column of numbers
/// with missing cells is filled with the reference's mean and gets a 0/1 column that says where they
/// were. Everything else stays as it is, so that rows without either are not touched.
struct SurrogateColumns: Sendable {
  /// What a column of the fit holds.
  enum Content: Sendable, Equatable {
    /// The numbers, `filler` where missing.
    case number(filler: Double)
    /// 1 where the level code is this one.
    case level(Int)
    /// 1 where the cell is missing.
    case missing
  }

  /// The encoded column and the content of each column of the fit.
  let columns: [(source: Int, content: Content)]
  private let encodedWidth: Int
  private let isPlain: Bool

  /// Looks which columns are due.
  ///
  /// - Parameters:
  ///   - levelCounts: The encoded columns of level codes with their numbers of levels.
  ///   - reference: The rows whose mean stands for a missing number, 0 where it has none.
  ///   - others: Further rows in which cells may be missing.
  init(levelCounts: [Int: Int], reference: Background, others: [EncodedRows] = []) {
    let matrix = reference.rows.matrix
    let more = others.map(\.matrix)
    encodedWidth = matrix.columns
    var columns: [(source: Int, content: Content)] = []
    for c in 0..<matrix.columns {
      let own = matrix.column(c)
      let hasMissing =
        own.contains(where: \.isNaN) || more.contains { $0.column(c).contains(where: \.isNaN) }
      if let count = levelCounts[c] {
        columns += (0..<count).map { (c, .level($0)) }
      } else {
        let present = own.indices.filter { !own[$0].isNaN }
        let mean = Moments.mean(
          present.map { own[$0] },
          weights: reference.weights.map { weights in present.map { weights[$0] } })
        columns.append((c, .number(filler: mean.isNaN ? 0 : mean)))
      }
      if hasMissing { columns.append((c, .missing)) }
    }
    self.columns = columns
    isPlain = levelCounts.isEmpty && columns.count == matrix.columns
  }

  /// The number of columns of the fit.
  var width: Int { columns.count }

  /// Encoded rows as the fit sees them.
  func expanded(_ rows: EncodedRows) -> EncodedRows {
    if isPlain { return rows.dense }
    let matrix = rows.matrix
    return EncodedRows(
      Matrix(rows: rows.count, columns: width) { r, c in
        let x = matrix[r, columns[c].source]
        switch columns[c].content {
        case .number(let filler): return x.isNaN ? filler : x
        case .level(let code): return x == Double(code) ? 1 : 0
        case .missing: return x.isNaN ? 1 : 0
        }
      })
  }

  /// The columns of the fit that some encoded columns became.
  func positions(of encoded: [Int]) -> [Int] {
    let wanted = Set(encoded)
    return columns.indices.filter { wanted.contains(columns[$0].source) }
  }

  /// One number a column of the fit, summed over the columns that an encoded one became.
  func collapsed(_ perColumn: [Double]) -> [Double] {
    if isPlain { return perColumn }
    var sums = [Double](repeating: 0, count: encodedWidth)
    for (c, value) in perColumn.enumerated() { sums[columns[c].source] += value }
    return sums
  }

  /// The names of the fit's columns.
  func names(_ encoded: [String]) -> [String] {
    columns.map { column in
      switch column.content {
      case .number: encoded[column.source]
      case .level(let code): "\(encoded[column.source]) (level \(code + 1))"
      case .missing: "\(encoded[column.source]) (missing)"
      }
    }
  }
}
