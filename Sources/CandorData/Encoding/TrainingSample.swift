import CandorNumerics

/// The rows that something is learnt from, with their targets and weights.
struct TrainingSample {
  /// Positions in the table, those of weight zero left out.
  let rows: [Int]
  /// The target of each of these rows; empty where there are none.
  let targets: [Double]
  /// The weight of each of these rows; nil means one each.
  let weights: [Double]?

  /// Picks the training rows out of a table of `count` rows.
  init(
    count: Int, rows: [Int]?, targets: [Double]?, weights: [Double]?
  ) throws(DataError) {
    let asked = rows ?? Array(0..<count)
    try Self.check(positions: asked, count: count)
    for (name, list) in [("targets", targets), ("weights", weights)] {
      if let list, list.count != count {
        throw DataError(
          .badOption,
          "there are \(list.count) \(name) for \(count) rows; give one for every row of the table")
      }
    }
    if let weights, let row = asked.first(where: { !(weights[$0] >= 0 && weights[$0].isFinite) }) {
      throw DataError(
        .badOption, "row \(row + 1) has a weight that is not a finite number of zero or more",
        value: String(weights[row]))
    }
    let used = weights.map { weights in asked.filter { weights[$0] > 0 } } ?? asked
    guard !used.isEmpty else {
      throw DataError(.tooFewRows, "there is no row of positive weight to learn from")
    }
    if let targets, let row = used.first(where: { targets[$0] != 0 && targets[$0] != 1 }) {
      throw DataError(
        .unknownTargetValue, "row \(row + 1) has a target that is neither 0 (good) nor 1 (bad)",
        value: String(targets[row]))
    }
    self.rows = used
    self.targets = targets.map { targets in used.map { targets[$0] } } ?? []
    self.weights = weights.map { weights in used.map { weights[$0] } }
  }

  /// Refuses positions outside a table.
  static func check(positions: [Int], count: Int) throws(DataError) {
    if let row = positions.first(where: { $0 < 0 || $0 >= count }) {
      throw DataError(
        .badOption, "row position \(row) is outside the table, which has \(count) rows")
    }
  }

  /// The weight of the i-th of these rows.
  func weight(_ i: Int) -> Double { weights?[i] ?? 1 }
}

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
    let unit = areWhole ? 1 : OrderedReduction.sum(weights) / Double(max(weights.count, 1))
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
  var mean: Double {
    guard let weights else { return OrderedReduction.sum(numbers) / Double(numbers.count) }
    return OrderedReduction.sum(zip(numbers, weights).map { $0 * $1 })
      / OrderedReduction.sum(weights)
  }

  /// The standard deviation with the whole weight as divisor, in two passes.
  var populationDeviation: Double {
    let mean = mean
    let squares = numbers.map { ($0 - mean) * ($0 - mean) }
    guard let weights else {
      return (OrderedReduction.sum(squares) / Double(numbers.count)).squareRoot()
    }
    let total = OrderedReduction.sum(zip(squares, weights).map { $0 * $1 })
    return (total / OrderedReduction.sum(weights)).squareRoot()
  }

  /// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan,
  /// 1996, doi:10.1080/00031305.1996.10473566; the default of NumPy and R).
  func quantile(_ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let total = cumulative.last ?? Double(sorted.count)
    let position = max(0, (total - 1) * share)
    let lower = orderStatistic(position.rounded(.down))
    let upper = min(orderStatistic(position.rounded(.down) + 1), last)
    let fraction = position - position.rounded(.down)
    return fraction == 0 ? lower : lower + fraction * (upper - lower)
  }

  /// The number at a position (from zero) of the list in which weights are repeats.
  private func orderStatistic(_ position: Double) -> Double {
    guard !cumulative.isEmpty else { return sorted[min(Int(position), sorted.count - 1)] }
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > position { high = middle } else { low = middle + 1 }
    }
    return sorted[low]
  }
}
