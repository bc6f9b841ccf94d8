/// The best split found so far at a node.
struct SplitCandidate<S: NodeStatistic>: Sendable {
  /// How much of the spread the split explains, as a fraction `numerator / denominator`; higher is
  /// better.
  var numerator = -Double.infinity
  /// Above zero.
  var denominator = 1.0
  /// The encoded column; -1 where no split was found.
  var column: Int32 = -1
  /// Of a column of numbers: rows with a bin at most this go left.
  var bin: UInt8 = 0
  /// Whether missing cells go left.
  var missingGoesLeft = false
  /// Whether the node had missing cells in the column.
  var sawMissing = false
  /// Whether all numbers go to one side and the missing cells to the other.
  var splitsMissingOff = false
  /// Of a column of level codes: a bit for each bin that goes right.
  var rightSet = SIMD4<UInt64>.zero
  /// Of a column of level codes: a bit for each bin that has rows at the node.
  var seenSet = SIMD4<UInt64>.zero
  /// The sums over the rows that go left.
  var left = S.zero
}

/// How good a split is, as a fraction `x / y` with `y` above zero; higher is better, and one more
/// unit of it means the same for every split of a node.
protocol SplitQuality: Sendable {
  /// The quality of a split into two sides of these weights and weighted target sums.
  func fraction(
    weightLeft: Double, sumLeft: Double, weightRight: Double, sumRight: Double
  ) -> SIMD2<Double>
}

/// Variance and Gini: `Σ sum² / weight` over the children.
///
/// The weighted variance of the children is `Σ squares − Σ sum² / weight`, and of targets 0 and 1 it
/// is half the Gini impurity `2 w p (1 − p)`: both are least where this is most. Kept as one fraction
/// so that two splits are compared without a division.
struct SquareQuality: SplitQuality {
  @inline(__always)
  func fraction(
    weightLeft: Double, sumLeft: Double, weightRight: Double, sumRight: Double
  ) -> SIMD2<Double> {
    SIMD2(
      sumLeft * sumLeft * weightRight + sumRight * sumRight * weightLeft,
      weightLeft * weightRight)
  }
}
