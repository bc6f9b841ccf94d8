import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Fairness")
struct FairnessTests {
  /// Approvals are PD 0.1, refusals PD 0.9; `bads` of them are bad, approvals first.
  private func rows(_ approved: Int, _ refused: Int, badEvery step: Int) -> (
    [Double], [Double]
  ) {
    let count = approved + refused
    return (
      (0..<count).map { $0 % step == 0 ? 1 : 0 },
      (0..<count).map { $0 < approved ? 0.1 : 0.9 }
    )
  }

  private func twoGroups() throws -> (ScoredSample, [String?]) {
    let a = rows(60, 60, badEvery: 3)
    let b = rows(210, 90, badEvery: 4)
    let small = rows(4, 1, badEvery: 2)
    let sample = try ScoredSample(
      labels: a.0 + b.0 + small.0 + [0], probabilities: a.1 + b.1 + small.1 + [0.1])
    let labels: [String?] =
      Array(repeating: "A", count: 120) + Array(repeating: "B", count: 300)
      + Array(repeating: "C", count: 5) + [nil]
    return (sample, labels)
  }

  @Test("The adverse impact ratio has its known interval and test")
  func knownAnswer() throws {
    let (sample, labels) = try twoGroups()
    let outcomes = try GroupOutcomes(attribute: "g", of: sample, groups: labels, cutOff: 0.5)
    #expect(outcomes.reference == "B" && outcomes.rowsWithoutGroup == 1)
    #expect(outcomes.groups.map(\.label) == ["A", "B", "C"])
    let impact = try #require(outcomes.groups[0].comparison?.adverseImpact)
    #expect(agree(impact.ratio.value, 0.7142857143, within: 1e-9))
    #expect(agree(impact.ratio.lower ?? 0, 0.5885336, within: 1e-7))
    #expect(agree(impact.ratio.upper ?? 0, 0.8669073, within: 1e-7))
    #expect(agree(impact.z ?? 0, -3.8643671, within: 1e-7))
    let reference = try Reference.load()
    #expect(agree(impact.ratio.lower ?? 0, reference.ratio[0], within: 1e-9))
    #expect(agree(impact.ratio.upper ?? 0, reference.ratio[1], within: 1e-9))
    let gap = try #require(outcomes.groups[0].comparison?.approvalGap)
    #expect(agree(gap.value, -0.2, within: 1e-12))
    #expect(agree(gap.lower ?? 0, reference.newcombe[0], within: 1e-9))
    #expect(agree(gap.upper ?? 0, reference.newcombe[1], within: 1e-9))
    #expect(agree(outcomes.groups[0].comparison?.refusalRatio ?? 0, 0.5 / 0.3, within: 1e-12))
  }

  @Test("Group numbers are those of the group's rows alone")
  func own() throws {
    let (sample, labels) = try twoGroups()
    let outcomes = try GroupOutcomes(attribute: "g", of: sample, groups: labels, cutOff: 0.5)
    let part = try sample.selecting(rows: Array(0..<120))
    let own = try #require(outcomes.groups[0].own)
    #expect(own.badRows == part.ranked.badCount && outcomes.groups[0].rows == 120)
    #expect(own.auc == (try DeLong.estimate(of: part)))
    #expect(own.observedOverExpected == CalibrationSummary.observedOverExpected(of: part))
    let other = try #require(outcomes.groups[1].own)
    let comparison = try #require(outcomes.groups[0].comparison)
    let gap = (own.goodsApproved?.value ?? 0) - (other.goodsApproved?.value ?? 0)
    #expect(agree(comparison.equalOpportunityGap?.value ?? 9, gap, within: 1e-12))
    let bads = (own.badsRefused?.value ?? 0) - (other.badsRefused?.value ?? 0)
    #expect(agree(comparison.equalisedOddsGap ?? 9, max(abs(gap), abs(bads)), within: 1e-12))
    #expect(
      agree((own.goodsApproved?.value ?? 0) + (own.goodsRefused?.value ?? 0), 1, within: 1e-12))
    // Scores are 0.1 and 0.9: pooled variance from the shares refused.
    let variance = { (share: Double, n: Double) in share * (1 - share) * 0.64 * n / (n - 1) }
    let pooled = (119 * variance(0.5, 120) + 299 * variance(0.3, 300)) / 418
    #expect(
      agree(
        comparison.standardisedMeanDifference?.value ?? 9, 0.8 * 0.2 / pooled.squareRoot(),
        within: 1e-12))
  }

  @Test("Small groups are suppressed, and verdicts need rows and bads")
  func sizes() throws {
    let (sample, labels) = try twoGroups()
    let outcomes = try GroupOutcomes(attribute: "g", of: sample, groups: labels, cutOff: 0.5)
    #expect(outcomes.groups[0].verdictAllowed && outcomes.groups[1].verdictAllowed)
    let small = outcomes.groups[2]
    #expect(small.isSuppressed && small.own == nil && small.comparison == nil)
    #expect(!small.verdictAllowed)
    let strict = try GroupOutcomes(
      attribute: "g", of: sample, groups: labels, cutOff: 0.5,
      options: GroupOptions(minimumBads: 41))
    #expect(!strict.groups[0].verdictAllowed && strict.groups[0].own != nil)
    let named = try GroupOutcomes(
      attribute: "g", of: sample, groups: labels, cutOff: 0.5, order: ["B", "A"],
      options: GroupOptions(reference: "A"))
    #expect(named.reference == "A" && named.groups.map(\.label) == ["B", "A", "C"])
    #expect(throws: EvaluationError.self) {
      try GroupOutcomes(
        attribute: "g", of: sample, groups: labels, cutOff: 0.5,
        options: GroupOptions(reference: "Z"))
    }
    #expect(throws: EvaluationError.self) {
      try GroupOutcomes(
        attribute: "g", of: sample, groups: labels, cutOff: 0.5,
        options: GroupOptions(reference: "C"))
    }
  }

  @Test("A group that is never approved keeps a finite interval")
  func nobodyApproved() throws {
    let impact = try #require(
      AdverseImpact(rate: 0, count: 50, referenceRate: 0.6, referenceCount: 200))
    #expect(impact.ratio.value == 0 && impact.ratio.lower == 0)
    #expect((impact.ratio.upper ?? 9) > 0 && (impact.ratio.upper ?? 9) < 0.5)
    #expect(
      AdverseImpact(rate: 0.3, count: 50, referenceRate: 0, referenceCount: 200) == nil)
  }

  @Test("The ratio's interval covers the true ratio in about 95 of 100 samples")
  func coverage() throws {
    var covered = 0
    for seed in 0..<1_000 {
      var generator = SeedTreeSource.generator("impact", seed)
      let a = (0..<150).count { _ in generator.nextUniform() < 0.55 }
      let b = (0..<300).count { _ in generator.nextUniform() < 0.7 }
      let impact = AdverseImpact(
        rate: Double(a) / 150, count: 150, referenceRate: Double(b) / 300, referenceCount: 300)
      if impact?.ratio.contains(0.55 / 0.7) == true { covered += 1 }
    }
    #expect(abs(covered - 950) <= 25, "covered \(covered)")
  }

  @Test("Bands name whole numbers by their last year and other numbers by their end")
  func bands() throws {
    let ages = [24, 25, 39, 40, 60, 75, .nan] as [Double]
    #expect(
      try Bands.labels(ages, edges: [25, 40, 60])
        == ["<25", "25-39", "25-39", "40-59", "≥60", "≥60", nil])
    #expect(
      try Bands.labels([24.9, 25, 39.5], edges: [25, 40]) == ["<25", "25 to <40", "25 to <40"])
    #expect(try Bands.names(edges: [1, 2], whole: true) == ["<1", "1", "≥2"])
    #expect(throws: EvaluationError.self) { try Bands.labels(ages, edges: [40, 25]) }
    #expect(throws: EvaluationError.self) { try Bands.labels(ages, edges: []) }
  }
}
