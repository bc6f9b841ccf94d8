import CandorData
import CandorEvaluation

/// Measures a model's decisions by protected group and age band; inputs of no model.
enum FairnessMeasurement {
  static func outcomes(
    of test: TestEvaluation, cutOff: Double, study: Study, data: StudyData
  ) throws -> [GroupOutcomes] {
    try data.protected.map { name in
      let (labels, order) = try groups(
        of: data.table.requiredColumn(name), edges: study.columns[name]?.bands ?? [],
        rows: data.split.test)
      return try GroupOutcomes(
        attribute: name, of: test.sample, groups: labels, cutOff: cutOff, order: order)
    }
  }

  /// The group of each row; numbers fall into bands, quartiles where the study gives no edges.
  private static func groups(
    of column: Column, edges: [Double], rows: [Int]
  ) throws -> (labels: [String?], order: [String]) {
    guard let numbers = column.numbers else {
      return (rows.map { column.text($0) }, column.codes?.levels.levels ?? [])
    }
    let values = rows.map { numbers[$0] }
    let cuts = edges.isEmpty ? quartiles(of: values.filter { !$0.isNaN }) : edges
    let names = try Bands.names(
      edges: cuts, whole: values.allSatisfy { $0.isNaN || $0.rounded() == $0 })
    return (try Bands.labels(values, edges: cuts), names)
  }

  private static func quartiles(of values: [Double]) -> [Double] {
    let sorted = values.sorted()
    guard let first = sorted.first else { return [] }
    var cuts: [Double] = []
    for share in [0.25, 0.5, 0.75] {
      let cut = sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)]
      if cut > (cuts.last ?? first) { cuts.append(cut) }
    }
    return cuts
  }
}
