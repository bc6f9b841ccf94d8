/// The loops of surrogate fits.
enum SurrogateKernel {
  /// Solves a symmetric positive definite system in place by Cholesky; the lower triangle is read.
  ///
  /// Diagonals are one or more. Gives false, with both arguments spoilt, where a pivot falls under
  /// 1e-11: columns that depend on each other but for rounding.
  static func solve(
    order: Int, matrix: inout MutableSpan<Double>, right: inout MutableSpan<Double>
  ) -> Bool {
    precondition(order >= 0 && matrix.count == order * order && right.count == order)
    for j in 0..<order {
      let rowJ = j &* order
      for i in j..<order {
        let rowI = i &* order
        var sum = unsafe matrix[unchecked: rowI &+ j]
        for k in 0..<j {
          unsafe sum -= matrix[unchecked: rowI &+ k] * matrix[unchecked: rowJ &+ k]
        }
        if i == j {
          guard sum > 1e-11 else { return false }
          unsafe matrix[unchecked: rowJ &+ j] = sum.squareRoot()
        } else {
          unsafe matrix[unchecked: rowI &+ j] = sum / matrix[unchecked: rowJ &+ j]
        }
      }
    }
    for i in 0..<order {
      var sum = unsafe right[unchecked: i]
      for k in 0..<i {
        unsafe sum -= matrix[unchecked: i &* order &+ k] * right[unchecked: k]
      }
      unsafe right[unchecked: i] = sum / matrix[unchecked: i &* order &+ i]
    }
    for i in stride(from: order - 1, through: 0, by: -1) {
      var sum = unsafe right[unchecked: i]
      for k in i &+ 1..<order {
        unsafe sum -= matrix[unchecked: k &* order &+ i] * right[unchecked: k]
      }
      unsafe right[unchecked: i] = sum / matrix[unchecked: i &* order &+ i]
    }
    return true
  }

  /// Writes the scaled rows (√w, √w · same, √w · value) of one applicant's fit, where `same` is 1
  /// where a row lies in the applicant's cell and the weight is that of the number of differing
  /// cells; counts the rows by that number.
  ///
  /// Shapes: `codes` holds `rows · players` cells from `first` rows on, `own` a cell a player,
  /// `roots` and `histogram` a place for 0 … players differing cells, `design` `rows · (players + 2)`.
  static func fill(
    codes: Span<UInt32>, own: Span<UInt32>, values: Span<Double>, first: Int, rows: Int,
    roots: Span<Double>, design: inout MutableSpan<Double>, histogram: inout MutableSpan<Int>
  ) {
    let players = own.count
    let order = players + 2
    precondition(first >= 0 && rows >= 0 && first + rows <= values.count)
    precondition((first + rows) * players <= codes.count && design.count == rows * order)
    precondition(roots.count == players + 1 && histogram.count == players + 1)
    for r in 0..<rows {
      let from = (first &+ r) &* players
      let to = r &* order &+ 1
      var differing = 0
      for p in 0..<players {
        differing &+= unsafe codes[unchecked: from &+ p] == own[unchecked: p] ? 0 : 1
      }
      let root = unsafe roots[unchecked: differing]
      unsafe histogram[unchecked: differing] &+= 1
      unsafe design[unchecked: to &- 1] = root
      for p in 0..<players {
        let same = unsafe codes[unchecked: from &+ p] == own[unchecked: p]
        unsafe design[unchecked: to &+ p] = same ? root : 0
      }
      unsafe design[unchecked: to &+ players] = root * values[unchecked: first &+ r]
    }
  }

  /// Deflates correlations and cross products by one column: what remains of the others beside it.
  /// A rank-one Cholesky update; O(order²).
  static func deflate(
    by column: Int, order: Int, matrix: inout MutableSpan<Double>,
    right: inout MutableSpan<Double>
  ) {
    precondition(column >= 0 && column < order)
    precondition(matrix.count == order * order && right.count == order)
    let own = column &* order
    let pivot = unsafe matrix[unchecked: own &+ column]
    let cross = unsafe right[unchecked: column]
    for a in 0..<order where a != column {
      let factor = unsafe matrix[unchecked: a &* order &+ column] / pivot
      if factor == 0 { continue }
      unsafe right[unchecked: a] -= factor * cross
      for b in 0..<order where b != column {
        unsafe matrix[unchecked: a &* order &+ b] -= factor * matrix[unchecked: own &+ b]
      }
    }
    for a in 0..<order {
      unsafe matrix[unchecked: a &* order &+ column] = 0
      unsafe matrix[unchecked: own &+ a] = 0
    }
    unsafe right[unchecked: column] = 0
  }
}
