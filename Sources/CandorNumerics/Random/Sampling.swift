/// Permutations and samples from a counter-based generator, the same on every platform.
public enum Sampling {
  /// A uniformly random order of `0..<count` (Fisher and Yates in Durstenfeld's form, 1964); O(n).
  public static func permutation(_ count: Int, using generator: inout CounterGenerator) -> [Int] {
    var result = Array(0..<max(count, 0))
    shuffle(&result, using: &generator)
    return result
  }

  /// Puts an array into a uniformly random order; O(n).
  public static func shuffle<Element>(
    _ array: inout [Element], using generator: inout CounterGenerator
  ) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      let chosen = generator.nextInteger(below: last + 1)
      if chosen != last { array.swapAt(chosen, last) }
    }
  }

  /// A uniformly random subset of `0..<count` in ascending order; all of it where `size` is larger.
  ///
  /// Large subsets are marked in one pass of selection sampling, small ones by Floyd's method
  /// (Bentley and Floyd, 1987, doi:10.1145/30401.315746), which costs O(size · log size).
  public static func withoutReplacement(
    _ size: Int, from count: Int, using generator: inout CounterGenerator
  ) -> [Int] {
    let population = max(count, 0)
    let wanted = min(max(size, 0), population)
    if wanted * 8 >= population {
      var result: [Int] = []
      result.reserveCapacity(wanted)
      for index in 0..<population where result.count < wanted {
        if generator.nextInteger(below: population - index) < wanted - result.count {
          result.append(index)
        }
      }
      return result
    }
    var chosen = Set<Int>(minimumCapacity: wanted)
    for last in population - wanted..<population {
      let candidate = generator.nextInteger(below: last + 1)
      if !chosen.insert(candidate).inserted { chosen.insert(last) }
    }
    return chosen.sorted()
  }

  /// The positions of a bootstrap sample: `count` draws with replacement from `0..<count`.
  public static func bootstrapIndices(
    _ count: Int, using generator: inout CounterGenerator
  ) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(max(count, 0))
    for _ in 0..<max(count, 0) { result.append(generator.nextInteger(below: count)) }
    return result
  }

  /// How often each position stands in a bootstrap sample; from one state the same draws as
  /// `bootstrapIndices`.
  public static func bootstrapCounts(
    _ count: Int, using generator: inout CounterGenerator
  ) -> [Int32] {
    var result = [Int32](repeating: 0, count: max(count, 0))
    for _ in 0..<max(count, 0) { result[generator.nextInteger(below: count)] += 1 }
    return result
  }

  /// A position with probability proportional to its weight; O(log n).
  ///
  /// - Parameters:
  ///   - cumulative: The running sums of non-negative weights; the last is their total.
  ///   - generator: The source of randomness.
  /// - Returns: The position; a weight of 0 is never drawn. 0 where the total is 0.
  public static func weightedIndex(
    cumulative: [Double], using generator: inout CounterGenerator
  ) -> Int {
    guard let total = cumulative.last, total > 0 else { return 0 }
    let target = generator.nextUniform() * total
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > target { high = middle } else { low = middle + 1 }
    }
    // Rounding may lift the target to the total: the last position with weight, not the last one.
    while low > 0, cumulative[low] == cumulative[low - 1] { low -= 1 }
    return low
  }
}
