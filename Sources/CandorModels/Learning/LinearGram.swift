package import CandorNumerics

/// The sums behind a weighted Gram matrix of a structured design: products of numeric columns,
/// sums of numeric columns by joint level, and weights by pairs of joint levels.
struct GramSums: Sendable {
  private let quads: [(quad: ColumnQuad, columns: [Int])]
  private var numeric: [Double]
  private var byLevel: [[SIMD4<Double>]]
  private var pairs: [[Double]]
  private var sparse: [Double]

  init(_ design: LinearDesign) {
    guard design.sparse == nil else {
      quads = []
      numeric = []
      byLevel = []
      pairs = []
      sparse = [Double](repeating: 0, count: design.width * design.width)
      return
    }
    quads = design.quads(constantPlace: true)
    let places = 4 * quads.count
    let perRow = quads.count
    numeric = [Double](repeating: 0, count: places * places)
    byLevel = design.groups.map {
      [SIMD4<Double>](repeating: .zero, count: $0.size * perRow)
    }
    pairs = Self.pairs(design).map { first, second in
      [Double](repeating: 0, count: design.groups[first].size * design.groups[second].size)
    }
    sparse = []
  }

  private static func pairs(_ design: LinearDesign) -> [(Int, Int)] {
    design.groups.indices.flatMap { a in (a + 1..<max(design.groups.count, a + 1)).map { (a, $0) } }
  }

  /// Adds rows with their weights, of either sign; zero leaves a row out.
  mutating func add(_ weights: [Double], rows range: Range<Int>, design: LinearDesign) {
    if let matrix = design.sparse {
      var span = sparse.mutableSpan
      SparseProductsKernel.addGram(
        offsets: matrix.offsets.span, places: matrix.places.span, values: matrix.values.span,
        weights: weights.span, first: range.lowerBound, constant: design.constant ?? 0,
        width: design.width, into: &span)
      return
    }
    let size = design.blockRows
    var picked = [Int32](repeating: 0, count: size)
    var scales = [Double](repeating: 0, count: size)
    var tile = [SIMD4<Double>](repeating: .zero, count: size * quads.count)
    let signs: [Double] = weights.contains { $0 < 0 } ? [1, -1] : [1]
    for block in Parallel.blocks(of: range.count, size: size) {
      for sign in signs {
        var pickedSpan = picked.mutableSpan
        var scaleSpan = scales.mutableSpan
        let count = LinearDesignKernel.pick(
          weights.span, first: block.lowerBound, count: block.count, sign: sign,
          picked: &pickedSpan, scales: &scaleSpan)
        guard count > 0 else { continue }
        let first = range.lowerBound + block.lowerBound
        for (q, (quad, members)) in quads.enumerated() {
          let x0 = design.storage(members, 0, fallback: weights)
          let x1 = design.storage(members, 1, fallback: weights)
          let x2 = design.storage(members, 2, fallback: weights)
          let x3 = design.storage(members, 3, fallback: weights)
          var tileSpan = tile.mutableSpan
          // Without numeric columns the factor zero reads the weights themselves.
          let start = design.columns.isEmpty ? block.lowerBound : first
          LinearDesignKernel.pack(
            x0.span, x1.span, x2.span, x3.span, quad: quad, picked: picked.span,
            scales: scales.span, count: count, first: start, blockRows: block.count, place: q,
            quads: quads.count, into: &tileSpan)
        }
        addTile(
          tile, picked: picked, scales: scales, count: count, sign: sign, first: first,
          weights: weights, block: block, design: design)
      }
    }
  }

  private mutating func addTile(
    _ tile: [SIMD4<Double>], picked: [Int32], scales: [Double], count: Int, sign: Double,
    first: Int, weights: [Double], block: Range<Int>, design: LinearDesign
  ) {
    let perRow = quads.count
    var gram = numeric.mutableSpan
    BLAS.addGram(rows: count, quads: perRow, tile.span, sign: sign, into: &gram)
    for (g, group) in design.groups.enumerated() {
      let codes = group.codes
      var table = byLevel[g].mutableSpan
      LinearDesignKernel.scatterRows(
        tile.span, quads: perRow, picked: picked.span, scales: scales.span, count: count,
        sign: sign, codes: codes.span, first: first, into: &table)
    }
    for (p, (a, b)) in Self.pairs(design).enumerated() {
      let codes = design.groups[a].codes
      let others = design.groups[b].codes
      let otherSize = design.groups[b].size
      var table = pairs[p].mutableSpan
      let rows = first..<first + block.count
      LinearDesignKernel.scatterPairs(
        picked: picked.span, weights: weights.span.extracting(block), count: count,
        codes: codes.span.extracting(rows), others: others.span.extracting(rows),
        otherSize: otherSize, first: 0, into: &table)
    }
  }

  /// Adds the sums of other rows.
  mutating func add(_ other: GramSums) {
    func sum<Element: AdditiveArithmetic>(_ a: inout [Element], _ b: [Element]) {
      for k in a.indices { a[k] += b[k] }
    }
    sum(&numeric, other.numeric)
    sum(&sparse, other.sparse)
    for g in byLevel.indices {
      for k in byLevel[g].indices { byLevel[g][k] += other.byLevel[g][k] }
    }
    for p in pairs.indices { sum(&pairs[p], other.pairs[p]) }
  }

  /// The Gram matrix of the design's columns, full and symmetric.
  func matrix(_ design: LinearDesign) -> Matrix {
    let width = design.width
    var gram = Matrix(rows: width, columns: width)
    if design.sparse != nil {
      for r in 0..<width {
        for c in r..<width {
          gram[r, c] = sparse[r * width + c]
          gram[c, r] = sparse[r * width + c]
        }
      }
      return gram
    }
    // Numeric columns and the column of ones, which stands for the constant one.
    let constant = design.constant ?? 0
    var places = design.columns.map { ($0.place, 1.0) }
    if design.constant != nil { places.append((width - 1, constant)) }
    let stride = 4 * quads.count
    for (i, (row, rowFactor)) in places.enumerated() {
      for (j, (column, columnFactor)) in places.enumerated() where j >= i {
        let sum = numeric[i * stride + j] * rowFactor * columnFactor
        gram[row, column] = sum
        gram[column, row] = sum
      }
    }
    for (g, group) in design.groups.enumerated() {
      for (code, members) in group.members.enumerated() {
        let start = code * quads.count
        for member in members {
          for (j, (column, factor)) in places.enumerated() {
            gram[member, column] += byLevel[g][start + j / 4][j % 4] * factor
          }
          let ones = design.columns.count
          let total = byLevel[g][start + ones / 4][ones % 4]
          for other in members { gram[member, other] += total }
        }
      }
    }
    for (p, (a, b)) in Self.pairs(design).enumerated() {
      let others = design.groups[b].members
      for (code, members) in design.groups[a].members.enumerated() {
        for (otherCode, otherMembers) in others.enumerated() {
          let sum = pairs[p][code * others.count + otherCode]
          if sum == 0 { continue }
          for member in members { for other in otherMembers { gram[member, other] += sum } }
        }
      }
    }
    for group in design.groups {
      for member in Set(group.members.flatMap { $0 }) {
        for (column, _) in places { gram[column, member] = gram[member, column] }
      }
    }
    for (a, b) in Self.pairs(design) {
      let rows = Set(design.groups[a].members.flatMap { $0 })
      for other in Set(design.groups[b].members.flatMap { $0 }) {
        for row in rows { gram[other, row] = gram[row, other] }
      }
    }
    return gram
  }
}

extension LinearDesign {
  /// `Xᵀ·diag(weights)·X` for weights of either sign, given as passes give them; the same bits at
  /// any number of threads.
  func gram(_ weights: [[Double]], threads: Int) -> Matrix {
    let tasks = Parallel.blocks(of: count, size: taskRows)
    let parts = Parallel.map(count: tasks.count, threads: threads) { task in
      var sums = GramSums(self)
      sums.add(weights[task], rows: tasks[task], design: self)
      return sums
    }
    var total = GramSums(self)
    for part in parts { total.add(part) }
    return total.matrix(self)
  }

  /// The same for a weight a row in one list.
  package func gram(_ weights: [Double], threads: Int = 1) -> Matrix {
    gram(
      Parallel.blocks(of: count, size: taskRows).map { Array(weights[$0]) }, threads: threads)
  }
}
