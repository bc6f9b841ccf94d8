import CandorDocument
import Foundation
import Testing

@Suite struct TicksTests {
  @Test("Known ranges have the ticks that a person would choose")
  func known() {
    #expect(Ticks(minimum: 0, maximum: 1).values == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(Ticks(minimum: 0, maximum: 1).decimals == 1)
    #expect(Ticks(minimum: -3, maximum: 7).values == [-2, 0, 2, 4, 6])
    #expect(Ticks(minimum: 0, maximum: 0.3, count: 3).values == [0, 0.1, 0.2, 0.3])
    #expect(Ticks(minimum: 5, maximum: 5).values.contains(5))
    #expect(!Ticks(minimum: .nan, maximum: 2).values.isEmpty)
  }

  @Test("Ticks are equally spaced by 1, 2 or 5, lie inside, and are neither few nor many")
  func properties() {
    var state: UInt64 = 7
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    for _ in 0..<3000 {
      let width = pow(10, next() * 12 - 6)
      let low = (next() - 0.5) * 10 * width
      let ticks = Ticks(minimum: low, maximum: low + width)
      #expect((3...13).contains(ticks.values.count))
      let slack = width * 1e-6
      #expect(ticks.values.allSatisfy { $0 >= low - slack && $0 <= low + width + slack })
      let step = ticks.values[1] - ticks.values[0]
      let gaps = zip(ticks.values.dropFirst(), ticks.values).map { $0 - $1 }
      #expect(gaps.allSatisfy { abs($0 - step) < slack })
      let mantissa = step / pow(10, log10(step * 1.0001).rounded(.down))
      #expect([1.0, 2, 5].contains { abs($0 - mantissa) < 1e-3 })
    }
  }
}
