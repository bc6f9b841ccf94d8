/// The factors of the marginal game in trees.
enum TreeShapleyFactors {
  /// At `b · stride + a`, with stride `most + 1`: `(a − 1)! b! / (a + b)!` for a above zero, and
  /// `a! (b − 1)! / (a + b)!` for b above zero; zero where there is no such player.
  static func pairs(most: Int) -> [SIMD2<Double>] {
    let stride = most + 1
    var table = [SIMD2<Double>](repeating: .zero, count: stride * stride)
    for a in 1..<max(stride, 1) {
      // From 1 / a at b = 0: each further player of the row multiplies by b / (a + b).
      var factor = 1 / Double(a)
      for b in 0...(most - a) {
        if b > 0 { factor *= Double(b) / Double(a + b) }
        table[b * stride + a].x = factor
        table[a * stride + b].y = factor
      }
    }
    return table
  }

  /// `(a − 1)! b! / (a + b)!` for a above zero: the integral of `t^(a − 1) (1 − t)^b`.
  static func integral(_ a: Int, _ b: Int) -> Double {
    var factor = 1 / Double(a)
    for k in 0..<b { factor *= Double(k + 1) / Double(a + k + 1) }
    return factor
  }
}
