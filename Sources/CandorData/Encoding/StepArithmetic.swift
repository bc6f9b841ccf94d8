extension EncodingStep {
  /// Applies transformations of numbers, in order; NaN is a missing cell.
  static func apply(_ transformations: [Transformation], to values: inout [Double]) {
    for transformation in transformations { transformation.apply(to: &values) }
  }
}

extension EncodingStep.Transformation {
  /// Whether numbers are changed at all.
  var changesNumbers: Bool {
    switch self {
    case .impute, .clip, .weightOfEvidence, .scale: true
    case .indicateMissing, .imputeLevel, .missingAsLevel, .groupRare, .oneHot, .indicator,
      .levelCodes, .categoryCodes, .dropConstant:
      false
    }
  }

  /// Changes every number; transformations of levels leave them.
  func apply(to values: inout [Double]) {
    let count = values.count
    switch self {
    case .impute(let filler):
      var cells = values.mutableSpan
      for i in 0..<count where cells[i].isNaN { cells[i] = filler }
    case .clip(let lower, let upper):
      var cells = values.mutableSpan
      for i in 0..<count { cells[i] = Self.clipped(cells[i], lower, upper) }
    case .weightOfEvidence(let table):
      let weights = NumberWeights(table)
      var cells = values.mutableSpan
      for i in 0..<count { cells[i] = weights.weight(of: cells[i]) }
    case .scale(_, let center, let scale):
      var cells = values.mutableSpan
      for i in 0..<count { cells[i] = Self.scaled(cells[i], center, scale) }
    case .indicateMissing, .imputeLevel, .missingAsLevel, .groupRare, .oneHot, .indicator,
      .levelCodes, .categoryCodes, .dropConstant:
      return
    }
  }

  /// Changes one number exactly as `apply(to:)` does.
  func applied(to value: Double) -> Double {
    switch self {
    case .impute(let filler): value.isNaN ? filler : value
    case .clip(let lower, let upper): Self.clipped(value, lower, upper)
    case .weightOfEvidence(let table): table.weight(of: value)
    case .scale(_, let center, let scale): Self.scaled(value, center, scale)
    case .indicateMissing, .imputeLevel, .missingAsLevel, .groupRare, .oneHot, .indicator,
      .levelCodes, .categoryCodes, .dropConstant:
      value
    }
  }

  /// A missing cell stays missing.
  @inline(__always)
  private static func clipped(_ value: Double, _ lower: Double, _ upper: Double) -> Double {
    min(max(value, lower), upper)
  }

  @inline(__always)
  private static func scaled(_ value: Double, _ center: Double, _ scale: Double) -> Double {
    (value - center) / scale
  }
}

/// The bins of numbers of a weight of evidence as two plain lists.
private struct NumberWeights {
  private var upperEdges: [Double] = []
  private var weights: [Double] = []
  private let missing: Double

  init(_ table: WeightOfEvidence) {
    missing = table.weight(of: Double.nan)
    for bin in table.bins {
      guard case .interval(_, let atMost) = bin.content else { continue }
      upperEdges.append(atMost ?? .infinity)
      weights.append(bin.weightOfEvidence)
    }
  }

  func weight(of number: Double) -> Double {
    if number.isNaN { return missing }
    for i in upperEdges.indices where number <= upperEdges[i] { return weights[i] }
    return 0
  }
}
