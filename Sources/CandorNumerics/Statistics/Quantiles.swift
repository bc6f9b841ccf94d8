/// Sample quantiles.
public enum Quantiles {
  /// The quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan,
  /// 1996, doi:10.1080/00031305.1996.10473566); NaN for an empty list or p outside 0…1.
  public static func value(of values: [Double], at p: Double) -> Double {
    sorted(values.sorted(), at: p)
  }

  /// The quantile of type 7 of a list in ascending order; O(1).
  public static func sorted(_ values: [Double], at p: Double) -> Double {
    guard !values.isEmpty, p >= 0, p <= 1 else { return .nan }
    let place = p * Double(values.count - 1)
    let low = Int(place)
    let fraction = place - Double(low)
    guard fraction > 0, low + 1 < values.count else { return values[low] }
    return values[low] + fraction * (values[low + 1] - values[low])
  }

  /// The smallest value at which the cumulative weight reaches the fraction p of the total (the
  /// inverse of the weighted distribution function); the scale of the weights does not matter.
  ///
  /// - Parameters:
  ///   - values: The values in any order.
  ///   - weights: Non-negative weights, one a value.
  ///   - p: The fraction, 0…1.
  /// - Returns: The quantile; NaN where no weight is positive, lengths differ or p is outside 0…1.
  public static func weighted(values: [Double], weights: [Double], at p: Double) -> Double {
    guard values.count == weights.count, p >= 0, p <= 1 else { return .nan }
    let order = Ranks.order(values).filter { weights[$0] > 0 }
    let total = CompensatedSum.of(order.map { weights[$0] })
    let target = p * total
    var reached = CompensatedSum()
    for index in order {
      reached.add(weights[index])
      if reached.value >= target { return values[index] }
    }
    return order.last.map { values[$0] } ?? .nan
  }
}
