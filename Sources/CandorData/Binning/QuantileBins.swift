/// Intervals of a number line that hold about equally many training values each.
///
/// Bin b holds the values above edge b-1 and at or below edge b, so that `value <= edges[b]` is the
/// same as `bin <= b`. Equal values always share a bin.
public struct QuantileBins: Sendable, Equatable, Codable {
  /// The inner edges, strictly rising: one fewer than there are bins.
  public let edges: [Double]

  /// Takes edges as they are; they must rise strictly, others are left out.
  public init(edges: [Double]) {
    var rising: [Double] = []
    for edge in edges where !edge.isNaN {
      if let last = rising.last, edge <= last { continue }
      rising.append(edge)
    }
    self.edges = rising
  }

  /// The number of bins.
  public var count: Int { edges.count + 1 }

  /// Cuts the line at training values so that the bins hold about equally many of them.
  ///
  /// One bin a distinct value where these are no more than `maximumBins`. Otherwise the values are
  /// walked in rising order and a bin is closed once it holds its share of what is left, so that a
  /// value with many repeats takes a bin and the rest is shared anew. An edge is the midpoint
  /// between neighbouring distinct training values, or the lower of the two where no number lies
  /// between them. NaN is left out. O(n) after a radix sort.
  ///
  /// - Parameters:
  ///   - values: The training values; at least one that is a number, or there is one bin.
  ///   - maximumBins: At most so many bins; 1 at least.
  /// - Returns: The bins.
  public static func fit(_ values: [Double], maximumBins: Int) -> QuantileBins {
    let limit = max(maximumBins, 1)
    if let few = fewDistinct(values, atMost: min(limit, 32)) {
      return QuantileBins(edges: zip(few, few.dropFirst()).map { midpoint($0, $1) })
    }
    // Adding 0 turns -0 into 0: equal numbers get equal keys.
    let sorted = BinningKernel.sort(values.filter { !$0.isNaN }.map { $0 + 0 })
    var distinct: [Double] = []
    var counts: [Int] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      distinct.append(sorted[start])
      counts.append(end - start)
      start = end
    }
    var edges: [Double] = []
    var open = 0
    var remaining = sorted.count
    for i in distinct.indices.dropLast() {
      open += counts[i]
      let binsLeft = limit - edges.count
      let due = distinct.count <= limit || open * binsLeft >= remaining
      if due, binsLeft > 1 {
        edges.append(midpoint(distinct[i], distinct[i + 1]))
        remaining -= open
        open = 0
      }
    }
    return QuantileBins(edges: edges)
  }

  /// The bin of a value; NaN goes to the last.
  public func bin(of value: Double) -> Int {
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if value <= edges[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// A number between two that is at least the lower and less than the upper.
  static func midpoint(_ lower: Double, _ upper: Double) -> Double {
    let middle = lower + (upper - lower) / 2
    if middle.isFinite, middle >= lower, middle < upper { return middle }
    let halves = lower / 2 + upper / 2
    return halves.isFinite && halves >= lower && halves < upper ? halves : lower
  }

  /// The distinct values in rising order, nil once there are more than `limit`.
  private static func fewDistinct(_ values: [Double], atMost limit: Int) -> [Double]? {
    var known: [Double] = []
    var last = Double.nan
    for value in values where value != last && !value.isNaN {
      last = value
      var place = 0
      while place < known.count, known[place] < value { place += 1 }
      if place < known.count, known[place] == value { continue }
      if known.count == limit { return nil }
      known.insert(value + 0, at: place)
    }
    return known
  }
}
