import CandorDocument
import Foundation
import Testing

@Suite struct NumberStyleTests {
  let english = NumberStyle(language: .english)
  let chinese = NumberStyle(language: .simplifiedChinese)

  @Test("Numbers are printed as the report's style says")
  func numbers() {
    #expect(english.string(1000, .integer) == "1,000")
    #expect(english.string(-1_234_567.6, .integer) == "−1,234,568")
    #expect(english.string(999, .integer) == "999")
    #expect(english.string(0.7849, .fixed(2)) == "0.78")
    #expect(english.string(-0.001, .fixed(2)) == "0.00")
    #expect(english.string(12.5, .fixed(0)) == "13")
    #expect(english.string(0.1234, .percent(1)) == "12.3%")
    #expect(english.string(0.0004, .pValue) == "<0.001")
    #expect(english.string(0.0123, .pValue) == "0.012")
    #expect(english.string(.nan, .fixed(2)) == "–")
    #expect(english.string(-.infinity, .fixed(2)) == "−∞")
    #expect(english.string(3.14159, .significant(3)) == "3.14")
    #expect(english.string(0.00012345, .significant(3)) == "0.000123")
    #expect(english.string(2.50, .significant(4)) == "2.5")
    #expect(english.string(18424, .significant(4)) == "18,424")
    #expect(english.string(1.5e-9, .significant(2)) == "1.5e−9")
    #expect(english.string(2.5e20, .fixed(2)) == "2.500e20")
  }

  @Test("Intervals have a dash, and a word where an end is negative")
  func intervals() {
    #expect(english.string(0.78, lower: 0.72, upper: 0.83, .fixed(2)) == "0.78 (0.72–0.83)")
    #expect(
      english.string(-0.1, lower: -0.2, upper: 0.04, .fixed(2)) == "−0.10 (−0.20 to 0.04)")
    #expect(
      chinese.string(-0.1, lower: -0.2, upper: 0.04, .fixed(2)) == "−0.10 (−0.20 至 0.04)")
    #expect(english.string(0.5, lower: nil, upper: 0.6, .fixed(1)) == "0.5")
  }

  @Test("Dates follow the language and hold the same numbers")
  func dates() {
    #expect(english.date("2026-11-04") == "2026-11-04")
    #expect(chinese.date("2026-11-24") == "2026年11月24日")
    #expect(chinese.date("spring") == "spring")
  }

  @Test("Fixed decimals agree with C's printf away from ties")
  func againstPrintf() {
    var state: UInt64 = 42
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = (Double(state >> 11) / 9_007_199_254_740_992 - 0.5) * 1998
      let expected = String(format: "%.3f", abs(value))
      let sign = value < 0 && expected != "0.000" ? "−" : ""
      #expect(english.string(value, .fixed(3)) == sign + expected)
    }
  }
}
