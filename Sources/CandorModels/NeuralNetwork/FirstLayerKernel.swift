/// What a network does with the 0/1 blocks of its inputs: looking a row of weights up instead of
/// multiplying by zeros.
enum FirstLayerKernel {
  /// Takes records apart: numbers to the left of each row of `inputs`, codes, target and weight.
  static func gather(
    _ records: Span<Float>, layout: NetworkRecords.Layout, order: Span<Int32>, start: Int,
    rows: Int, inputWidth: Int, inputs: inout MutableSpan<Float>,
    codes: inout MutableSpan<Int32>, targets: inout MutableSpan<Float>,
    weights: inout MutableSpan<Float>
  ) {
    let (numbers, blocks, stride) = (layout.numbers, layout.blocks, layout.stride)
    precondition(start >= 0 && rows >= 0 && start + rows <= order.count && numbers <= inputWidth)
    precondition(rows * inputWidth <= inputs.count && rows * blocks <= codes.count)
    precondition(rows <= targets.count && rows <= weights.count)
    for r in 0..<rows {
      let from = unsafe Int(order[unchecked: start &+ r]) &* stride
      precondition(from >= 0 && from &+ stride <= records.count)
      for c in 0..<numbers {
        unsafe inputs[unchecked: r &* inputWidth &+ c] = records[unchecked: from &+ c]
      }
      for b in 0..<blocks {
        let word = unsafe records[unchecked: from &+ numbers &+ b]
        unsafe codes[unchecked: r &* blocks &+ b] = NetworkRecords.code(word)
      }
      unsafe targets[unchecked: r] = records[unchecked: from &+ numbers &+ blocks]
      unsafe weights[unchecked: r] = records[unchecked: from &+ numbers &+ blocks &+ 1]
    }
  }

  /// Adds to each row of `values` the rows of two tables that its codes name, in one pass over the
  /// values; below zero none. `first` and `second` are the places of the codes among a row's `blocks`.
  static func addRows<Scalar: NetworkScalar>(
    of parameters: Span<Scalar>, firstTable: Range<Int>, secondTable: Range<Int>, units: Int,
    codes: Span<Int32>, first: Int, second: Int, blocks: Int, rows: Int,
    to values: inout MutableSpan<Scalar>
  ) {
    precondition(first >= 0 && first < blocks && second >= 0 && second < blocks)
    precondition(rows >= 0 && units >= 0 && rows * blocks <= codes.count)
    precondition(rows * units <= values.count)
    precondition(firstTable.lowerBound >= 0 && firstTable.upperBound <= parameters.count)
    precondition(secondTable.lowerBound >= 0 && secondTable.upperBound <= parameters.count)
    for r in 0..<rows {
      let one = unsafe Int(codes[unchecked: r &* blocks &+ first])
      let two = unsafe Int(codes[unchecked: r &* blocks &+ second])
      let start = r &* units
      let from = firstTable.lowerBound &+ one &* units
      let other = secondTable.lowerBound &+ two &* units
      precondition(one < 0 || from &+ units <= firstTable.upperBound)
      precondition(two < 0 || other &+ units <= secondTable.upperBound)
      if one >= 0, two >= 0 {
        for u in 0..<units {
          let sum = unsafe values[unchecked: start &+ u] + parameters[unchecked: from &+ u]
          unsafe values[unchecked: start &+ u] = sum + parameters[unchecked: other &+ u]
        }
      } else if one >= 0 || two >= 0 {
        let only = one >= 0 ? from : other
        for u in 0..<units {
          unsafe values[unchecked: start &+ u] += parameters[unchecked: only &+ u]
        }
      }
    }
  }

  /// Adds to each row of `values` the row of a table that its code names; below zero none.
  static func addRows<Scalar: NetworkScalar>(
    of parameters: Span<Scalar>, table: Range<Int>, units: Int, codes: Span<Int32>, block: Int,
    blocks: Int, rows: Int, to values: inout MutableSpan<Scalar>
  ) {
    precondition(block >= 0 && block < blocks && rows * blocks <= codes.count)
    precondition(rows >= 0 && units >= 0 && rows * units <= values.count)
    precondition(table.lowerBound >= 0 && table.upperBound <= parameters.count)
    for r in 0..<rows {
      let code = unsafe Int(codes[unchecked: r &* blocks &+ block])
      if code < 0 { continue }
      let from = table.lowerBound &+ code &* units
      precondition(from &+ units <= table.upperBound)
      let start = r &* units
      for u in 0..<units {
        unsafe values[unchecked: start &+ u] += parameters[unchecked: from &+ u]
      }
    }
  }

  /// Adds each row of `deltas`, `width` numbers from `offset` on of `stride` a row, to the row of a
  /// table that its code names, below zero to none; the table is at `place` of the gradient.
  static func scatterRows<Scalar: NetworkScalar>(
    _ deltas: Span<Scalar>, stride: Int, offset: Int, width: Int, codes: Span<Int32>, block: Int,
    blocks: Int, rows: Int, into gradient: inout MutableSpan<Scalar>, at place: Int
  ) {
    precondition(block >= 0 && block < blocks && rows * blocks <= codes.count && place >= 0)
    precondition(rows >= 0 && width >= 0 && offset >= 0 && offset + width <= stride)
    precondition(rows * stride <= deltas.count)
    for r in 0..<rows {
      let code = unsafe Int(codes[unchecked: r &* blocks &+ block])
      if code < 0 { continue }
      let to = place &+ code &* width
      precondition(to &+ width <= gradient.count)
      let start = r &* stride &+ offset
      for u in 0..<width {
        unsafe gradient[unchecked: to &+ u] += deltas[unchecked: start &+ u]
      }
    }
  }

  /// Writes a table's rows into columns of `inputs`, zeros where the code is below zero.
  static func embed<Scalar: NetworkScalar>(
    _ table: Span<Scalar>, dimension: Int, codes: Span<Int32>, block: Int, blocks: Int, rows: Int,
    into inputs: inout MutableSpan<Scalar>, stride: Int, offset: Int
  ) {
    precondition(block >= 0 && block < blocks && rows * blocks <= codes.count)
    precondition(offset >= 0 && dimension >= 0 && offset + dimension <= stride)
    precondition(rows >= 0 && rows * stride <= inputs.count)
    for r in 0..<rows {
      let code = unsafe Int(codes[unchecked: r &* blocks &+ block])
      let to = r &* stride &+ offset
      if code < 0 {
        for k in 0..<dimension { unsafe inputs[unchecked: to &+ k] = 0 }
        continue
      }
      let from = code &* dimension
      precondition(from &+ dimension <= table.count)
      for k in 0..<dimension {
        unsafe inputs[unchecked: to &+ k] = table[unchecked: from &+ k]
      }
    }
  }
}
