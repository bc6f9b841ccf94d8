/// Losses by rows with their derivatives, a block of rows at a time.
enum RowLossKernel {
  /// Squared hinge: value `c·s²`, slope `−2c·y·s`, curvature `2c` where `s = 1 − y·m` is above zero.
  ///
  /// - Returns: `Σ c·s²` and `Σ c·s`.
  static func squaredHinge(
    _ margins: Span<Double>, signs: Span<Double>, costs: Span<Double>, first: Int,
    slopes: inout MutableSpan<Double>, curvatures: inout MutableSpan<Double>
  ) -> (value: Double, extra: Double) {
    let count = margins.count
    precondition(first >= 0 && first + count <= signs.count && first + count <= costs.count)
    precondition(slopes.count == count && curvatures.count == count)
    var value = 0.0
    var extra = 0.0
    for r in 0..<count {
      let sign = unsafe signs[unchecked: first + r]
      let slack = unsafe max(1 - sign * margins[unchecked: r], 0)
      let cost = unsafe costs[unchecked: first + r]
      let pull = cost * slack
      unsafe slopes[unchecked: r] = -2 * sign * pull
      unsafe curvatures[unchecked: r] = slack > 0 ? 2 * cost : 0
      value += pull * slack
      extra += pull
    }
    return (value, extra)
  }

  /// Logistic loss `w·(log(1 + e^m) − t·m)` with slope `w·(p − t)` and curvature `w·p(1 − p)`.
  ///
  /// p and 1 − p both come from the smaller exponential, so that neither cancels. Where `isUnit`
  /// says that every weight is one, the logarithms are taken of products of up to 256 factors
  /// between one and two.
  static func logistic(
    _ margins: Span<Double>, targets: Span<Double>, weights: Span<Double>, isUnit: Bool,
    first: Int, slopes: inout MutableSpan<Double>, curvatures: inout MutableSpan<Double>
  ) -> Double {
    let count = margins.count
    precondition(first >= 0 && first + count <= targets.count && first + count <= weights.count)
    precondition(slopes.count == count && curvatures.count == count)
    var value = 0.0
    var product = 1.0
    for r in 0..<count {
      let margin = unsafe margins[unchecked: r]
      let target = unsafe targets[unchecked: first + r]
      let weight = unsafe weights[unchecked: first + r]
      let e = SystemMath.exp(-abs(margin))
      let large = 1 / (1 + e)
      let small = e * large
      let probability = margin >= 0 ? large : small
      let complement = margin >= 0 ? small : large
      unsafe slopes[unchecked: r] = weight * ((1 - target) * probability - target * complement)
      unsafe curvatures[unchecked: r] = weight * probability * complement
      // Not max: a margin that is not a number must reach the value.
      let straight = (margin > 0 ? margin : margin < 0 ? 0 : margin) - target * margin
      if isUnit {
        value += straight
        product *= 1 + e
        if r & 255 == 255 {
          value += SystemMath.log(product)
          product = 1
        }
      } else {
        value += weight * (straight + SystemMath.log1p(e))
      }
    }
    return isUnit ? value + SystemMath.log(product) : value
  }
}
