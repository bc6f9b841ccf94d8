package import CandorData
package import CandorNumerics

/// The encoded columns of a linear fit, and a constant column after them where one is asked for, in
/// the form in which products with them are cheapest.
///
/// Three forms: numeric columns beside joint levels of 0/1 blocks (compact rows, and dense rows in
/// which such blocks are found), numeric columns alone (dense rows), compressed rows (sparse data).
/// No form copies numbers that another already holds.
///
/// Cost of a weighted Gram matrix, in multiply-adds a row, eight of which count as one where BLAS
/// does them: `W²/16 + g·W/2 + g²` for W numeric columns and g joint groups against `p²/16` for all
/// p columns dense and `z²/2` for z elements a row that are not zero. Dense rows are taken apart
/// where the first is less than the second.
package struct LinearDesign: Sendable {
  /// A numeric column as it lies in storage, and the centre and scale that products see.
  struct Column: Sendable {
    let place: Int
    let values: [Double]
    let offset: Int
    var centre = 0.0
    var scale = 1.0
  }

  /// The number of rows.
  let count: Int
  /// The number of encoded columns.
  let encodedWidth: Int
  /// The value of the constant column, the last one; nil where there is none.
  let constant: Double?
  /// The numeric columns.
  var columns: [Column]
  /// The distance of a column's elements in storage.
  let stride: Int
  /// The joint levels.
  let groups: [LevelGroup]
  /// The compressed rows; then there are neither columns nor groups.
  let sparse: SparseMatrix?

  /// The number of joint groups of 0/1 blocks.
  package var groupCount: Int { groups.count }

  /// The number of columns, the constant one among them.
  package var width: Int { encodedWidth + (constant == nil ? 0 : 1) }

  /// Blocks are joined as long as their joint levels are at most so many.
  static let jointLimit = 160

  /// Reads encoded rows; O(rows · columns) where dense rows are searched for 0/1 blocks, else
  /// O(rows · blocks).
  ///
  /// - Parameters:
  ///   - rows: Finite encoded rows.
  ///   - sources: The encoded columns of each source feature, where 0/1 blocks are looked for.
  ///   - constant: The value of a constant column at the right; nil adds none.
  package init(_ rows: EncodedRows, sources: [Range<Int>], constant: Double?) {
    switch rows.storage {
    case .compact(let blocks):
      self.init(compact: blocks, rows: rows, constant: constant)
    case .dense(let matrix):
      self.init(dense: matrix, sources: sources, constant: constant)
    }
  }

  /// Takes a dense matrix as it is.
  package init(_ matrix: Matrix, constant: Double? = nil) {
    self.init(dense: matrix, sources: [], constant: constant)
  }

  /// Takes compressed rows as they are.
  package init(_ sparse: SparseMatrix, constant: Double?) {
    self.init(
      count: sparse.rows, encodedWidth: sparse.columns, constant: constant, columns: [], stride: 1,
      groups: [], sparse: sparse)
  }

  private init(compact blocks: [EncodedRows.Block], rows: EncodedRows, constant: Double?) {
    var columns: [Column] = []
    var levels: [LevelGroup.Block] = []
    var start = 0
    for block in blocks {
      switch block {
      case .numbers(let values):
        columns.append(Column(place: start, values: values, offset: 0))
      case .indicators(let places, let width):
        levels.append(LevelGroup.Block(start: start, width: width, places: places))
      }
      start += block.width
    }
    self.init(
      count: rows.count, encodedWidth: rows.width, constant: constant, columns: columns, stride: 1,
      groups: Self.groups(levels, count: rows.count), sparse: nil)
  }

  private init(dense matrix: Matrix, sources: [Range<Int>], constant: Double?) {
    let wide = sources.filter { $0.count > 1 && $0.upperBound <= matrix.columns }
    let found = wide.compactMap { Self.block(of: matrix, columns: $0) }
    let replaced = found.reduce(0) { $0 + $1.width }
    let isCheaper =
      Self.cost(numeric: matrix.columns - replaced, groups: found.count)
      < Self.cost(numeric: matrix.columns, groups: 0)
    let levels = isCheaper ? found : []
    let inLevels = Set(levels.flatMap { $0.start..<$0.start + $0.width })
    let values = matrix.values
    self.init(
      count: matrix.rows, encodedWidth: matrix.columns, constant: constant,
      columns: (0..<matrix.columns).filter { !inLevels.contains($0) }.map {
        Column(place: $0, values: values, offset: $0)
      }, stride: max(matrix.columns, 1), groups: Self.groups(levels, count: matrix.rows),
      sparse: nil)
  }

  private init(
    count: Int, encodedWidth: Int, constant: Double?, columns: [Column], stride: Int,
    groups: [LevelGroup], sparse: SparseMatrix?
  ) {
    self.count = count
    self.encodedWidth = encodedWidth
    self.constant = constant
    self.columns = columns
    self.stride = stride
    self.groups = groups
    self.sparse = sparse
  }

  /// Multiply-adds a row of a weighted Gram matrix; see the type.
  static func cost(numeric: Int, groups: Int) -> Double {
    let wide = Double(numeric + 1)
    let several = Double(groups)
    return wide * wide / 16 + several * wide / 2 + several * several
  }

  private static func groups(_ levels: [LevelGroup.Block], count: Int) -> [LevelGroup] {
    // Tables of joint levels must stay small beside the rows that fill them.
    LevelGroup.joining(levels, count: count, limit: min(jointLimit, max(count / 16, 1)))
  }

  /// The block's places where all its cells are 0 or 1 and each row has a single 1 at most.
  private static func block(of matrix: Matrix, columns: Range<Int>) -> LevelGroup.Block? {
    var places = [Int32](repeating: -1, count: matrix.rows)
    let values = matrix.values
    for r in 0..<matrix.rows {
      for c in columns {
        let value = values[r * matrix.columns + c]
        if value == 0 { continue }
        guard value == 1, places[r] < 0 else { return nil }
        places[r] = Int32(truncatingIfNeeded: c - columns.lowerBound)
      }
    }
    return LevelGroup.Block(start: columns.lowerBound, width: columns.count, places: places)
  }

  /// Some of the rows, copied.
  func selecting(rows: [Int]) -> LinearDesign {
    LinearDesign(
      count: rows.count, encodedWidth: encodedWidth, constant: constant,
      columns: columns.map { column in
        let positions = rows.map { column.offset + $0 * stride }
        return Column(
          place: column.place, values: positions.map { column.values[$0] }, offset: 0,
          centre: column.centre, scale: column.scale)
      }, stride: 1, groups: groups.map { $0.selecting(rows: rows) },
      sparse: sparse?.selecting(rows: rows))
  }

  /// The rows in dense form with centred and scaled numeric columns: `rows.count × width` elements.
  func dense(rows: Range<Int>) -> Matrix {
    var matrix = Matrix(rows: rows.count, columns: width)
    for (place, r) in rows.enumerated() {
      for column in columns {
        matrix[place, column.place] =
          (column.values[column.offset + r * stride] - column.centre) / column.scale
      }
      for group in groups {
        for member in group.members[Int(group.codes[r])] { matrix[place, member] = 1 }
      }
      if let sparse {
        for position in sparse.offsets[r]..<sparse.offsets[r + 1] {
          matrix[place, Int(sparse.places[position])] = sparse.values[position]
        }
      }
      if let constant { matrix[place, width - 1] = constant }
    }
    return matrix
  }

  /// All elements that are not zero, in compressed rows; for methods that walk rows.
  func compressed() -> SparseMatrix {
    if let sparse {
      guard let constant, constant != 0 else { return sparse }
      return sparse.appendingColumn(repeating: constant)
    }
    return SparseMatrix(dense(rows: 0..<count))
  }
}
