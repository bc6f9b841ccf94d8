import CCandorKernels
package import CandorData

/// Loops that score rows one after another in `Double`, so that a row's bits cannot depend on the rows
/// beside it.
///
/// A row is a list of its non-zero inputs: leaving zeros out changes no bit, since a sum that starts
/// from a bias that is not −0 is never −0, and a zero added to it leaves it as it is.
package enum ScoringKernel {
  /// Lists the non-zero cells of rows of a dense matrix; `room` places a row.
  static func list(
    dense values: Span<Double>, width: Int, first: Int, rows: Int, room: Int,
    columns: inout MutableSpan<Int32>, cells: inout MutableSpan<Double>,
    counts: inout MutableSpan<Int32>
  ) {
    precondition(first >= 0 && rows >= 0 && width >= 0 && width < room)
    precondition((first + rows) * width <= values.count && rows <= counts.count)
    precondition(rows * room <= columns.count && rows * room <= cells.count)
    for r in 0..<rows {
      var place = r &* room
      for c in 0..<width {
        let x = unsafe values[unchecked: (first &+ r) &* width &+ c]
        unsafe columns[unchecked: place] = Int32(truncatingIfNeeded: c)
        unsafe cells[unchecked: place] = x
        place &+= isNonZero(x)
      }
      unsafe counts[unchecked: r] = Int32(truncatingIfNeeded: place &- r &* room)
    }
  }

  /// Adds one column's non-zero cells to the lists.
  static func list(
    numbers: Span<Double>, column: Int, first: Int, rows: Int, room: Int,
    columns: inout MutableSpan<Int32>, cells: inout MutableSpan<Double>,
    counts: inout MutableSpan<Int32>
  ) {
    precondition(first >= 0 && rows >= 0 && first + rows <= numbers.count && rows <= counts.count)
    precondition(rows * room <= columns.count && rows * room <= cells.count)
    for r in 0..<rows {
      let count = unsafe Int(counts[unchecked: r])
      precondition(count < room)
      let x = unsafe numbers[unchecked: first &+ r]
      unsafe columns[unchecked: r &* room &+ count] = Int32(truncatingIfNeeded: column)
      unsafe cells[unchecked: r &* room &+ count] = x
      unsafe counts[unchecked: r] = Int32(truncatingIfNeeded: count &+ isNonZero(x))
    }
  }

  /// Adds one block's ones to the lists.
  static func list(
    codes: Span<Int32>, column: Int, first: Int, rows: Int, room: Int,
    columns: inout MutableSpan<Int32>, cells: inout MutableSpan<Double>,
    counts: inout MutableSpan<Int32>
  ) {
    precondition(first >= 0 && rows >= 0 && first + rows <= codes.count && rows <= counts.count)
    precondition(rows * room <= columns.count && rows * room <= cells.count)
    for r in 0..<rows {
      let count = unsafe Int(counts[unchecked: r])
      precondition(count < room)
      let code = unsafe Int(codes[unchecked: first &+ r])
      unsafe columns[unchecked: r &* room &+ count] = Int32(truncatingIfNeeded: column &+ code)
      unsafe cells[unchecked: r &* room &+ count] = 1
      unsafe counts[unchecked: r] = Int32(truncatingIfNeeded: count &+ ((code >> 63) &+ 1))
    }
  }

  /// The sums of one layer for one row: biases plus each listed input times its row of weights, inputs
  /// in rising order; four inputs a pass, which adds in the same order. Every level gives the same
  /// bits.
  package static func layer(
    columns: Span<Int32>, cells: Span<Double>, from first: Int, count: Int,
    weights: Span<Double>, biases: Span<Double>, into sums: inout MutableSpan<Double>,
    level: VectorLevel = .best
  ) {
    let units = biases.count
    precondition(first >= 0 && count >= 0 && first + count <= columns.count)
    precondition(first + count <= cells.count && units <= sums.count)
    if level > .none, units > 3 {
      precondition(level <= .best)
      let inputs = weights.count / units
      for k in first..<first + count {
        let column = unsafe Int(columns[unchecked: k])
        precondition(column >= 0 && column < inputs)
      }
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe cells.withUnsafeBufferPointer { cells in
          unsafe weights.withUnsafeBufferPointer { weights in
            unsafe biases.withUnsafeBufferPointer { biases in
              unsafe sums.withUnsafeMutableBufferPointer { sums in
                guard let columns = columns.baseAddress, let cells = cells.baseAddress,
                  let weights = weights.baseAddress, let biases = biases.baseAddress,
                  let sums = sums.baseAddress
                else { return }
                unsafe candor_layer_sums(
                  level.rawValue, columns + first, cells + first, count, weights, biases, units,
                  sums)
              }
            }
          }
        }
      }
      return
    }
    for u in 0..<units { unsafe sums[unchecked: u] = biases[unchecked: u] }
    var k = first
    let end = first &+ count
    while k < end {
      let a = unsafe Int(columns[unchecked: k]) &* units
      let x = unsafe cells[unchecked: k]
      precondition(a >= 0 && a &+ units <= weights.count)
      if k &+ 4 > end {
        for u in 0..<units {
          unsafe sums[unchecked: u] += x * weights[unchecked: a &+ u]
        }
        k &+= 1
        continue
      }
      let b = unsafe Int(columns[unchecked: k &+ 1]) &* units
      let c = unsafe Int(columns[unchecked: k &+ 2]) &* units
      let d = unsafe Int(columns[unchecked: k &+ 3]) &* units
      let y = unsafe cells[unchecked: k &+ 1]
      let z = unsafe cells[unchecked: k &+ 2]
      let w = unsafe cells[unchecked: k &+ 3]
      precondition(b >= 0 && b &+ units <= weights.count && c >= 0 && c &+ units <= weights.count)
      precondition(d >= 0 && d &+ units <= weights.count)
      for u in 0..<units {
        let one = unsafe sums[unchecked: u] + x * weights[unchecked: a &+ u]
        let two = unsafe one + y * weights[unchecked: b &+ u]
        let three = unsafe two + z * weights[unchecked: c &+ u]
        unsafe sums[unchecked: u] = three + w * weights[unchecked: d &+ u]
      }
      k &+= 4
    }
  }

  /// Places that must be free in lists of answers, since vectors are stored whole.
  package static let spare = 8

  /// Applies an activation to a layer's sums, and lists the answers that are not zero; the lists have
  /// `units` and `spare` places.
  package static func answer(
    _ activation: Activation, sums: Span<Double>, units: Int,
    columns: inout MutableSpan<Int32>, cells: inout MutableSpan<Double>, level: VectorLevel = .best
  ) -> Int {
    precondition(units >= 0 && units <= sums.count)
    precondition(units + spare <= columns.count && units + spare <= cells.count)
    var place = 0
    if activation == .relu {
      if level == .avx512 {
        precondition(level <= .best)
        unsafe sums.withUnsafeBufferPointer { sums in
          unsafe columns.withUnsafeMutableBufferPointer { columns in
            unsafe cells.withUnsafeMutableBufferPointer { cells in
              guard let sums = sums.baseAddress, let columns = columns.baseAddress,
                let cells = cells.baseAddress
              else { return }
              place = unsafe candor_list_positive(sums, units, columns, cells)
            }
          }
        }
        return place
      }
      // The common case without a choice a unit.
      for u in 0..<units {
        let z = unsafe sums[unchecked: u]
        unsafe columns[unchecked: place] = Int32(truncatingIfNeeded: u)
        unsafe cells[unchecked: place] = z
        place &+= kept(z)
      }
      return place
    }
    for u in 0..<units {
      let y = unsafe activation.value(sums[unchecked: u])
      unsafe columns[unchecked: place] = Int32(truncatingIfNeeded: u)
      unsafe cells[unchecked: place] = y
      place &+= y == 0 ? 0 : 1
    }
    return place
  }

  /// `delta ← delta · derivative at the sum`.
  static func differentiate(
    _ activation: Activation, sums: Span<Double>, deltas: inout MutableSpan<Double>
  ) {
    precondition(sums.count == deltas.count)
    for u in 0..<deltas.count {
      let z = unsafe sums[unchecked: u]
      unsafe deltas[unchecked: u] *= activation.slope(z, activation.value(z))
    }
  }

  /// 1 for all but zeros; in whole numbers, since a branch that half of the cells take costs more than
  /// the sums.
  @inline(__always)
  private static func isNonZero(_ x: Double) -> Int {
    let magnitude = x.bitPattern << 1
    return Int(truncatingIfNeeded: (magnitude | (0 &- magnitude)) >> 63)
  }

  /// 0 for what a ReLU answers with zero: numbers below zero and −0; 1 for what is above, and for what
  /// is not a number, so that it shows.
  @inline(__always)
  private static func kept(_ z: Double) -> Int {
    let infinity = Int64(bitPattern: (-Double.infinity).bitPattern)
    let below = (infinity >> 1) &- (Int64(bitPattern: z.bitPattern) >> 1)
    return Int(truncatingIfNeeded: UInt64(bitPattern: below) >> 63)
  }
}
