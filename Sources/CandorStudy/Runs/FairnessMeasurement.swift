import CandorData
import CandorEvaluation

/// Measures a model's decisions by protected group and age band; inputs of no model.
enum FairnessMeasurement {
  static func outcomes(
    of test: TestEvaluation, cutOff: Double, study: Study, data: StudyData
  ) throws -> [GroupOutcomes] {
    try data.protected.map { name in
      let (labels, order) = try groups(
        of: data.table.requiredColumn(name), rows: data.split.test,
        edges: study.columns[name]?.bands ?? [], data: data)
      return try GroupOutcomes(
        attribute: name, of: test.sample, groups: labels, cutOff: cutOff, order: order)
    }
  }

  /// Numbers with at most so many distinct values are codes: each value is a group.
  private static let mostCodes = 10

  /// The group of each of these rows by one protected column.
  static func groups(
    by name: String, rows: [Int], study: Study, data: StudyData
  ) throws -> [String?] {
    try groups(
      of: data.table.requiredColumn(name), rows: rows, edges: study.columns[name]?.bands ?? [],
      data: data
    ).labels
  }

  /// The group of each row. Numbers fall into the study's bands; without bands, into their own
  /// values where they are few, else into quartiles of the training rows.
  private static func groups(
    of column: Column, rows: [Int], edges: [Double], data: StudyData
  ) throws -> (labels: [String?], order: [String]) {
    guard let numbers = column.numbers else {
      return (rows.map { column.text($0) }, column.codes?.levels.levels ?? [])
    }
    let known = numbers.filter { !$0.isNaN }
    if edges.isEmpty {
      let distinct = Set(known).sorted()
      if distinct.count <= mostCodes {
        return (rows.map { column.text($0) }, distinct.map(plainText))
      }
    }
    let training = data.split.train.map { numbers[$0] }.filter { !$0.isNaN }
    let cuts = edges.isEmpty ? quartiles(of: training) : edges
    guard !cuts.isEmpty else { return (rows.map { column.text($0) == nil ? nil : "" }, [""]) }
    let names = try Bands.names(edges: cuts, whole: known.allSatisfy { $0.rounded() == $0 })
    return (try Bands.labels(rows.map { numbers[$0] }, edges: cuts), names)
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
