public import CandorNumerics

extension Encoder {
  /// Encodes cells of one feature: its block of encoded columns alone, to the bit as `encode` would
  /// fill it.
  ///
  /// For a grid of values in the feature's own unit, as a reader sees them. O(cells · block width).
  ///
  /// - Parameters:
  ///   - feature: The source feature.
  ///   - column: The cells, of the kind that training had; its name does not matter.
  /// - Returns: One row a cell, one column an encoded column of the feature, in their order.
  /// - Throws: `DataError` where there is no such feature, the cells are of the wrong kind, or a
  ///   number is infinite.
  public func encode(feature: String, cells column: Column) throws(DataError) -> Matrix {
    let position = try requiredPosition(of: feature)
    let cells = try plans[position].cells(of: column, rows: nil, lines: [])
    let width = featureMap.sources[position].columns.count
    var matrix = Matrix(rows: column.count, columns: width)
    if let values = cells.values {
      for row in values.indices { matrix[row, 0] = values[row] }
    }
    if let places = cells.places {
      for row in places.indices where places[row] >= 0 { matrix[row, Int(places[row])] = 1 }
    }
    if let missing = cells.missing {
      for row in missing.indices where missing[row] >= 0 { matrix[row, width - 1] = 1 }
    }
    return matrix
  }

  /// The numbers, in the feature's own unit, whose rising column (`risingColumn`) holds these values:
  /// scaling taken back. What clipping makes unreachable is left out.
  ///
  /// - Parameters:
  ///   - encoded: Values of the rising column, in rising order.
  ///   - feature: The source feature, numeric or a date.
  /// - Returns: Those values that can be reached, with their numbers; nil where the feature is not a
  ///   number with a rising column.
  package func numbers(
    ofRising encoded: [Double], feature: String
  ) -> [(encoded: Double, number: Double)]? {
    guard risingColumn(of: feature) != nil,
      let step = steps.first(where: { $0.feature == feature }), step.isNumeric
    else { return nil }
    var pairs = encoded.map { (encoded: $0, number: $0) }
    for transformation in step.transformations.reversed() {
      switch transformation {
      case .scale(_, let center, let scale):
        for place in pairs.indices { pairs[place].number = pairs[place].number * scale + center }
      case .clip(let lower, let upper):
        pairs = pairs.filter { lower <= $0.number && $0.number <= upper }
      default: continue
      }
    }
    return pairs
  }

  /// What was learnt about a feature.
  ///
  /// - Parameter feature: The source feature.
  /// - Returns: Its step.
  /// - Throws: `DataError` where there is none of this name, with the nearest one.
  package func requiredStep(of feature: String) throws(DataError) -> EncodingStep {
    steps[try requiredPosition(of: feature)]
  }

  private func requiredPosition(of feature: String) throws(DataError) -> Int {
    if let position = steps.firstIndex(where: { $0.feature == feature }) { return position }
    throw DataError.missingColumn(feature, among: features)
  }
}
