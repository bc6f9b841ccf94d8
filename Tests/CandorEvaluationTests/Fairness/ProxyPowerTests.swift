import CandorEvaluation
import CandorNumerics
import Testing

@Suite("Proxy power")
struct ProxyPowerTests {
  private func halves(_ count: Int, seed: UInt64) -> [Bool] {
    var generator = SeedTree(seed: seed).child("halves").generator()
    return (0..<count).map { _ in generator.nextInteger(below: 2) == 0 }
  }

  private func measure(
    _ numbers: [Double], _ groups: [String?], order: [String], seed: UInt64 = 1
  ) throws -> [ProxyPower] {
    let halves = halves(numbers.count, seed: seed)
    return try ProxyPower.measure(
      ProxyLevels(numbers: numbers, isFitted: halves), groups: groups, order: order,
      isFitted: halves)
  }

  @Test("The area is that of two normal distributions apart", arguments: [0.0, 0.3, 0.8, 1.5])
  func normal(shift: Double) throws {
    // P(X1 > X0) = Φ(shift / √2); twenty bins lose a little of it.
    let truth = Normal.cumulative(shift / 2.0.squareRoot())
    var sum = 0.0
    for seed in 1...UInt64(5) {
      var generator = SeedTree(seed: seed).child("normal").generator()
      let groups = (0..<8000).map { $0 % 3 == 0 ? "a" : "b" }
      let numbers = groups.map { generator.nextNormal() + ($0 == "a" ? shift : 0) }
      for sign in [1.0, -1] {
        let found = try measure(numbers.map { sign * $0 }, groups, order: ["a", "b"], seed: seed)
        #expect(found.count == 1 && found[0].group == "a")
        let error = try #require(found[0].auc.standardError)
        #expect(abs(found[0].auc.value - truth) < 4 * error + 0.005)
        sum += found[0].auc.value
      }
    }
    #expect(abs(sum / 10 - truth) < 0.012)
  }

  @Test("A relation that bends, and one that hides in missing cells, is found")
  func bent() throws {
    var generator = SeedTree(seed: 4).generator()
    let groups = (0..<6000).map { ["young", "middle", "old"][$0 % 3] }
    // The middle group has middling numbers: no order of the numbers tells it.
    let numbers = groups.map { group in
      generator.nextNormal() + (group == "young" ? -3.0 : group == "old" ? 3 : 0)
    }
    let found = try measure(numbers, groups, order: ["young", "middle", "old"])
    #expect(found.map(\.group) == ["young", "middle", "old"])
    #expect(found.allSatisfy { $0.auc.value > 0.9 })
    let missing = groups.map { $0 == "old" && generator.nextUniform() < 0.6 ? Double.nan : 1 }
    let hidden = try measure(missing, groups, order: ["young", "middle", "old"])
    // 60% of the group stand apart, the rest tie: 0.6 + 0.4 / 2.
    #expect(abs(hidden[2].auc.value - 0.8) < 0.02)
  }

  @Test("A feature of many levels that says nothing is no proxy")
  func levelsOfNothing() throws {
    var generator = SeedTree(seed: 5).generator()
    let groups = (0..<2000).map { _ in generator.nextUniform() < 0.4 ? "f" : "m" }
    let codes = (0..<2000).map { _ in Int32(generator.nextInteger(below: 500)) }
    let halves = halves(2000, seed: 2)
    let found = try ProxyPower.measure(
      ProxyLevels(codes: codes, count: 500), groups: groups, order: ["f", "m"], isFitted: halves)
    // Judged on the rows that the shares were fitted on, four rows a level would tell a lot.
    #expect(abs(found[0].auc.value - 0.5) < 0.06)
    let upper = try #require(found[0].auc.upper)
    #expect(upper < 0.6)
  }

  @Test("Area, error and interval are DeLong's of the judged rows")
  func deLong() throws {
    var generator = SeedTree(seed: 6).generator()
    let codes = (0..<600).map { _ in Int32(generator.nextInteger(below: 5)) - 1 }
    let groups = codes.map { code in
      generator.nextUniform() < 0.3 + 0.1 * Double(code) ? "a" : "b"
    }
    let halves = halves(600, seed: 3)
    let found = try ProxyPower.measure(
      ProxyLevels(codes: codes, count: 4), groups: groups, order: ["a", "b"], isFitted: halves)
    func share(_ code: Int32) -> Double {
      let rows = codes.indices.filter { halves[$0] && codes[$0] == code }
      let whole = codes.indices.filter { halves[$0] }
      let overall = Double(whole.count { groups[$0] == "a" }) / Double(whole.count)
      return (Double(rows.count { groups[$0] == "a" }) + 10 * overall) / (Double(rows.count) + 10)
    }
    let judged = codes.indices.filter { !halves[$0] }
    let scores = judged.map { share(codes[$0]) }
    let expected = try DeLong.estimate(
      of: ScoredSample(
        labels: judged.map { groups[$0] == "a" ? 1 : 0 }, probabilities: scores, scores: scores))
    #expect(abs(found[0].auc.value - expected.value) < 1e-12)
    for (own, other) in [
      (found[0].auc.standardError, expected.standardError), (found[0].auc.lower, expected.lower),
      (found[0].auc.upper, expected.upper),
    ] {
      #expect(abs(try #require(own) - (try #require(other))) < 1e-12)
    }
    #expect(found[0].members == judged.count { groups[$0] == "a" })
    #expect(found[0].members + found[0].others == judged.count)
    #expect(found[0].isSufficient())
    #expect(!found[0].isSufficient(GroupOptions(minimumRows: 1000)))
  }

  @Test("What cannot be measured is left out, and lengths must agree")
  func edges() throws {
    #expect(try measure([1, 2, 3, 4], ["a", "a", "a", "a"], order: ["a", "b"]).isEmpty)
    #expect(try measure([1, 2], [nil, nil], order: ["a"]).isEmpty)
    #expect(try measure([], [], order: []).isEmpty)
    let constant = try measure(
      Array(repeating: 7, count: 400), (0..<400).map { $0 % 2 == 0 ? "a" : "b" },
      order: ["a", "b"])
    #expect(constant[0].auc.value == 0.5 && constant[0].auc.lower == nil)
    #expect(throws: EvaluationError.self) {
      try ProxyPower.measure(
        ProxyLevels(codes: [0], count: 1), groups: ["a", "b"], order: ["a", "b"],
        isFitted: [true, true])
    }
  }
}
