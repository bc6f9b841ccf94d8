import Foundation

/// The logistic regression of labels on the log-odds of probabilities, by Newton's method.
struct LogisticRecalibration {
  typealias Coefficient = (value: Double, error: Double)

  /// The intercept with the slope held at 1.
  let interceptAlone: Coefficient?
  let intercept: Coefficient?
  let slope: Coefficient?

  /// Probabilities are kept this far from 0 and 1.
  static let clipping = 1e-12

  init(_ sample: RankedSample) {
    let x = sample.probabilities.map { p in
      let clipped = min(max(p, Self.clipping), 1 - Self.clipping)
      return log(clipped) - log1p(-clipped)
    }
    let unit = sample.hasUnequalWeights ? 1 : sample.weights[0]
    let w = sample.weights.map { $0 / unit }
    let y = sample.labels
    guard sample.badCount > 0, sample.goodCount > 0 else {
      (interceptAlone, intercept, slope) = (nil, nil, nil)
      return
    }
    let robust = sample.hasUnequalWeights
    interceptAlone = Self.fit(x, y, w, freeSlope: false, robust: robust)?.0
    // Classes apart along the probabilities leave the slope without a finite optimum.
    let fitted = Self.apart(x, y) ? nil : Self.fit(x, y, w, freeSlope: true, robust: robust)
    intercept = fitted?.0
    slope = fitted?.1
  }

  private static func apart(_ x: [Double], _ y: [Double]) -> Bool {
    var lowest = [Double.infinity, .infinity]
    var highest = [-Double.infinity, -.infinity]
    for i in 0..<x.count {
      let k = y[i] == 1 ? 1 : 0
      lowest[k] = min(lowest[k], x[i])
      highest[k] = max(highest[k], x[i])
    }
    return lowest[1] >= highest[0] || lowest[0] >= highest[1]
  }

  private struct Sums {
    var loss = 0.0
    var g0 = 0.0
    var g1 = 0.0
    var h00 = 0.0
    var h01 = 0.0
    var h11 = 0.0
    var m00 = 0.0
    var m01 = 0.0
    var m11 = 0.0
  }

  private static func sums(_ x: [Double], _ y: [Double], _ w: [Double], _ a: Double, _ b: Double)
    -> Sums
  {
    var s = Sums()
    for i in 0..<x.count {
      let margin = a + b * x[i]
      let decay = exp(-abs(margin))
      let p = margin >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
      let r = y[i] - p
      let h = w[i] * decay / ((1 + decay) * (1 + decay))
      s.loss += w[i] * (max(margin, 0) - y[i] * margin + log1p(decay))
      s.g0 += w[i] * r
      s.g1 += w[i] * r * x[i]
      s.h00 += h
      s.h01 += h * x[i]
      s.h11 += h * x[i] * x[i]
      let m = w[i] * w[i] * r * r
      s.m00 += m
      s.m01 += m * x[i]
      s.m11 += m * x[i] * x[i]
    }
    return s
  }

  private static func fit(
    _ x: [Double], _ y: [Double], _ w: [Double], freeSlope: Bool, robust: Bool
  ) -> (Coefficient, Coefficient)? {
    var a = 0.0
    var b = 1.0
    var s = sums(x, y, w, a, b)
    for _ in 0..<100 {
      let determinant = freeSlope ? s.h00 * s.h11 - s.h01 * s.h01 : s.h00
      guard determinant > 1e-12 * (freeSlope ? s.h00 * s.h11 : 1), determinant.isFinite else {
        return nil
      }
      let da = freeSlope ? (s.h11 * s.g0 - s.h01 * s.g1) / determinant : s.g0 / s.h00
      let db = freeSlope ? (s.h00 * s.g1 - s.h01 * s.g0) / determinant : 0
      var step = 1.0
      var next = sums(x, y, w, a + da, b + db)
      while !(next.loss <= s.loss + 1e-12 * abs(s.loss)), step > 1e-6 {
        step /= 2
        next = sums(x, y, w, a + step * da, b + step * db)
      }
      a += step * da
      b += step * db
      s = next
      if max(abs(step * da), abs(step * db)) <= 1e-10 * (1 + abs(a) + abs(b)) {
        return errors(s, freeSlope: freeSlope, robust: robust).map { ((a, $0), (b, $1)) }
      }
    }
    return nil
  }

  /// Standard errors from the inverse Hessian, or from the sandwich with it on both sides.
  private static func errors(_ s: Sums, freeSlope: Bool, robust: Bool) -> (Double, Double)? {
    guard freeSlope else {
      guard s.h00 > 0 else { return nil }
      return ((robust ? s.m00 / (s.h00 * s.h00) : 1 / s.h00).squareRoot(), 0)
    }
    let determinant = s.h00 * s.h11 - s.h01 * s.h01
    guard determinant > 0 else { return nil }
    let i00 = s.h11 / determinant
    let i01 = -s.h01 / determinant
    let i11 = s.h00 / determinant
    guard robust else { return (i00.squareRoot(), i11.squareRoot()) }
    let v00 = i00 * i00 * s.m00 + 2 * i00 * i01 * s.m01 + i01 * i01 * s.m11
    let v11 = i01 * i01 * s.m00 + 2 * i01 * i11 * s.m01 + i11 * i11 * s.m11
    return (v00.squareRoot(), v11.squareRoot())
  }
}
