import CandorData
import Testing

@Suite("Numbers as text")
struct PlainTextTests {
  @Test("Whole numbers have no decimals, and what is not finite has its name")
  func examples() {
    let expected: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (42, "42"), (-3, "-3"), (0.1, "0.1"), (-2.5, "-2.5"),
      (999_999_999_999_999, "999999999999999"), (.infinity, "inf"), (-.infinity, "-inf"),
      (.nan, "nan"), (1e300, "1e+300"),
    ]
    for (number, text) in expected { #expect(plainText(number) == text) }
  }

  @Test("Every text reads back to an equal number, at the ends of all ranges")
  func roundTrip() {
    let edges: [Double] = [
      1e15, 1e15 - 1, 1e15 - 0.125, 9_007_199_254_740_992, 9.3e18, -9.3e18, 0x1p63, -0x1p63, 1e19,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    for number in edges { #expect(Double(plainText(number)) == number) }
  }

  @Test("A date column with days that no calendar has is written as numbers")
  func daysBeyondCalendars() {
    let column = Column(
      name: "day", numbers: [0, -1, 1e9, -1e9, 1e300, .infinity, -.infinity, .nan], type: .date)
    #expect(
      (0..<column.count).map { column.text($0) } == [
        "1970-01-01", "1969-12-31", "1000000000", "-1000000000", "1e+300", "inf", "-inf", nil,
      ])
  }
}
