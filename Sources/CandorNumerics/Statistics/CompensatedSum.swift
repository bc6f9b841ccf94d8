/// A running sum whose error does not grow with the number of terms.
///
/// Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974,
/// doi:10.1002/zamm.19740540106.
@frozen
public struct CompensatedSum: Sendable {
  @usableFromInline var sum: Double
  @usableFromInline var compensation: Double

  /// Starts at a value.
  @inlinable
  public init(_ start: Double = 0) {
    sum = start
    compensation = 0
  }

  /// Adds one term.
  @inlinable
  public mutating func add(_ term: Double) {
    let next = sum + term
    if abs(sum) >= abs(term) {
      compensation += (sum - next) + term
    } else {
      compensation += (term - next) + sum
    }
    sum = next
  }

  /// The sum of the terms so far.
  @inlinable
  public var value: Double {
    // An infinite or NaN sum has a NaN compensation that must not spoil the infinity.
    sum.isFinite ? sum + compensation : sum
  }

  /// The sum of a list.
  public static func of(_ terms: [Double]) -> Double {
    var sum = CompensatedSum()
    for term in terms { sum.add(term) }
    return sum.value
  }
}
