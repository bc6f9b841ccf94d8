/// Four numeric columns of a design as kernels read them: element (r, k) is
/// `(values_k[offsets[k] + r · stride] − centres[k]) · factors[k] + extras[k]`.
struct ColumnQuad: Sendable {
  var offsets: SIMD4<Int>
  var stride: Int
  var centres: SIMD4<Double>
  var factors: SIMD4<Double>
  var extras: SIMD4<Double>

  /// Whether `count` rows from row `first` on lie inside arrays of these lengths.
  func fits(_ lengths: SIMD4<Int>, first: Int, count: Int) -> Bool {
    guard stride >= 1, first >= 0, count >= 1 else { return false }
    let ends = offsets &+ SIMD4<Int>(repeating: (first + count - 1) * stride)
    return offsets.min() >= 0 && all(ends .< lengths)
  }
}

/// Products of a structured design with vectors and with itself, a block of rows at a time.
enum LinearDesignKernel {
  /// Adds `Σ_k weights[k] · (value_k − centre_k)` to each of `output.count` rows from `first` on.
  static func addMargins(
    _ x0: Span<Double>, _ x1: Span<Double>, _ x2: Span<Double>, _ x3: Span<Double>,
    quad: ColumnQuad, weights: SIMD4<Double>, first: Int, into output: inout MutableSpan<Double>
  ) {
    precondition(
      quad.fits([x0.count, x1.count, x2.count, x3.count], first: first, count: output.count))
    let (m0, m1, m2, m3) = (quad.centres[0], quad.centres[1], quad.centres[2], quad.centres[3])
    let (w0, w1, w2, w3) = (weights[0], weights[1], weights[2], weights[3])
    let start = quad.offsets &+ SIMD4<Int>(repeating: first * quad.stride)
    let (a, b, c, d) = (start[0], start[1], start[2], start[3])
    if quad.stride == 1 {
      for r in 0..<output.count {
        let left =
          unsafe (x0[unchecked: a + r] - m0) * w0 + (x1[unchecked: b + r] - m1) * w1
        let right =
          unsafe (x2[unchecked: c + r] - m2) * w2 + (x3[unchecked: d + r] - m3) * w3
        unsafe output[unchecked: r] += left + right
      }
      return
    }
    var p = 0
    for r in 0..<output.count {
      let left = unsafe (x0[unchecked: a + p] - m0) * w0 + (x1[unchecked: b + p] - m1) * w1
      let right = unsafe (x2[unchecked: c + p] - m2) * w2 + (x3[unchecked: d + p] - m3) * w3
      unsafe output[unchecked: r] += left + right
      p += quad.stride
    }
  }

  /// `Σ_r vector[r] · (value_k − centre_k)` over the rows from `first` on, for each of the four.
  static func products(
    _ x0: Span<Double>, _ x1: Span<Double>, _ x2: Span<Double>, _ x3: Span<Double>,
    quad: ColumnQuad, vector: Span<Double>, first: Int
  ) -> SIMD4<Double> {
    let count = vector.count
    precondition(quad.fits([x0.count, x1.count, x2.count, x3.count], first: first, count: count))
    let m = quad.centres
    let start = quad.offsets &+ SIMD4<Int>(repeating: first * quad.stride)
    let (a, b, c, d) = (start[0], start[1], start[2], start[3])
    let (m0, m1, m2, m3) = (m[0], m[1], m[2], m[3])
    var r = 0
    var s0 = SIMD2<Double>()
    var s1 = s0
    var s2 = s0
    var s3 = s0
    if quad.stride == 1 {
      while r + 1 < count {
        let v = unsafe SIMD2(vector[unchecked: r], vector[unchecked: r + 1])
        s0 += unsafe v * (SIMD2(x0[unchecked: a + r], x0[unchecked: a + r + 1]) - m0)
        s1 += unsafe v * (SIMD2(x1[unchecked: b + r], x1[unchecked: b + r + 1]) - m1)
        s2 += unsafe v * (SIMD2(x2[unchecked: c + r], x2[unchecked: c + r + 1]) - m2)
        s3 += unsafe v * (SIMD2(x3[unchecked: d + r], x3[unchecked: d + r + 1]) - m3)
        r += 2
      }
    }
    var p = r * quad.stride
    while r < count {
      let v = unsafe vector[unchecked: r]
      s0[0] += unsafe v * (x0[unchecked: a + p] - m0)
      s1[0] += unsafe v * (x1[unchecked: b + p] - m1)
      s2[0] += unsafe v * (x2[unchecked: c + p] - m2)
      s3[0] += unsafe v * (x3[unchecked: d + p] - m3)
      p += quad.stride
      r += 1
    }
    return SIMD4(s0.sum(), s1.sum(), s2.sum(), s3.sum())
  }

  /// Writes the four columns of the picked rows (counted from `first`), times `scales`, as vector
  /// `place` of each of the tile's rows.
  static func pack(
    _ x0: Span<Double>, _ x1: Span<Double>, _ x2: Span<Double>, _ x3: Span<Double>,
    quad: ColumnQuad, picked: Span<Int32>, scales: Span<Double>, count: Int, first: Int,
    blockRows: Int, place: Int, quads: Int, into tile: inout MutableSpan<SIMD4<Double>>
  ) {
    precondition(
      quad.fits([x0.count, x1.count, x2.count, x3.count], first: first, count: blockRows))
    precondition(
      count <= picked.count && count <= scales.count && place >= 0 && place < quads
        && tile.count >= count * quads)
    let start = quad.offsets &+ SIMD4<Int>(repeating: first * quad.stride)
    let (a, b, c, d) = (start[0], start[1], start[2], start[3])
    var position = place
    for k in 0..<count {
      let row = unsafe Int(picked[unchecked: k])
      precondition(row >= 0 && row < blockRows)
      let p = row * quad.stride
      let x = unsafe SIMD4(
        x0[unchecked: a + p], x1[unchecked: b + p], x2[unchecked: c + p], x3[unchecked: d + p])
      unsafe tile[unchecked: position] =
        ((x - quad.centres) * quad.factors + quad.extras) * scales[unchecked: k]
      position += quads
    }
  }

  /// Lists the rows whose weight has the sign, with the roots of the weights' sizes; their number.
  static func pick(
    _ weights: Span<Double>, first: Int, count: Int, sign: Double,
    picked: inout MutableSpan<Int32>, scales: inout MutableSpan<Double>
  ) -> Int {
    precondition(
      first >= 0 && first + count <= weights.count && count <= picked.count
        && count <= scales.count)
    var found = 0
    for r in 0..<count {
      let weight = unsafe sign * weights[unchecked: first + r]
      unsafe picked[unchecked: found] = Int32(truncatingIfNeeded: r)
      unsafe scales[unchecked: found] = weight.squareRoot()
      found += weight > 0 ? 1 : 0
    }
    return found
  }

  /// Adds `table[codes[first + r]]` to each row.
  static func addLookups(
    _ codes: Span<Int32>, table: Span<Double>, first: Int, into output: inout MutableSpan<Double>
  ) {
    precondition(first >= 0 && first + output.count <= codes.count)
    for r in 0..<output.count {
      let code = unsafe Int(codes[unchecked: first + r])
      unsafe output[unchecked: r] += table[code]
    }
  }

  /// Adds each element of the vector to the place that its row's code names.
  static func scatter(
    _ vector: Span<Double>, codes: Span<Int32>, first: Int, into table: inout MutableSpan<Double>
  ) {
    precondition(first >= 0 && first + vector.count <= codes.count)
    for r in 0..<vector.count {
      let code = unsafe Int(codes[unchecked: first + r])
      table[code] += unsafe vector[unchecked: r]
    }
  }

  /// Adds `sign · scales[k] · tile[k]` to the row of the table that the picked row's code names.
  static func scatterRows(
    _ tile: Span<SIMD4<Double>>, quads: Int, picked: Span<Int32>, scales: Span<Double>,
    count: Int, sign: Double, codes: Span<Int32>, first: Int,
    into table: inout MutableSpan<SIMD4<Double>>
  ) {
    precondition(
      quads > 0 && tile.count >= count * quads && picked.count >= count && scales.count >= count)
    var position = 0
    for k in 0..<count {
      let code = unsafe Int(codes[first + Int(picked[unchecked: k])])
      let start = code * quads
      precondition(start >= 0 && start + quads <= table.count)
      let scale = unsafe SIMD4(repeating: sign * scales[unchecked: k])
      for q in 0..<quads {
        unsafe table[unchecked: start + q] += scale * tile[unchecked: position + q]
      }
      position += quads
    }
  }

  /// Adds each picked row's weight to the place that its two codes name together.
  static func scatterPairs(
    picked: Span<Int32>, weights: Span<Double>, count: Int, codes: Span<Int32>,
    others: Span<Int32>, otherSize: Int, first: Int, into table: inout MutableSpan<Double>
  ) {
    precondition(picked.count >= count)
    for k in 0..<count {
      let row = unsafe first + Int(picked[unchecked: k])
      table[Int(codes[row]) * otherSize + Int(others[row])] += weights[row]
    }
  }

  /// Zero where every element is finite, else NaN.
  static func finiteness(_ values: Span<Double>) -> Double {
    var a = SIMD4<Double>()
    var b = a
    var r = 0
    while r + 7 < values.count {
      a +=
        unsafe SIMD4(
          values[unchecked: r], values[unchecked: r + 1], values[unchecked: r + 2],
          values[unchecked: r + 3]) * 0
      b +=
        unsafe SIMD4(
          values[unchecked: r + 4], values[unchecked: r + 5], values[unchecked: r + 6],
          values[unchecked: r + 7]) * 0
      r += 8
    }
    while r < values.count {
      a[0] += unsafe values[unchecked: r] * 0
      r += 1
    }
    return (a + b).sum()
  }

  /// `code · size + place + shift` for each row; false where a place lies outside.
  static func joinCodes(
    _ places: Span<Int32>, shift: Int32, size: Int32, into codes: inout MutableSpan<Int32>
  ) -> Bool {
    precondition(places.count == codes.count)
    var isInside = true
    for r in 0..<codes.count {
      let place = unsafe places[unchecked: r] &+ shift
      isInside = isInside && place >= 0 && place < size
      unsafe codes[unchecked: r] = codes[unchecked: r] &* size &+ place
    }
    return isInside
  }
}
