public import CandorData
import CandorNumerics
public import CandorScoring

/// A fitted random forest: the margin is the mean over the trees of the share of bad rows in the
/// leaf that the row reaches.
///
/// Breiman, "Random forests", 2001, doi:10.1023/A:1010933404324, with the leaves' shares averaged
/// rather than votes counted.
public struct RandomForest: TreeEnsembleScorer, PersistableScorer {
  /// The family's name in files.
  public static let familyName = "random-forest"

  /// The number of encoded columns that a row must have.
  public let inputWidth: Int
  /// The number of nodes of each tree.
  let sizes: [Int32]
  /// The nodes of all trees as `GrownTree` has them.
  let codes: [Int32]
  /// For each encoded column the upper ends of its bins but the last.
  let edges: [[Double]]
  /// The weight of the training rows in each leaf.
  let leafCover: [Double]
  /// The weight of the bad training rows in each leaf.
  let leafBad: [Double]

  // What scoring reads, made of the above.
  private let nodes: [ForestNode]
  private let values: [Double]
  private let covers: [Double]
  private let roots: [Int32]

  /// Joins grown trees to the bins that they were grown on.
  init(
    trees: [GrownTree], edges: [[Double]], inputWidth: Int
  ) throws(ScoringError) {
    try self.init(
      sizes: trees.map { Int32($0.codes.count) }, codes: trees.flatMap(\.codes), edges: edges,
      leafCover: trees.flatMap(\.leafCover), leafBad: trees.flatMap(\.leafBad),
      inputWidth: inputWidth)
  }

  private init(
    sizes: [Int32], codes: [Int32], edges: [[Double]], leafCover: [Double], leafBad: [Double],
    inputWidth: Int
  ) throws(ScoringError) {
    self.sizes = sizes
    self.codes = codes
    self.edges = edges
    self.leafCover = leafCover
    self.leafBad = leafBad
    self.inputWidth = inputWidth
    let layout = try ForestLayout(
      sizes: sizes, codes: codes, edges: edges, leafCover: leafCover, leafBad: leafBad,
      inputWidth: inputWidth)
    nodes = layout.nodes
    values = layout.values
    covers = layout.covers
    roots = layout.roots
  }

  /// The number of trees.
  public var treeCount: Int { sizes.count }

  /// The number of nodes of all trees together.
  public var nodeCount: Int { codes.count }

  /// A share in [0, 1].
  public var marginScale: MarginScale { .probability }

  /// Writes one margin a row; O(rows · trees · depth).
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` where the width differs, a value is not finite, or `output` has
  ///   another length.
  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    // Each leaf's share is at most one, so that a sum of T of them rounds to at most T: the quotient
    // stays inside [0, 1].
    let count = Double(treeCount)
    for range in Parallel.blocks(of: rows.count, size: ForestScoringKernel.block) {
      let bins = bins(of: rows, range)
      var sums = [Double](repeating: 0, count: range.count)
      var span = sums.mutableSpan
      ForestScoringKernel.addLeafValues(
        nodes: nodes.span, values: values.span, roots: roots.span, bins: bins.span,
        columns: inputWidth, into: &span)
      for r in range { output[r] = sums[r - range.lowerBound] / count }
    }
  }

  /// The bins of a range of rows, column after column.
  private func bins(of rows: EncodedRows, _ range: Range<Int>) -> [UInt8] {
    let source = rows.matrix.values
    let width = inputWidth
    var bins: [UInt8] = []
    bins.reserveCapacity(range.count * width)
    var numbers = [Double](repeating: 0, count: range.count)
    var column = [UInt8](repeating: 0, count: range.count)
    for c in 0..<width {
      let cuts = edges[c]
      if cuts.isEmpty {
        bins.append(contentsOf: repeatElement(0, count: range.count))
        continue
      }
      for r in range { numbers[r - range.lowerBound] = source[r * width + c] }
      var target = column.mutableSpan
      BinningKernel.assign(numbers.span, edges: cuts.span, into: &target)
      bins.append(contentsOf: column)
    }
    return bins
  }

  /// The trees in neutral form, made anew at each call: O(nodes).
  public var ensemble: TreeEnsemble {
    var trees: [TreeEnsemble.Tree] = []
    trees.reserveCapacity(treeCount)
    let weight = 1 / Double(treeCount)
    for (tree, root) in roots.enumerated() {
      let range = Int(root)..<Int(root) + Int(sizes[tree])
      var neutral = TreeEnsemble.Tree(weight: weight)
      let isLeaf = range.map { codes[$0] < 0 }
      neutral.feature = range.map { max(codes[$0] >> 8, 0) }
      neutral.threshold = range.map { codes[$0] < 0 ? 0 : threshold(codes[$0]) }
      neutral.left = range.map { codes[$0] < 0 ? -1 : nodes[$0].left - root }
      neutral.right = neutral.left.map { $0 < 0 ? -1 : $0 + 1 }
      neutral.missingGoesLeft = Array(repeating: true, count: isLeaf.count)
      neutral.value = Array(values[range])
      neutral.cover = Array(covers[range])
      trees.append(neutral)
    }
    return TreeEnsemble(trees: trees)
  }

  private func threshold(_ code: Int32) -> Double { edges[Int(code >> 8)][Int(code & 255)] }

  /// The trees as flat tensors: `tree-sizes`, `nodes` (column · 256 + bin, -1 at a leaf, level by
  /// level), `edge-counts` and `edges` (the bins' upper ends, column after column), `leaf-cover` and
  /// `leaf-bad`.
  public var archive: TensorArchive {
    var archive = TensorArchive()
    archive.set("tree-sizes", sizes)
    archive.set("nodes", codes)
    archive.set("edge-counts", edges.map { Int32($0.count) })
    archive.set("edges", edges.flatMap { $0 })
    archive.set("leaf-cover", leafCover)
    archive.set("leaf-bad", leafBad)
    return archive
  }

  /// Reads what `archive` wrote, and checks all of it.
  ///
  /// - Parameter archive: The tensors.
  /// - Throws: `ScoringError` where a tensor is absent, a length does not fit, a tree is not a tree,
  ///   or a number is out of range.
  public init(archive: TensorArchive) throws(ScoringError) {
    let edgeCounts = try archive.int32s("edge-counts")
    let flat = try archive.doubles("edges")
    var edges: [[Double]] = []
    edges.reserveCapacity(edgeCounts.count)
    var position = 0
    for count in edgeCounts {
      guard count >= 0, count <= 255, position + Int(count) <= flat.count else {
        throw ForestLayout.invalid("a column's number of bins does not fit its edges")
      }
      edges.append(Array(flat[position..<position + Int(count)]))
      position += Int(count)
    }
    guard position == flat.count else {
      throw ForestLayout.invalid("there are more edges than the columns have")
    }
    try self.init(
      sizes: archive.int32s("tree-sizes"), codes: archive.int32s("nodes"), edges: edges,
      leafCover: archive.doubles("leaf-cover"), leafBad: archive.doubles("leaf-bad"),
      inputWidth: edges.count)
  }
}

/// The arrays that scoring reads, made of a forest's flat tensors and checked on the way.
private struct ForestLayout {
  var nodes: [ForestNode] = []
  var values: [Double] = []
  var covers: [Double] = []
  var roots: [Int32] = []

  static func invalid(_ what: String) -> ScoringError {
    ScoringError(.invalidModel, "The random forest cannot be read: \(what).")
  }

  init(
    sizes: [Int32], codes: [Int32], edges: [[Double]], leafCover: [Double], leafBad: [Double],
    inputWidth: Int
  ) throws(ScoringError) {
    guard !sizes.isEmpty, inputWidth > 0 else {
      throw Self.invalid("it has no tree or no column")
    }
    guard sizes.allSatisfy({ $0 > 0 }), codes.count < Int(Int32.max),
      sizes.reduce(0, { $0 + Int($1) }) == codes.count
    else { throw Self.invalid("the trees' sizes do not sum to the number of nodes") }
    guard leafCover.count == leafBad.count,
      leafCover.count == codes.reduce(0, { $0 + ($1 < 0 ? 1 : 0) })
    else { throw Self.invalid("the number of leaves differs from that of leaf weights") }
    for column in edges {
      guard column.allSatisfy(\.isFinite), zip(column, column.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw Self.invalid("a column's edges are not finite and rising") }
    }
    nodes.reserveCapacity(codes.count)
    values = Array(repeating: 0, count: codes.count)
    covers = Array(repeating: 0, count: codes.count)
    roots.reserveCapacity(sizes.count)
    var bad = [Double](repeating: 0, count: codes.count)
    var leaf = 0
    var root = 0
    for size in sizes.map(Int.init) {
      roots.append(Int32(root))
      try append(
        codes: codes[root..<root + size], root: root, edges: edges, leafCover: leafCover,
        leafBad: leafBad, leaf: &leaf, bad: &bad)
      // Children stand behind their parents, so one pass from the back sums them up.
      for node in (root..<root + size).reversed() {
        if codes[node] >= 0 {
          let left = Int(nodes[node].left)
          covers[node] = covers[left] + covers[left + 1]
          bad[node] = bad[left] + bad[left + 1]
        }
        guard covers[node].isFinite else { throw Self.invalid("a tree's cover is not finite") }
        values[node] = bad[node] / covers[node]
      }
      root += size
    }
  }

  private mutating func append(
    codes: ArraySlice<Int32>, root: Int, edges: [[Double]], leafCover: [Double],
    leafBad: [Double], leaf: inout Int, bad: inout [Double]
  ) throws(ScoringError) {
    var inner = 0
    for node in codes.indices {
      let code = Int(codes[node])
      if code < 0 {
        let cover = leafCover[leaf]
        let badWeight = leafBad[leaf]
        guard code == -1, cover > 0, cover.isFinite, badWeight >= 0, badWeight <= cover else {
          throw Self.invalid("a leaf's weights are not finite, positive and in order")
        }
        nodes.append(ForestNode(code: ForestNode.leafCode, left: Int32(node)))
        covers[node] = cover
        bad[node] = badWeight
        leaf += 1
        continue
      }
      let column = code >> 8
      let left = root + 2 * inner + 1
      guard column < edges.count, code & 255 < edges[column].count else {
        throw Self.invalid("a node tests a column or bin that is not there")
      }
      guard left > node, left + 1 < codes.endIndex else {
        throw Self.invalid("a node's children do not follow it inside its tree")
      }
      nodes.append(ForestNode(code: Int32(code), left: Int32(left)))
      inner += 1
    }
    guard 2 * inner + 1 == codes.count else {
      throw Self.invalid("a tree has nodes that belong to no parent")
    }
  }
}
