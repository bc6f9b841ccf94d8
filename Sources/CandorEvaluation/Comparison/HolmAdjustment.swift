/// Holm's step-down adjustment of p-values for the number of tests made.
///
/// It holds the chance of any false rejection at the level whatever the dependence of the tests;
/// Holm, Scandinavian Journal of Statistics 6 (1979).
public enum HolmAdjustment {
  /// The adjusted p-values in the order given; compare each with the level itself; O(m log m).
  public static func adjust(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var largest = 0.0
    for (place, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - place) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
