import CandorNumerics

/// Numbers outside Tukey's outer fences: more than three interquartile ranges (or as the limits
/// say) below the first or above the third quartile ("Exploratory Data Analysis", 1977, chapter 2).
///
/// `count` cells, `share` of the cells present, `measure` the farthest cell's distance from its
/// quartile in interquartile ranges; the farthest cells as examples. Where that range is zero the
/// fences would take in half of the column, so that nothing is said.
enum Outliers: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    subject.features.compactMap { column in
      guard case .numbers(let numbers) = column.storage else { return nil }
      let sorted = BinningKernel.sort(numbers.filter { $0.isFinite }.map { $0 + 0 })
      let lower = Quantiles.sorted(sorted, at: 0.25)
      let upper = Quantiles.sorted(sorted, at: 0.75)
      let range = upper - lower
      guard range > 0 else { return nil }
      func distance(_ row: Int) -> Double {
        max(lower - numbers[row], numbers[row] - upper) / range
      }
      let outside = numbers.indices.filter {
        numbers[$0].isFinite && distance($0) > subject.limits.outlierFences
      }
      guard !outside.isEmpty else { return nil }
      let farthest = outside.sorted {
        let (a, b) = (distance($0), distance($1))
        return a == b ? $0 < $1 : a > b
      }
      let shown = farthest.prefix(DataCheckResult.exampleLimit)
      return DataCheckResult(
        .outliers, .information, columns: [column.name], count: outside.count,
        share: Double(outside.count) / Double(sorted.count), measure: distance(farthest[0]),
        examples: shown.compactMap { column.text($0) }, rowExamples: Array(shown))
    }
  }
}
