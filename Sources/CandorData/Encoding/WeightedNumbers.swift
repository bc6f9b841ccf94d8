import CandorNumerics

/// Numbers with weights, for means and quantiles.
struct WeightedNumbers {
  private let numbers: [Double]
  private let weights: [Double]?

  /// Takes numbers without NaN; weights nil means one each.
  init(_ numbers: [Double], weights: [Double]?) {
    self.numbers = numbers
    self.weights = weights
  }

  var isEmpty: Bool { numbers.isEmpty }

  /// The smallest and the largest number, zeros without a sign; nil for none. O(n).
  var range: (minimum: Double, maximum: Double)? {
    guard var low = numbers.first else { return nil }
    var high = low
    let cells = numbers.span
    for i in cells.indices {
      low = cells[i] < low ? cells[i] : low
      high = cells[i] > high ? cells[i] : high
    }
    return (low + 0, high + 0)
  }

  /// The weighted mean.
  var mean: Double { Moments.mean(numbers, weights: weights) }

  /// The standard deviation with the whole weight as divisor.
  var populationDeviation: Double {
    Moments(numbers, weights: weights).populationVariance.squareRoot()
  }

  /// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan,
  /// 1996, doi:10.1080/00031305.1996.10473566; the default of NumPy and R).
  ///
  /// Whole weights count as repeats of a number, and others are scaled to a mean of one first, since
  /// a quantile's position must not depend on the unit of weights. O(n), with weights O(n log n).
  func quantile(_ share: Double) -> Double { quantiles([share])[0] }

  /// Several quantiles, the numbers put in order once at most.
  func quantiles(_ shares: [Double]) -> [Double] {
    guard let weights else { return shares.map { Selection.quantile(of: numbers, at: $0) } }
    let order = numbers.indices.sorted {
      numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] < numbers[$1]
    }
    let areWhole = weights.allSatisfy { $0 == $0.rounded() }
    let unit = areWhole ? 1 : CompensatedSum.of(weights) / Double(max(weights.count, 1))
    var total = 0.0
    let cumulative = order.map { place in
      total += weights[place] / unit
      return total
    }
    /// The number at a position (from zero) of the list in which weights are repeats.
    func orderStatistic(_ position: Double) -> Double {
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > position { high = middle } else { low = middle + 1 }
      }
      return numbers[order[low]]
    }
    return shares.map { share in
      guard !order.isEmpty else { return .nan }
      let position = max(0, (total - 1) * share)
      let fraction = position - position.rounded(.down)
      let lower = orderStatistic(position.rounded(.down))
      guard fraction > 0 else { return lower }
      return lower + fraction * (orderStatistic(position.rounded(.down) + 1) - lower)
    }
  }
}
