/// Mean and variance of a list, weighted or not, in two passes with compensated sums.
///
/// Weights count as frequencies: integer weights give what repeated values give.
public struct Moments: Sendable {
  /// The sum of the weights, the count where there are none.
  public let totalWeight: Double
  /// The weighted mean; NaN where the total weight is 0.
  public let mean: Double
  /// Σ wᵢ·(xᵢ − mean)².
  public let sumOfSquaredDeviations: Double

  /// Computes the moments; weights beyond the values, or values beyond the weights, are a mistake
  /// of the caller that stops the program.
  public init(_ values: [Double], weights: [Double]? = nil) {
    var total = CompensatedSum()
    var sum = CompensatedSum()
    if let weights {
      precondition(weights.count == values.count)
      for index in 0..<values.count {
        total.add(weights[index])
        sum.add(weights[index] * values[index])
      }
    } else {
      total.add(Double(values.count))
      for value in values { sum.add(value) }
    }
    let weight = total.value
    let mean = weight > 0 ? sum.value / weight : .nan
    var squares = CompensatedSum()
    var remainder = CompensatedSum()
    for index in 0..<values.count {
      let deviation = values[index] - mean
      let factor = weights?[index] ?? 1
      squares.add(factor * deviation * deviation)
      remainder.add(factor * deviation)
    }
    // The second term takes out the rounding of the mean (Chan, Golub and LeVeque, 1983,
    // doi:10.1080/00031305.1983.10483115).
    let correction = weight > 0 ? remainder.value * remainder.value / weight : 0
    totalWeight = weight
    self.mean = mean
    sumOfSquaredDeviations = max(squares.value - correction, 0)
  }

  /// The variance with the divisor total weight.
  public var populationVariance: Double {
    totalWeight > 0 ? sumOfSquaredDeviations / totalWeight : .nan
  }

  /// The variance with the divisor total weight − 1; NaN where that is not positive.
  public var variance: Double {
    totalWeight > 1 ? sumOfSquaredDeviations / (totalWeight - 1) : .nan
  }

  /// The square root of `variance`.
  public var standardDeviation: Double { variance.squareRoot() }

  /// The mean of a list; NaN for none.
  public static func mean(_ values: [Double], weights: [Double]? = nil) -> Double {
    Moments(values, weights: weights).mean
  }

  /// The variance of a list with the divisor total weight − 1.
  public static func variance(_ values: [Double], weights: [Double]? = nil) -> Double {
    Moments(values, weights: weights).variance
  }

  /// The standard deviation of a list with the divisor total weight − 1.
  public static func standardDeviation(_ values: [Double], weights: [Double]? = nil) -> Double {
    Moments(values, weights: weights).standardDeviation
  }
}
