import Candor
import CandorData
import CandorNumerics
import CandorScoring

/// Puts a trained family together with everything that its decisions and explanations need.
enum ModelAssembly {
  static func riskModel(
    of family: FamilyRun, study: Study, data: StudyData
  ) throws -> RiskModel {
    let rows = data.split.train
    let features = family.encoder.featureMap.sourceNames
    let weighted = data.weights != nil
    let reasons = ReferenceSelection.approvedNearCutOff(
      try family.approvedBand(study: study, data: data),
      probabilities: family.outOfFoldProbabilities, cutOff: family.cutOff, rows: rows,
      table: data.table, features: features, wanted: study.decisionReasons.referenceRows,
      weighted: weighted)
    let background = ReferenceSelection.trainingSample(
      size: study.explain.rows, rows: rows, table: data.table, features: features,
      seeds: SeedTree(seed: study.seed), weighted: weighted)
    return try RiskModel(
      card: card(of: family, study: study, data: data), schema: data.schema,
      encoder: family.encoder, scorer: family.scorer, calibrator: family.calibrator,
      cutOff: family.cutOff, pointsScale: study.points,
      catalogue: ReasonCatalogue(entries: study.reasons, groups: study.groups),
      references: [reasons, background])
  }

  private static func card(
    of family: FamilyRun, study: Study, data: StudyData
  ) throws -> ModelCard {
    let basis = data.features.filter { data.protected.contains($0) }.map {
      ($0, study.columns[$0]?.lawfulBasis ?? "")
    }
    let rows = data.split.train
    return ModelCard(
      study: study.name, family: type(of: family.scorer).familyName, settings: family.settings,
      target: study.target.column, badValue: study.target.bad, goodValue: study.target.good,
      reasonsAtMost: study.decisionReasons.atMost, permutations: study.explain.permutations,
      trainingRows: rows.count,
      trainingBads: rows.count { data.labels[$0] == 1 }, version: CandorVersion.current,
      seed: study.seed, dataHash: data.hash.description, studyHash: study.hash.description,
      measures: [
        "out-of-fold AUC": family.outOfFoldAUC, "out-of-fold log-loss": family.outOfFoldLogLoss,
      ],
      cutOffRule: study.policy.description,
      lawfulBasis: Dictionary(uniqueKeysWithValues: basis),
      changeRules: study.changeRules(
        for: family.encoder.features, schema: data.schema),
      proxies: try ProxyScreen.run(study: study, data: data).marks)
  }
}
