public import CandorData

/// The one thing that is saved, explained and served: from an applicant's columns to a decision.
public struct RiskModel: Sendable {
  /// Where the model came from.
  public let card: ModelCard
  /// The columns of the data that it was made from, with their roles and how cells are read.
  public let schema: Schema
  /// From source features to encoded columns.
  public let encoder: Encoder
  /// From encoded columns to the raw margin.
  public let scorer: any PersistableScorer
  /// From the raw margin to the PD.
  public let calibrator: Calibrator
  /// The PD at and above which an applicant is refused.
  public let cutOff: Double
  /// The scale of the points.
  public let pointsScale: PointsScale
  /// The wording of reasons, and the groups.
  public let catalogue: ReasonCatalogue
  /// The rows that explanations compare with.
  public let references: [ReferenceRows]

  /// Joins the parts; throws where they do not fit together.
  public init(
    card: ModelCard, schema: Schema, encoder: Encoder, scorer: any PersistableScorer,
    calibrator: Calibrator, cutOff: Double, pointsScale: PointsScale, catalogue: ReasonCatalogue,
    references: [ReferenceRows]
  ) throws(ScoringError) {
    guard scorer.inputWidth == encoder.featureMap.width else {
      throw ScoringError(
        .invalidModel,
        "The encoder makes \(encoder.featureMap.width) columns; the scorer takes "
          + "\(scorer.inputWidth).")
    }
    guard cutOff > 0, cutOff <= 1 else {
      throw ScoringError(.invalidModel, "The cut-off \(cutOff) is not a PD between 0 and 1.")
    }
    for source in encoder.featureMap.sources where schema.column(source.name) == nil {
      throw ScoringError(
        .invalidModel, "The encoder uses \"\(source.name)\", which the schema does not have.")
    }
    self.card = card
    self.schema = schema
    self.encoder = encoder
    self.scorer = scorer
    self.calibrator = calibrator
    self.cutOff = cutOff
    self.pointsScale = pointsScale
    self.catalogue = catalogue
    self.references = references
  }

  /// The source features that the model uses, in the encoder's order.
  public var features: [String] { encoder.featureMap.sourceNames }

  /// Scores applicants.
  ///
  /// - Parameter table: Rows with at least the model's feature columns, read as the schema says.
  /// - Returns: One result a row, in order.
  /// - Throws: `DataError` where a column is missing or has another type; `ScoringError` where the
  ///   scorer refuses.
  public func score(_ table: Table) throws -> [ScoredRow] {
    let margins = try scorer.margins(of: encoder.encodeCompact(table))
    return margins.map(scored)
  }

  /// Turns a margin into PD, points and decision.
  public func scored(_ margin: Double) -> ScoredRow {
    let logOdds = calibrator.logOdds(margin)
    let probability = calibrator.probability(margin)
    return ScoredRow(
      margin: margin, logOdds: logOdds, probability: probability,
      points: pointsScale.points(logOdds: logOdds),
      decision: probability >= cutOff ? .refuse : .approve)
  }

  /// The reference rows of this name.
  public func reference(named name: String) -> ReferenceRows? {
    references.first { $0.name == name }
  }
}
