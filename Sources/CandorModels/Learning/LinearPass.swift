import CandorNumerics

/// A loss by rows, as a pass over a design meets it.
protocol RowLoss: Sendable {
  /// Some of the rows, each counting `factor` times as much.
  func selecting(rows: [Int], factor: Double) -> Self

  /// Evaluates the rows from `first` on at their margins.
  ///
  /// - Parameters:
  ///   - first: The first row.
  ///   - margins: One margin a row.
  ///   - slopes: Gets the first derivative of each row's loss in its margin.
  ///   - curvatures: Gets the second derivative.
  /// - Returns: The sum of the losses, and a second sum of the loss's own choice.
  func evaluate(
    first: Int, margins: Span<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>
  ) -> (value: Double, extra: Double)
}

/// What a pass over all rows gives: the loss, its gradient in the design's columns, and the second
/// derivative of each row.
struct LinearPass: Sendable {
  var value: Double
  var extra: Double
  var gradient: [Double]
  var curvatures: [[Double]]
}

extension LinearDesign {
  /// The rows that one unit of parallel work takes; depends on the design alone.
  var taskRows: Int {
    // Every unit has a Gram matrix of its own: few units where that is large.
    var elements = Double(width) * Double(width)
    for a in groups.indices {
      for b in groups.indices where b > a {
        elements += Double(groups[a].size) * Double(groups[b].size)
      }
    }
    let units = min(max(count / 16_384, 1), max(1, Int(33_554_432 / max(elements, 131_072))))
    return max((count + units - 1) / units, 1)
  }

  /// The rows of a block, whose numeric cells stay in the second-level cache.
  var blockRows: Int { min(max(16_384 / (columns.count + 1), 64), 1024) & ~63 }

  /// Numeric columns by fours; surplus places repeat the first column with the factor zero.
  func quads(constantPlace: Bool = false) -> [(quad: ColumnQuad, columns: [Int])] {
    let total = columns.count + (constantPlace ? 1 : 0)
    return Swift.stride(from: 0, to: total, by: 4).map { start in
      var quad = ColumnQuad(
        offsets: .zero, stride: stride, centres: .zero, factors: .zero, extras: .zero)
      var members: [Int] = []
      for k in 0..<4 {
        let c = start + k
        if c < columns.count {
          quad.offsets[k] = columns[c].offset
          quad.centres[k] = columns[c].centre
          quad.factors[k] = 1 / columns[c].scale
          members.append(c)
        } else {
          quad.offsets[k] = columns.first?.offset ?? 0
          if c == columns.count { quad.extras[k] = 1 }
        }
      }
      return (quad, members)
    }
  }

  /// The storage of the k-th column of a quad.
  func storage(_ members: [Int], _ k: Int, fallback: [Double]) -> [Double] {
    if k < members.count { return columns[members[k]].values }
    return columns.first?.values ?? fallback
  }

  /// The sum of the coefficients by joint level, a table a group.
  func lookupTables(_ point: [Double]) -> [[Double]] {
    groups.map { group in group.members.map { $0.reduce(0) { $0 + point[$1] } } }
  }

  /// Writes the margins of the rows from `first` on.
  func fillMargins(
    _ point: [Double], tables: [[Double]], first: Int, into margins: inout MutableSpan<Double>
  ) {
    let base = constant.map { $0 * (point.last ?? 0) } ?? 0
    margins.update(repeating: base)
    for (quad, members) in quads() {
      var weights = SIMD4<Double>()
      for (k, c) in members.enumerated() { weights[k] = point[columns[c].place] * quad.factors[k] }
      let x0 = storage(members, 0, fallback: [])
      let x1 = storage(members, 1, fallback: [])
      let x2 = storage(members, 2, fallback: [])
      let x3 = storage(members, 3, fallback: [])
      LinearDesignKernel.addMargins(
        x0.span, x1.span, x2.span, x3.span, quad: quad, weights: weights, first: first,
        into: &margins)
    }
    for (g, group) in groups.enumerated() {
      let codes = group.codes
      let table = tables[g]
      LinearDesignKernel.addLookups(
        codes.span, table: table.span, first: first, into: &margins)
    }
    if let sparse {
      SparseProductsKernel.addMargins(
        offsets: sparse.offsets.span, places: sparse.places.span, values: sparse.values.span,
        weights: point.span, first: first, into: &margins)
    }
  }

  /// `X·point`, one element a row.
  package func margins(at point: [Double], threads: Int = 1) -> [Double] {
    let tables = lookupTables(point)
    let tasks = Parallel.blocks(of: count, size: taskRows)
    return Parallel.map(count: tasks.count, threads: threads) { task in
      var output = [Double](repeating: 0, count: tasks[task].count)
      for block in Parallel.blocks(of: tasks[task].count, size: blockRows) {
        var all = output.mutableSpan
        var span = all._mutatingExtracting(block)
        fillMargins(
          point, tables: tables, first: tasks[task].lowerBound + block.lowerBound, into: &span)
      }
      return output
    }.flatMap { $0 }
  }

  /// Evaluates a loss by rows at a point: margins, loss and gradient in one pass over the columns.
  func pass(
    _ loss: some RowLoss, at point: [Double], threads: Int
  ) -> LinearPass {
    let tables = lookupTables(point)
    let tasks = Parallel.blocks(of: count, size: taskRows)
    let parts = Parallel.map(count: tasks.count, threads: threads) { task in
      let range = tasks[task]
      var sums = GradientSums(self)
      var curvatures = [Double](repeating: 0, count: range.count)
      var margins = [Double](repeating: 0, count: blockRows)
      var slopes = margins
      var value = 0.0
      var extra = 0.0
      for block in Parallel.blocks(of: range.count, size: blockRows) {
        let first = range.lowerBound + block.lowerBound
        var allMargins = margins.mutableSpan
        var marginSpan = allMargins._mutatingExtracting(first: block.count)
        fillMargins(point, tables: tables, first: first, into: &marginSpan)
        var allSlopes = slopes.mutableSpan
        var slopeSpan = allSlopes._mutatingExtracting(first: block.count)
        var allCurvatures = curvatures.mutableSpan
        var curvatureSpan = allCurvatures._mutatingExtracting(block)
        let found = loss.evaluate(
          first: first, margins: marginSpan.span, slopes: &slopeSpan, curvatures: &curvatureSpan)
        value += found.value
        extra += found.extra
        sums.add(slopeSpan.span, first: first, design: self)
      }
      return (value, extra, sums.vector(self), curvatures)
    }
    return LinearPass(
      value: OrderedReduction.sum(parts.map(\.0)), extra: OrderedReduction.sum(parts.map(\.1)),
      gradient: OrderedReduction.sum(parts.map(\.2)), curvatures: parts.map(\.3))
  }

  /// `Xᵀ·vector`, one element a column.
  package func transposedProduct(_ vector: [Double], threads: Int = 1) -> [Double] {
    let tasks = Parallel.blocks(of: count, size: taskRows)
    let parts = Parallel.map(count: tasks.count, threads: threads) { task in
      var sums = GradientSums(self)
      for block in Parallel.blocks(of: tasks[task].count, size: blockRows) {
        let first = tasks[task].lowerBound + block.lowerBound
        sums.add(
          vector.span.extracting(first..<first + block.count), first: first, design: self)
      }
      return sums.vector(self)
    }
    return parts.isEmpty
      ? [Double](repeating: 0, count: width) : OrderedReduction.sum(parts)
  }
}

/// The sums behind `Xᵀ·v`, block by block.
struct GradientSums: Sendable {
  private let quads: [(quad: ColumnQuad, columns: [Int])]
  private var numeric: [SIMD4<Double>]
  private var levels: [[Double]]
  private var sparse: [Double]
  private var total = 0.0

  init(_ design: LinearDesign) {
    quads = design.quads()
    numeric = [SIMD4<Double>](repeating: .zero, count: quads.count)
    levels = design.groups.map { [Double](repeating: 0, count: $0.size) }
    sparse = design.sparse == nil ? [] : [Double](repeating: 0, count: design.width)
  }

  /// Adds the rows from `first` on, as many as the vector has elements.
  mutating func add(_ vector: Span<Double>, first: Int, design: LinearDesign) {
    for (q, (quad, members)) in quads.enumerated() {
      let x0 = design.storage(members, 0, fallback: [])
      let x1 = design.storage(members, 1, fallback: [])
      let x2 = design.storage(members, 2, fallback: [])
      let x3 = design.storage(members, 3, fallback: [])
      numeric[q] += LinearDesignKernel.products(
        x0.span, x1.span, x2.span, x3.span, quad: quad, vector: vector, first: first)
    }
    for (g, group) in design.groups.enumerated() {
      let codes = group.codes
      var span = levels[g].mutableSpan
      LinearDesignKernel.scatter(vector, codes: codes.span, first: first, into: &span)
    }
    if let matrix = design.sparse {
      var span = sparse.mutableSpan
      SparseProductsKernel.addTransposed(
        offsets: matrix.offsets.span, places: matrix.places.span, values: matrix.values.span,
        vector: vector, first: first, into: &span)
    }
    if design.constant != nil { for r in 0..<vector.count { total += vector[r] } }
  }

  /// The sums by the design's columns.
  func vector(_ design: LinearDesign) -> [Double] {
    var result =
      design.sparse == nil ? [Double](repeating: 0, count: design.width) : sparse
    for (q, (quad, members)) in quads.enumerated() {
      for (k, c) in members.enumerated() {
        result[design.columns[c].place] = numeric[q][k] * quad.factors[k]
      }
    }
    for (g, group) in design.groups.enumerated() {
      for (level, members) in group.members.enumerated() {
        for member in members { result[member] += levels[g][level] }
      }
    }
    if let constant = design.constant { result[design.width - 1] = constant * total }
    return result
  }
}
