/// Trees in flat arrays, neutral as to who grew them.
///
/// The margin of a row is `baseMargin + Σ treeWeight · leafValue`. A node is a leaf where its
/// `left` is negative. At an inner node a row goes left where its value of `feature` satisfies
/// `comparison` against `threshold`, compared in `precision`; a NaN goes to the side that
/// `missingGoesLeft` names; with a category set, rows whose level code is in the set go left. Level
/// codes are those of the column's levels: a scorer may treat what is none of them as missing.
public struct TreeEnsemble: Sendable, Equatable {
  /// How a value is compared with a threshold.
  public enum Comparison: String, Sendable, Codable { case lessOrEqual, less }
  /// The precision to which the value is rounded before it is compared.
  public enum Precision: String, Sendable, Codable { case double, single }

  /// One tree, its root at position zero.
  public struct Tree: Sendable, Equatable {
    /// The encoded column tested at each node (unused at leaves).
    public var feature: [Int32]
    /// The threshold at each node (unused at leaves).
    public var threshold: [Double]
    /// The left child, or -1 at a leaf.
    public var left: [Int32]
    /// The right child, or -1 at a leaf.
    public var right: [Int32]
    /// Whether a missing value goes left.
    public var missingGoesLeft: [Bool]
    /// The node's value in margin units; at inner nodes the cover-weighted mean of its leaves.
    public var value: [Double]
    /// The weight of the training rows that reached the node.
    public var cover: [Double]
    /// The categories that go left, for nodes that test a set.
    public var categories: [Int: Set<Int32>]
    /// The factor of this tree in the sum.
    public var weight: Double

    /// An empty tree with this factor.
    public init(weight: Double) {
      feature = []
      threshold = []
      left = []
      right = []
      missingGoesLeft = []
      value = []
      cover = []
      categories = [:]
      self.weight = weight
    }

    /// The number of nodes.
    public var nodeCount: Int { left.count }

    /// Adds a leaf and gives its position.
    ///
    /// - Parameters:
    ///   - value: The leaf's value in margin units.
    ///   - cover: The weight of the training rows in it.
    /// - Returns: The position of the new node.
    public mutating func appendLeaf(value: Double, cover: Double) -> Int {
      feature.append(0)
      threshold.append(0)
      left.append(-1)
      right.append(-1)
      missingGoesLeft.append(true)
      self.value.append(value)
      self.cover.append(cover)
      return left.count - 1
    }
  }

  /// The trees.
  public var trees: [Tree]
  /// The margin before any tree has spoken.
  public var baseMargin: Double
  /// How values are compared with thresholds.
  public var comparison: Comparison
  /// The precision of the comparison.
  public var precision: Precision

  /// Joins trees to what they share.
  public init(
    trees: [Tree], baseMargin: Double = 0, comparison: Comparison = .lessOrEqual,
    precision: Precision = .double
  ) {
    self.trees = trees
    self.baseMargin = baseMargin
    self.comparison = comparison
    self.precision = precision
  }
}
