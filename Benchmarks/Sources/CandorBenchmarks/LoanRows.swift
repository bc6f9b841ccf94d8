import Candor

/// Simulated loans, read and encoded for a family.
struct LoanRows {
  let encoder: Encoder
  let training: TrainingRows
  let test: EncodedRows
  let testTable: CandorData.Table

  /// Levels as numbers in the order of their names, as the peers' trees get them.
  static var ordinal: EncodingOptions {
    var options = EncodingOptions()
    options.categorical = .ordinalCodes
    return options
  }

  init(
    _ request: Request, size: String, family: String,
    preparation: EncodingOptions = EncodingOptions()
  ) throws {
    try self.init(
      table: request.work.table("\(size)/train.csv"), test: request.work.table("\(size)/test.csv"),
      target: request.work.shape(size).target, bad: request.work.shape(size).bad, family: family,
      preparation: preparation)
  }

  init(
    table: CandorData.Table, test: CandorData.Table, target: String, bad: String, family: String,
    preparation: EncodingOptions = EncodingOptions()
  ) throws {
    let labels = try BinaryTarget.labels(in: table, target: target, bad: bad)
    encoder = try Encoder.fit(
      table, features: table.names.filter { $0 != target }, targets: labels,
      options: ModelLibrary.encoding(of: family, preparation))
    training = try TrainingRows(
      rows: encoder.encodeCompact(table), targets: labels, featureMap: encoder.featureMap)
    self.test = try encoder.encodeCompact(test)
    testTable = test
  }
}
