public import CandorData
public import CandorScoring
import CandorNumerics

/// What is explained: a rising function of a scorer's margin, on a declared scale.
public struct ExplainedQuantity: Sendable, Equatable, Codable {
  /// The scale of the values.
  public let scale: ExplainedScale
  /// The map from margins to PDs.
  public let calibrator: Calibrator
  /// The scorecard scale, used on `.points` only.
  public let pointsScale: PointsScale

  /// A quantity; the log-odds of the PD unless told otherwise.
  public init(
    scale: ExplainedScale = .logOdds, calibrator: Calibrator, pointsScale: PointsScale = .init()
  ) {
    self.scale = scale
    self.calibrator = calibrator
    self.pointsScale = pointsScale
  }

  /// The value of a margin.
  public func value(_ margin: Double) -> Double {
    switch scale {
    case .margin: margin
    case .logOdds: calibrator.logOdds(margin)
    case .probability: calibrator.probability(margin)
    case .points: -pointsScale.points(logOdds: calibrator.logOdds(margin))
    }
  }

  /// `(slope, offset)` where the value is a straight line of the margin, else nil.
  public var affine: (slope: Double, offset: Double)? {
    switch scale {
    case .margin: return (1, 0)
    case .logOdds: return calibrator.affineLogOdds
    case .probability: return nil
    case .points:
      guard let line = calibrator.affineLogOdds else { return nil }
      let offset = -pointsScale.points(logOdds: 0)
      let slope = -pointsScale.points(logOdds: 1) - offset
      return (slope * line.slope, offset + slope * line.offset)
    }
  }

  /// Whether the value has a derivative in the margin everywhere.
  public var isDifferentiable: Bool {
    affine != nil || (scale == .probability && calibrator.affineLogOdds != nil)
  }

  /// The derivative of the value in the margin, nil where it has none (`isDifferentiable`).
  public func derivative(_ margin: Double) -> Double? {
    if let affine { return affine.slope }
    guard scale == .probability, let line = calibrator.affineLogOdds else { return nil }
    let p = calibrator.probability(margin)
    return line.slope * p * (1 - p)
  }
}

/// A score function: a scorer and the quantity that is read from its margins.
public struct ExplainedModel: Sendable {
  /// The scorer.
  public let scorer: any Scorer
  /// Which encoded columns are which source feature.
  public let featureMap: FeatureMap
  /// What is explained.
  public let quantity: ExplainedQuantity

  /// Joins a scorer to a calibrator and a scale; throws where the map has another width than the
  /// scorer.
  public init(
    scorer: any Scorer, calibrator: Calibrator, featureMap: FeatureMap,
    scale: ExplainedScale = .logOdds, pointsScale: PointsScale = .init()
  ) throws(ExplanationError) {
    guard featureMap.width == scorer.inputWidth else {
      throw ExplanationError(
        .badShape,
        "The feature map names \(featureMap.width) encoded columns where the model takes "
          + "\(scorer.inputWidth).")
    }
    self.scorer = scorer
    self.featureMap = featureMap
    quantity = ExplainedQuantity(scale: scale, calibrator: calibrator, pointsScale: pointsScale)
  }

  private init(scorer: any Scorer, featureMap: FeatureMap, quantity: ExplainedQuantity) {
    self.scorer = scorer
    self.featureMap = featureMap
    self.quantity = quantity
  }

  /// The scale of the values.
  public var scale: ExplainedScale { quantity.scale }

  /// The same model read on another scale.
  public func on(_ scale: ExplainedScale) -> ExplainedModel {
    ExplainedModel(
      scorer: scorer, featureMap: featureMap,
      quantity: ExplainedQuantity(
        scale: scale, calibrator: quantity.calibrator, pointsScale: quantity.pointsScale))
  }

  /// One value a row, in one batch.
  ///
  /// - Parameter rows: Encoded rows of the scorer's width.
  /// - Returns: The values on `scale`.
  /// - Throws: `ExplanationError` where the scorer refuses, or a value is not finite.
  public func values(of rows: EncodedRows) throws(ExplanationError) -> [Double] {
    try scorer.values(of: rows, as: quantity)
  }
}

extension Scorer {
  /// One value of a quantity a row, in one batch; the scorer's error and values that are not
  /// finite become an `ExplanationError`.
  package func values(
    of rows: EncodedRows, as quantity: ExplainedQuantity
  ) throws(ExplanationError) -> [Double] {
    var values: [Double]
    do throws(ScoringError) {
      values = try margins(of: rows)
    } catch {
      throw ExplanationError(error)
    }
    for i in values.indices {
      values[i] = quantity.value(values[i])
      guard values[i].isFinite else {
        throw ExplanationError(
          .numerical,
          "Row \(i) has the value \(values[i]) on the scale \(quantity.scale.rawValue); keep the "
            + "calibrated probabilities away from 0 and 1.")
      }
    }
    return values
  }
}
