import CandorData
import CandorNumerics
import CandorScoring

/// The model as a scorecard: every source feature cut into cells, each with the points that it is worth,
/// fitted to the model's values by ridge, with how far they hold.
///
/// The coefficients of a feature are centred on the sample, so that a cell's coefficient is its
/// difference from the average applicant. Points follow Siddiqi, "Credit Risk Scorecards", 2006,
/// chapter 6. It is a picture of the model, not a model to decide by.
public struct GlobalScorecard: Sendable, Equatable, Codable {
  /// One cell of a feature.
  public struct Cell: Sendable, Equatable, Codable {
    /// What it holds, in a reader's words.
    public let text: String
    /// The weighted share of the sample in it.
    public let share: Double
    /// What it adds to the value, against the sample's average; positive is towards bad.
    public let coefficient: Double
    /// What it adds to the points, not rounded; nil where the values are not log-odds.
    public let points: Double?
  }

  /// One feature.
  public struct Feature: Sendable, Equatable, Codable {
    /// The source feature.
    public let source: String
    /// Its cells, the missing values last where there are any.
    public let cells: [Cell]
    /// The standard deviation of its coefficients over the sample.
    public let spread: Double
  }

  /// The unit of the values.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The sample's hash.
  public let sampleHash: String
  /// The value of the average applicant.
  public let average: Double
  /// The points of the average applicant; nil where the values are not log-odds.
  public let averagePoints: Double?
  /// The features, in the feature map's order.
  public let features: [Feature]
  /// How far the scorecard says what the model says.
  public let agreement: SurrogateAgreement
  /// What a reader must be told.
  public let warnings: [FidelityWarning]

  /// Fits a scorecard to the model's values on a sample; O(rows · cells²).
  ///
  /// - Parameters:
  ///   - model: The score function; on log-odds the cells get points.
  ///   - sample: The rows.
  ///   - source: Their source values; nil reads them from the encoded rows.
  ///   - bins: The most cells of a number.
  ///   - ridge: The penalty on the cells' coefficients.
  ///   - cutOff: Where decisions are compared; values at or above it are refused.
  ///   - threads: At most so many threads.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: The scorecard with its fidelity.
  /// - Throws: `ExplanationError` where there are fewer than four rows, shapes differ, or an option is out
  ///   of range.
  public static func fit(
    to model: ExplainedModel, sample: Background, source: SourceValues? = nil, bins: Int = 8,
    ridge: Double = 1, cutOff: Double? = nil, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> GlobalScorecard {
    guard (2...100).contains(bins) else {
      throw ExplanationError(.badOption, "bins is \(bins); it must be from 2 to 100.")
    }
    guard ridge >= 0, ridge.isFinite else {
      throw ExplanationError(.badOption, "ridge is \(ridge); it must be zero or more, and finite.")
    }
    guard sample.count >= 4 else {
      throw ExplanationError(
        .badBackground,
        "The sample \"\(sample.name)\" has \(sample.count) rows; a surrogate needs four at least.")
    }
    let source = try SourceValues.given(source, or: sample.rows, model.featureMap)
    try source.check(rows: sample.count, featureMap: model.featureMap, what: "the sample")
    let values = try model.values(of: sample.rows, threads: threads)
    let design = ScorecardDesign(source: source, bins: bins)
    let weights = sample.weights ?? Array(repeating: 1, count: sample.count)
    let centre = sample.mean(of: values)
    let halves = try (0..<2).map { half throws(ExplanationError) in
      let rows = Array(stride(from: half, to: sample.count, by: 2))
      return try SurrogateMoments(
        columns: design.columns(rows), values: rows.map { values[$0] - centre },
        weights: rows.map { weights[$0] })
    }
    let all = Array(0..<design.width)
    let whole = CentredMoments(SurrogateMoments.sum(halves))
    let fit = try whole.fit(columns: all, ridge: ridge, unit: .plain)
    let judged = try (0..<2).map { half throws(ExplanationError) in
      // The fit to half of the rows carries half of the penalty.
      let part = try CentredMoments(halves[half]).fit(
        columns: all, ridge: ridge / 2, unit: .plain)
      let outside = Array(stride(from: 1 - half, to: sample.count, by: 2))
      return (
        values: outside.map { values[$0] },
        surrogate: outside.map { centre + design.value(of: part, row: $0) },
        weights: outside.map { weights[$0] }
      )
    }
    let agreement = SurrogateAgreement(
      halves: judged, fitted: whole.rSquared(of: fit), cutOff: cutOff)
    let pointsScale = model.scale == .logOdds ? model.quantity.pointsScale : nil
    var average = centre + fit.intercept
    var features: [Feature] = []
    for (f, block) in design.blocks.enumerated() {
      let shares = block.map { whole.means[$0] }
      let mean = zip(block, shares).reduce(0) { $0 + fit.coefficients[$1.0] * $1.1 }
      average += mean
      let cells = block.enumerated().map { place, c in
        let coefficient = fit.coefficients[c] - mean
        return Cell(
          text: design.texts[c], share: shares[place], coefficient: coefficient,
          points: pointsScale.map { $0.points(logOdds: coefficient) - $0.points(logOdds: 0) })
      }
      let squares = cells.reduce(0) { $0 + $1.share * $1.coefficient * $1.coefficient }
      features.append(
        Feature(
          source: source.columns[f].name, cells: cells, spread: squares.squareRoot()))
    }
    return GlobalScorecard(
      scale: model.scale, sampleName: sample.name, sampleHash: sample.hash, average: average,
      averagePoints: pointsScale.map { $0.points(logOdds: average) }, features: features,
      agreement: agreement, warnings: agreement.warnings(thresholds))
  }
}

/// The 0/1 columns of a scorecard: one a cell that has rows.
private struct ScorecardDesign {
  let width: Int
  /// The columns of each feature.
  let blocks: [[Int]]
  /// What each column's cell holds.
  let texts: [String]
  /// For each feature the column of each row.
  private let places: [[Int]]

  init(source: SourceValues, bins: Int) {
    let cells = InterpretableCells(source, bins: bins)
    var blocks: [[Int]] = []
    var texts: [String] = []
    var places: [[Int]] = []
    for (f, column) in source.columns.enumerated() {
      let codes = cells.codes(of: source, feature: f)
      let present = Set(codes).sorted()
      var columnOf: [UInt32: Int] = [:]
      for code in present {
        columnOf[code] = texts.count
        texts.append(cells.text(name: column.name, feature: f, cell: Int(code)))
      }
      blocks.append(present.compactMap { columnOf[$0] })
      places.append(codes.compactMap { columnOf[$0] })
    }
    self.blocks = blocks
    self.texts = texts
    self.places = places
    width = texts.count
  }

  func columns(_ rows: [Int]) -> Matrix {
    var matrix = Matrix(rows: rows.count, columns: width)
    for (r, row) in rows.enumerated() {
      for own in places { matrix[r, own[row]] = 1 }
    }
    return matrix
  }

  func value(of fit: MomentFit, row: Int) -> Double {
    places.reduce(fit.intercept) { $0 + fit.coefficients[$1[row]] }
  }
}
