import CandorData

/// The checks and profiles of a study's data.
struct DataInspection {
  let checks: [DataCheckResult]
  let profiles: [ColumnProfile]
  let informationValues: [InformationValue]

  static func run(_ study: Study, data: StudyData) throws -> DataInspection {
    let checks = DataChecks.run(
      table: data.table, features: data.features, identifiers: data.identifiers,
      labels: data.labels, split: data.split, limits: DataCheckLimits())
    let columns = data.table.columns.filter {
      data.features.contains($0.name) || data.protected.contains($0.name)
    }
    let train = data.table.selecting(rows: data.split.train)
    let labels = data.split.train.map { data.labels[$0] }
    let weights = data.weights.map { all in data.split.train.map { all[$0] } }
    var values: [InformationValue] = []
    for feature in data.features {
      let evidence = try WeightOfEvidence.fit(
        train.requiredColumn(feature), labels: labels, weights: weights)
      values.append(InformationValue(feature: feature, value: evidence.informationValue))
    }
    return DataInspection(
      checks: checks,
      profiles: columns.map { ColumnProfile.make($0, labels: data.labels) },
      informationValues: values)
  }
}
