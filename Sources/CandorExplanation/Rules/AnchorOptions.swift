/// How an anchor is searched for.
public struct AnchorOptions: Sendable, Equatable, Codable {
  /// The precision that the rule must have.
  public var precision: Double
  /// The confidence that it has it.
  public var confidence: Double
  /// The rules kept at each length.
  public var beam: Int
  /// The most conditions of a rule.
  public var mostConditions: Int
  /// The most cells of a number, between whose cuts conditions lie.
  public var bins: Int
  /// The difference of precision that the search need not resolve.
  public var tolerance: Double
  /// The rows drawn for one rule at a time.
  public var batch: Int
  /// The most rows that the search draws for one length of rules.
  public var mostRows: Int
  /// The fresh rows on which the rule found is measured.
  public var freshRows: Int

  /// Options; a precision of 0.95 with confidence 0.95 unless told otherwise.
  public init(
    precision: Double = 0.95, confidence: Double = 0.95, beam: Int = 4, mostConditions: Int = 5,
    bins: Int = 4, tolerance: Double = 0.1, batch: Int = 100, mostRows: Int = 100_000,
    freshRows: Int = 2_000
  ) {
    self.precision = precision
    self.confidence = confidence
    self.beam = beam
    self.mostConditions = mostConditions
    self.bins = bins
    self.tolerance = tolerance
    self.batch = batch
    self.mostRows = mostRows
    self.freshRows = freshRows
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> AnchorOptions {
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(ExplanationError) {
      if !holds { throw ExplanationError(.badOption, sentence()) }
    }
    try require(
      precision >= 0.5 && precision < 1,
      "precision is \(precision); it must be from 0.5 to below 1.")
    try require(
      confidence >= 0.5 && confidence < 1,
      "confidence is \(confidence); it must be from 0.5 to below 1.")
    try require((1...100).contains(beam), "beam is \(beam); it must be from 1 to 100.")
    try require(
      (1...100).contains(mostConditions),
      "mostConditions is \(mostConditions); it must be from 1 to 100.")
    try require((2...100).contains(bins), "bins is \(bins); it must be from 2 to 100.")
    try require(
      tolerance > 0 && tolerance < 1, "tolerance is \(tolerance); it must be between 0 and 1.")
    try require(
      (10...100_000).contains(batch), "batch is \(batch); it must be from 10 to 100,000.")
    try require(
      (1_000...100_000_000).contains(mostRows),
      "mostRows is \(mostRows); it must be from 1,000 to 100,000,000.")
    try require(
      (100...10_000_000).contains(freshRows),
      "freshRows is \(freshRows); it must be from 100 to 10,000,000.")
    return self
  }
}
