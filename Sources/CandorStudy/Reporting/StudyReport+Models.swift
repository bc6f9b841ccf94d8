import CandorData
import CandorDocument
import CandorEvaluation
import CandorReport
import CandorScoring

extension StudyReport {
  static func designInput(_ result: StudyResult) -> DesignInput {
    let study = result.study
    var design = DesignInput(
      families: result.families.map { family in
        var input = DesignInput.Family(
          name: family.key, settings: family.settings, log: family.log,
          calibrator: family.calibrator)
        input.referenceLevels = family.encoder.steps.compactMap { step in
          step.referenceLevel.map { (feature: step.feature, level: $0) }
        }
        return input
      },
      configurationsTried: result.families.count, folds: study.folds,
      trainingRows: result.data.split.train.count, points: study.points,
      cutOff: result.families[result.champion].cutOff, cutOffRule: cutOffRule(study.policy))
    design.prior = result.data.prior
    return design
  }

  static func cutOffRule(_ policy: Study.CutOffSetting) -> Message {
    switch policy {
    case .cost(let falseGood, let falseBad):
      ReportPhrases.cutOffByCost(falseGood: falseGood, falseBad: falseBad)
    case .approvalRate(let rate): ReportPhrases.cutOffByApprovalRate(rate)
    case .probability: ReportPhrases.cutOffFixed
    }
  }

  static func comparisonInput(_ result: StudyResult) throws -> ComparisonInput {
    var pairs: [ComparisonInput.Pair] = []
    for second in result.tests.indices {
      for first in 0..<second {
        let (a, b) = (result.tests[first], result.tests[second])
        pairs.append(
          ComparisonInput.Pair(
            first: a.key, second: b.key, delong: try PairedDeLong(a.sample, b.sample),
            adjustedPValue: nil,
            decisionsThatDiffer: zip(a.scored, b.scored).count { $0.decision != $1.decision }))
      }
    }
    // Equal rankings have no p-value and take no part in the adjustment.
    let known = pairs.indices.filter { pairs[$0].delong.pValue != nil }
    let adjusted = HolmAdjustment.adjust(known.compactMap { pairs[$0].delong.pValue })
    for (place, position) in known.enumerated() {
      pairs[position].adjustedPValue = adjusted[place]
    }
    return ComparisonInput(
      families: familyEvaluations(result),
      outOfFold: result.families.map {
        (family: $0.key, logLoss: $0.outOfFoldLogLoss, auc: $0.outOfFoldAUC)
      },
      pairs: pairs, champion: result.championTest.key, rule: championRule(result))
  }
}

extension Study {
  /// The limits by the names that findings go by.
  var limitsByName: [LimitName: Limit] {
    var byName: [LimitName: Limit] = [:]
    for limit in limits {
      guard let name = LimitName(rawValue: limit.measure) else { continue }
      byName[name] = Limit(atLeast: limit.atLeast, atMost: limit.atMost)
    }
    return byName
  }
}
