import ArgumentParser

/// Row numbers as a person writes them: `7`, `3-9`, or several with commas between.
struct RowRanges: ExpressibleByArgument {
  /// The ranges, in the order given; they count from 1.
  let ranges: [ClosedRange<Int>]

  init?(argument: String) {
    var ranges: [ClosedRange<Int>] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      switch ends.count {
      case 1:
        guard let only = ends[0] else { return nil }
        ranges.append(only...only)
      case 2:
        guard let first = ends[0], let last = ends[1], first <= last else { return nil }
        ranges.append(first...last)
      default: return nil
      }
    }
    self.ranges = ranges
  }
}
