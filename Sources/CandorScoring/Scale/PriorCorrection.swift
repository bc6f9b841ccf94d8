import CandorNumerics

/// The correction of probabilities for a population whose bad rate differs from that of the rows
/// that a model was fitted or calibrated on, for example where good rows were sampled.
///
/// Log-odds are shifted by `ln[τ/(1 − τ) · (1 − ȳ)/ȳ]` for the population's bad rate τ and that of
/// the rows, ȳ: exact where rows were drawn by outcome alone (King and Zeng, "Logistic regression in
/// rare events data", Political Analysis 9, 2001, section 4.1). The order of rows does not change.
public struct PriorCorrection: Sendable, Equatable {
  /// The share of bad rows, by weight, among those that were fitted or calibrated on.
  public let sampleBadRate: Double
  /// The share of bad rows in the population.
  public let populationBadRate: Double

  /// Joins both shares.
  ///
  /// - Parameters:
  ///   - sampleBadRate: Above 0 and below 1.
  ///   - populationBadRate: Above 0 and below 1.
  /// - Throws: `TrainingError` where a share is out of range.
  public init(sampleBadRate: Double, populationBadRate: Double) throws(TrainingError) {
    for (name, rate) in [
      ("bad rate of the rows", sampleBadRate), ("population_bad_rate", populationBadRate),
    ] where !(rate > 0 && rate < 1) {
      throw TrainingError(
        .badOption, "The \(name) is \(rate); it must be above 0 and below 1.")
    }
    self.sampleBadRate = sampleBadRate
    self.populationBadRate = populationBadRate
  }

  /// Takes the rows' share from their outcomes; O(rows).
  ///
  /// - Parameters:
  ///   - populationBadRate: Above 0 and below 1.
  ///   - labels: 1 where bad, 0 where good.
  ///   - weights: One weight a row; nil means one each.
  /// - Throws: `TrainingError` where a share is out of range or lengths differ.
  public init(
    populationBadRate: Double, labels: [Double], weights: [Double]? = nil
  ) throws(TrainingError) {
    guard weights.map({ $0.count == labels.count }) ?? true else {
      throw TrainingError(.shapeMismatch, "Labels and weights must have the same length.")
    }
    let total = weights.map { OrderedReduction.sum($0) } ?? Double(labels.count)
    let bad = OrderedReduction.sum(labels.indices.map { labels[$0] * (weights?[$0] ?? 1) })
    try self.init(sampleBadRate: bad / total, populationBadRate: populationBadRate)
  }

  /// What is added to log-odds.
  public var shift: Double { logit(populationBadRate) - logit(sampleBadRate) }

  /// The weight of a row that lets the rows stand for the population, their total kept: the ratio of
  /// the population's share of its outcome to the rows' own.
  ///
  /// - Parameter label: 1 where the row turned out bad, else 0.
  /// - Returns: The weight.
  public func weight(ofLabel label: Double) -> Double {
    label == 1
      ? populationBadRate / sampleBadRate : (1 - populationBadRate) / (1 - sampleBadRate)
  }

  /// The probability after the correction.
  public func corrected(probability: Double) -> Double {
    let bad = probability * populationBadRate / sampleBadRate
    let good = (1 - probability) * (1 - populationBadRate) / (1 - sampleBadRate)
    return bad / (bad + good)
  }

  /// The calibrator whose log-odds are those of another plus the shift.
  ///
  /// Exact for log-odds that are a straight line of the margin, and at the knots of an isotonic
  /// curve; between these, knots are added until straight lines are within 1e-4 of the correction.
  public func applied(to calibrator: Calibrator) -> Calibrator {
    switch calibrator {
    case .identity: return .platt(slope: 1, offset: shift)
    case .platt(let slope, let offset): return .platt(slope: slope, offset: offset + shift)
    case .clamp(let floor):
      return isotonic(margins: [floor, 1 - floor], probabilities: [floor, 1 - floor])
    case .isotonic(let margins, let probabilities):
      return isotonic(margins: margins, probabilities: probabilities)
    }
  }

  private typealias Knot = (margin: Double, probability: Double)

  private func isotonic(margins: [Double], probabilities: [Double]) -> Calibrator {
    var knots: [Knot] = []
    for k in margins.indices {
      let knot = (margins[k], probabilities[k])
      if k > 0 { fill(from: (margins[k - 1], probabilities[k - 1]), to: knot, into: &knots) }
      knots.append(knot)
    }
    return .isotonic(
      margins: knots.map(\.margin),
      probabilities: knots.map { corrected(probability: $0.probability) })
  }

  /// Adds uncorrected knots between two by halves where the corrected curve is bent.
  private func fill(from low: Knot, to high: Knot, into knots: inout [Knot], depth: Int = 0) {
    let middle: Knot = (
      low.margin + (high.margin - low.margin) / 2, (low.probability + high.probability) / 2
    )
    let line =
      (corrected(probability: low.probability) + corrected(probability: high.probability)) / 2
    guard depth < 16, middle.margin > low.margin, middle.margin < high.margin,
      abs(corrected(probability: middle.probability) - line) > 2e-5
    else { return }
    fill(from: low, to: middle, into: &knots, depth: depth + 1)
    knots.append(middle)
    fill(from: middle, to: high, into: &knots, depth: depth + 1)
  }
}
