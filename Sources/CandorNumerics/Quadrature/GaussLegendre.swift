/// Gauss–Legendre quadrature, exact for polynomials up to degree 2·order − 1.
public enum GaussLegendre {
  /// The nodes in ascending order and the weights on the interval from 0 to 1; O(order²).
  ///
  /// Roots of the Legendre polynomial by Newton's method from Tricomi's approximation; Davis and
  /// Rabinowitz, "Methods of Numerical Integration", 2nd edition, 1984, section 2.7.
  ///
  /// - Parameter order: The number of nodes; none for an order below one.
  /// - Returns: The nodes and their weights, which sum to 1.
  public static func nodesAndWeights(order: Int) -> (nodes: [Double], weights: [Double]) {
    guard order > 0 else { return ([], []) }
    var nodes = [Double](repeating: 0.5, count: order)
    var weights = [Double](repeating: 0, count: order)
    let n = Double(order)
    for k in 0..<(order + 1) / 2 {
      var x = SystemMath.cos(Double.pi * (Double(k) + 0.75) / (n + 0.5))
      x *= 1 - (1 - 1 / n) / (8 * n * n)
      if order % 2 == 1, k == order / 2 { x = 0 }
      var slope = legendre(order, x).slope
      for _ in 0..<50 where x != 0 {
        let (value, derivative) = legendre(order, x)
        slope = derivative
        let step = value / derivative
        x -= step
        if abs(step) <= 1e-16 { break }
      }
      slope = legendre(order, x).slope
      let weight = 1 / ((1 - x * x) * slope * slope)
      nodes[k] = (1 - x) / 2
      nodes[order - 1 - k] = (1 + x) / 2
      weights[k] = weight
      weights[order - 1 - k] = weight
    }
    return (nodes, weights)
  }

  private static func legendre(_ order: Int, _ x: Double) -> (value: Double, slope: Double) {
    var before = 1.0
    var value = x
    var slopeBefore = 0.0
    var slope = 1.0
    for k in 1..<max(order, 1) {
      let j = Double(k)
      let next = ((2 * j + 1) * x * value - j * before) / (j + 1)
      // P′ₖ₊₁ = P′ₖ₋₁ + (2k + 1)·Pₖ needs no division by 1 − x².
      let nextSlope = slopeBefore + (2 * j + 1) * value
      before = value
      value = next
      slopeBefore = slope
      slope = nextSlope
    }
    return (value, slope)
  }
}
