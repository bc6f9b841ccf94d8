import CandorData
import CandorNumerics
import Testing

@Suite struct NumberFactsTests {
  @Test("Every level counts distinct and missing numbers as a set does, at every length")
  func sameAsSet() {
    var generator = SeedTree(seed: 9).child("facts").generator()
    for form in 0..<9 {
      for count in Array(0...35) + [500, 4001] {
        let numbers = (0..<count).map { place -> Double in
          if form % 2 == 1, generator.nextInteger(below: 7) == 0 { return .nan }
          let whole = Double(generator.nextInteger(below: [4, 300, 1 << 20, 1 << 40][form % 4]))
          switch form {
          case 0, 1: return place % 3 == 0 ? -0.0 : whole - 2
          case 2, 3: return whole / 100
          case 4: return generator.nextNormal() * 1e-7
          // A few without a place in the field, and very many.
          case 5: return place % 40 == 39 ? 1e200 : whole / 10
          case 6: return place % 3 == 0 ? .infinity : whole
          case 7: return place > 210 ? whole + 1 / 3.0 : whole
          default: return -whole / 8
          }
        }
        let present = numbers.filter { !$0.isNaN }
        let distinct = Set(present.map { $0 == 0 ? 0 : $0 }).count
        for level in VectorLevel.allCases where level <= .best {
          let facts = NumberFacts(numbers, level: level)
          #expect(facts.distinct == distinct, "form \(form), \(count) numbers, \(level)")
          #expect(
            facts.missing == count - present.count, "form \(form), \(count) numbers, \(level)")
        }
      }
    }
  }
}
