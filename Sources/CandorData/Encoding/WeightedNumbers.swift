import CandorNumerics

/// Numbers with weights, for means and quantiles.
struct WeightedNumbers {
  private let numbers: [Double]
  private let weights: [Double]?
  private let sorted: [Double]
  private let cumulative: [Double]

  /// Takes numbers without NaN; weights nil means one each.
  ///
  /// For quantiles, whole weights count as repeats of a number, and others are scaled to a mean of
  /// one first, since a quantile's position must not depend on the unit of weights.
  init(_ numbers: [Double], weights: [Double]?) {
    self.numbers = numbers
    self.weights = weights
    guard let weights else {
      sorted = BinningKernel.sort(numbers.map { $0 + 0 })
      cumulative = []
      return
    }
    let order = numbers.indices.sorted {
      numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] < numbers[$1]
    }
    sorted = order.map { numbers[$0] }
    let areWhole = weights.allSatisfy { $0 == $0.rounded() }
    let unit = areWhole ? 1 : CompensatedSum.of(weights) / Double(max(weights.count, 1))
    var total = 0.0
    cumulative = order.map { place in
      total += weights[place] / unit
      return total
    }
  }

  var isEmpty: Bool { numbers.isEmpty }
  var minimum: Double? { sorted.first }
  var maximum: Double? { sorted.last }

  /// The weighted mean.
  var mean: Double { Moments.mean(numbers, weights: weights) }

  /// The standard deviation with the whole weight as divisor.
  var populationDeviation: Double {
    Moments(numbers, weights: weights).populationVariance.squareRoot()
  }

  /// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan,
  /// 1996, doi:10.1080/00031305.1996.10473566; the default of NumPy and R).
  func quantile(_ share: Double) -> Double {
    guard let total = cumulative.last else { return Quantiles.sorted(sorted, at: share) }
    let position = max(0, (total - 1) * share)
    let fraction = position - position.rounded(.down)
    let lower = orderStatistic(position.rounded(.down))
    guard fraction > 0 else { return lower }
    return lower + fraction * (orderStatistic(position.rounded(.down) + 1) - lower)
  }

  /// The number at a position (from zero) of the list in which weights are repeats.
  private func orderStatistic(_ position: Double) -> Double {
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > position { high = middle } else { low = middle + 1 }
    }
    return sorted[low]
  }
}
