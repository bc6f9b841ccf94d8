import CLAPACK

/// Checked doors to the matrix products of OpenBLAS, on row-major storage and one thread.
///
/// OpenBLAS is set to one thread before the first call: our parallelism is over independent units
/// of work, and a product whose summation order depended on a thread count would break equal bits.
public enum BLAS {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Makes sure that OpenBLAS runs on one thread; cheap after the first call.
  static func prepare() { _ = oneThread }

  /// What OpenBLAS says about its build and the processor kernels it chose.
  public static var configuration: String {
    prepare()
    guard let text = unsafe openblas_get_config() else { return "unknown" }
    return unsafe String(cString: text)
  }

  /// The product of two matrices, each transposed first where asked (dgemm); O(m · n · k).
  ///
  /// - Parameters:
  ///   - a: The left factor.
  ///   - b: The right factor.
  ///   - transposeA: Whether the transpose of `a` is the left factor.
  ///   - transposeB: Whether the transpose of `b` is the right factor.
  /// - Returns: The product.
  /// - Throws: `LinearAlgebraError.shapeMismatch` where the inner extents differ.
  public static func product(
    _ a: Matrix, _ b: Matrix, transposeA: Bool = false, transposeB: Bool = false
  ) throws(LinearAlgebraError) -> Matrix {
    let rows = transposeA ? a.columns : a.rows
    let inner = transposeA ? a.rows : a.columns
    let innerOfB = transposeB ? b.columns : b.rows
    let columns = transposeB ? b.rows : b.columns
    guard inner == innerOfB else {
      throw .shapeMismatch("the product of \(rows) × \(inner) and \(innerOfB) × \(columns)")
    }
    var result = Matrix(rows: rows, columns: columns)
    guard rows > 0, columns > 0, inner > 0 else { return result }
    try checkExtents(rows, columns, inner)
    let left = a.values
    let right = b.values
    result.withMutableValues { values in
      doubleProduct(
        rows: rows, columns: columns, inner: inner, left.span, transposeA: transposeA,
        right.span, transposeB: transposeB, accumulate: false, into: &values)
    }
    return result
  }

  /// The product of a matrix, or its transpose, and a vector (dgemv); O(m · n).
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - x: The vector.
  ///   - transpose: Whether the transpose of `a` is the factor.
  /// - Returns: The product.
  /// - Throws: `LinearAlgebraError.shapeMismatch` where the extents differ.
  public static func product(
    _ a: Matrix, _ x: [Double], transpose: Bool = false
  ) throws(LinearAlgebraError) -> [Double] {
    let inner = transpose ? a.rows : a.columns
    guard x.count == inner else {
      throw .shapeMismatch("a product over \(inner) elements with a vector of \(x.count)")
    }
    let outer = transpose ? a.columns : a.rows
    var result = [Double](repeating: 0, count: outer)
    guard inner > 0, outer > 0 else { return result }
    try checkExtents(a.rows, a.columns)
    prepare()
    unsafe cblas_dgemv(
      CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, Int32(a.rows), Int32(a.columns), 1,
      a.values, Int32(a.columns), x, 1, 0, &result, 1)
    return result
  }

  /// The weighted Gram matrix XᵀWX, full and exactly symmetric; O(rows · columns²).
  ///
  /// Non-negative weights go through √W·X and dsyrk, others through dgemm, in blocks of rows whose
  /// size is fixed, so that no second copy of X is made.
  ///
  /// - Parameters:
  ///   - x: The design matrix, one row an observation.
  ///   - weights: One weight a row; nil counts each row once.
  /// - Returns: The matrix of `columns × columns`.
  /// - Throws: `LinearAlgebraError` where there is not one finite weight a row.
  public static func weightedGram(
    _ x: Matrix, weights: [Double]?
  ) throws(LinearAlgebraError) -> Matrix {
    let width = x.columns
    var gram = [Double](repeating: 0, count: width * width)
    try checkExtents(x.rows, width)
    if let weights {
      guard weights.count == x.rows else {
        throw .shapeMismatch("\(weights.count) weights for \(x.rows) rows")
      }
      guard weights.allSatisfy(\.isFinite) else { throw .notFinite("The list of weights") }
    }
    guard width > 0, x.rows > 0 else {
      return try Matrix(rows: width, columns: width, values: gram)
    }
    prepare()
    let values = x.values
    let size = Int32(width)
    if let weights {
      let signed = weights.contains { $0 < 0 }
      var scaled: [Double] = []
      for block in Parallel.blocks(of: x.rows, size: gramBlockRows) {
        let elements = block.lowerBound * width..<block.upperBound * width
        scaled.removeAll(keepingCapacity: true)
        scaled.reserveCapacity(elements.count)
        for r in block {
          let factor = signed ? weights[r] : weights[r].squareRoot()
          for position in r * width..<(r + 1) * width { scaled.append(values[position] * factor) }
        }
        if signed {
          let plain = Array(values[elements])
          unsafe cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, size, size, Int32(block.count), 1, plain,
            size, scaled, size, 1, &gram, size)
        } else {
          unsafe cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, size, Int32(block.count), 1, scaled, size, 1,
            &gram, size)
        }
      }
    } else {
      unsafe cblas_dsyrk(
        CblasRowMajor, CblasUpper, CblasTrans, size, Int32(x.rows), 1, values, size, 0, &gram,
        size)
    }
    for r in 0..<width {
      for c in 0..<r { gram[r * width + c] = gram[c * width + r] }
    }
    return try Matrix(rows: width, columns: width, values: gram)
  }

  /// The dot product of two vectors (ddot).
  ///
  /// - Parameters:
  ///   - a: One vector.
  ///   - b: The other.
  /// - Returns: The sum of the products; 0 for empty vectors.
  /// - Throws: `LinearAlgebraError.shapeMismatch` where the lengths differ.
  public static func dot(_ a: [Double], _ b: [Double]) throws(LinearAlgebraError) -> Double {
    guard a.count == b.count else {
      throw .shapeMismatch("the dot product of \(a.count) and \(b.count) elements")
    }
    try checkExtents(a.count)
    prepare()
    return unsafe cblas_ddot(Int32(a.count), a, 1, b, 1)
  }

  /// A row-major product in `Float` on borrowed storage (sgemm); wrong extents stop the program.
  ///
  /// - Parameters:
  ///   - rows: The rows of the result.
  ///   - columns: The columns of the result.
  ///   - inner: The extent that is summed over.
  ///   - a: `rows × inner` elements, stored as `inner × rows` where `transposeA` holds.
  ///   - transposeA: Whether `a` is stored transposed.
  ///   - b: `inner × columns` elements, stored as `columns × inner` where `transposeB` holds.
  ///   - transposeB: Whether `b` is stored transposed.
  ///   - accumulate: Whether the product is added to `c` rather than written over it.
  ///   - c: Where `rows × columns` elements of the product go; it may be longer.
  ///   - start: The place of the product's first element in `c`.
  public static func singleProduct(
    rows: Int, columns: Int, inner: Int, _ a: Span<Float>, transposeA: Bool, _ b: Span<Float>,
    transposeB: Bool, accumulate: Bool, into c: inout MutableSpan<Float>, at start: Int = 0
  ) {
    requireExtents(rows, columns, inner, a.count, b.count, c.count, start)
    guard rows > 0, columns > 0, inner > 0 else {
      if !accumulate { for i in start..<start + rows * columns { c[i] = 0 } }
      return
    }
    prepare()
    unsafe a.withUnsafeBufferPointer { left in
      unsafe b.withUnsafeBufferPointer { right in
        unsafe c.withUnsafeMutableBufferPointer { result in
          unsafe cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1,
            left.baseAddress, Int32(transposeA ? rows : inner), right.baseAddress,
            Int32(transposeB ? inner : columns), accumulate ? 1 : 0,
            result.baseAddress.map { unsafe $0 + start }, Int32(columns))
        }
      }
    }
  }

  /// A row-major product in `Double` on borrowed storage (dgemm); wrong extents stop the program.
  ///
  /// - Parameters:
  ///   - rows: The rows of the result.
  ///   - columns: The columns of the result.
  ///   - inner: The extent that is summed over.
  ///   - a: `rows × inner` elements, stored as `inner × rows` where `transposeA` holds.
  ///   - transposeA: Whether `a` is stored transposed.
  ///   - b: `inner × columns` elements, stored as `columns × inner` where `transposeB` holds.
  ///   - transposeB: Whether `b` is stored transposed.
  ///   - accumulate: Whether the product is added to `c` rather than written over it.
  ///   - c: Where `rows × columns` elements of the product go; it may be longer.
  ///   - start: The place of the product's first element in `c`.
  public static func doubleProduct(
    rows: Int, columns: Int, inner: Int, _ a: Span<Double>, transposeA: Bool, _ b: Span<Double>,
    transposeB: Bool, accumulate: Bool, into c: inout MutableSpan<Double>, at start: Int = 0
  ) {
    requireExtents(rows, columns, inner, a.count, b.count, c.count, start)
    guard rows > 0, columns > 0, inner > 0 else {
      if !accumulate { for i in start..<start + rows * columns { c[i] = 0 } }
      return
    }
    prepare()
    unsafe a.withUnsafeBufferPointer { left in
      unsafe b.withUnsafeBufferPointer { right in
        unsafe c.withUnsafeMutableBufferPointer { result in
          unsafe cblas_dgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1,
            left.baseAddress, Int32(transposeA ? rows : inner), right.baseAddress,
            Int32(transposeB ? inner : columns), accumulate ? 1 : 0,
            result.baseAddress.map { unsafe $0 + start }, Int32(columns))
        }
      }
    }
  }

  /// Adds `sign · AᵀA` to the upper triangle of a Gram matrix (dsyrk) on borrowed storage; wrong
  /// extents stop the program.
  ///
  /// - Parameters:
  ///   - rows: The rows of A that count; surplus storage is left aside.
  ///   - quads: The columns of A, in fours.
  ///   - a: A in row-major order, four elements a vector.
  ///   - sign: The factor.
  ///   - gram: The matrix of `4 · quads` rows and columns, row-major.
  public static func addGram(
    rows: Int, quads: Int, _ a: Span<SIMD4<Double>>, sign: Double,
    into gram: inout MutableSpan<Double>
  ) {
    let width = 4 * quads
    precondition(rows >= 0 && quads > 0 && rows <= Int(Int32.max) && width <= Int(Int32.max))
    precondition(a.count >= rows * quads && gram.count == width * width)
    guard rows > 0 else { return }
    prepare()
    unsafe a.withUnsafeBytes { bytes in
      unsafe gram.withUnsafeMutableBufferPointer { result in
        unsafe cblas_dsyrk(
          CblasRowMajor, CblasUpper, CblasTrans, Int32(width), Int32(rows), sign,
          bytes.baseAddress?.assumingMemoryBound(to: Double.self), Int32(width), 1,
          result.baseAddress, Int32(width))
      }
    }
  }

  /// Rows that `weightedGram` scales at a time: a buffer of a few hundred kilobytes.
  private static let gramBlockRows = 4096

  /// Throws where an extent does not fit the 32-bit integers of BLAS and LAPACK.
  static func checkExtents(_ extents: Int...) throws(LinearAlgebraError) {
    for extent in extents where extent > Int(Int32.max) {
      throw .shapeMismatch("an extent of \(extent) where BLAS counts to \(Int32.max)")
    }
  }

  private static func requireExtents(
    _ rows: Int, _ columns: Int, _ inner: Int, _ a: Int, _ b: Int, _ c: Int, _ start: Int
  ) {
    let limit = Int(Int32.max)
    precondition(rows >= 0 && columns >= 0 && inner >= 0)
    precondition(rows <= limit && columns <= limit && inner <= limit)
    precondition(a == rows * inner && b == inner * columns)
    precondition(start >= 0 && start <= c && rows * columns <= c - start)
  }
}
