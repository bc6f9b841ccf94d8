public import CandorData
import CandorNumerics
import CandorScoring

/// A sample made ready to find comparable applicants in: leaf profiles or activations of every row are
/// worked out once.
public struct ComparableSearch: Sendable {
  /// How nearness is measured.
  public let measure: ComparableApplicants.Measure
  private let model: ExplainedModel
  private let background: Background
  private let source: SourceValues
  private let values: [Double]
  private let outcomes: [Double]?
  private let space: Space

  /// Where rows are compared.
  package enum Space: Sendable {
    case leaves(LeafProfiles, of: @Sendable (EncodedRows) -> LeafProfiles)
    case units([[Double]], spreads: [Double], of: @Sendable (EncodedRows) -> [[Double]])
    case source(GowerDistance)
  }

  /// Takes a sample and the space that its model allows; `MethodSelection` makes it.
  package init(
    model: ExplainedModel, background: Background, source: SourceValues, outcomes: [Double]?,
    space: Space, threads: Int
  ) throws(ExplanationError) {
    try source.check(
      rows: background.count, featureMap: model.featureMap, what: "the sample")
    if let outcomes, outcomes.count != background.count {
      throw ExplanationError(
        .badShape,
        "There are \(outcomes.count) outcomes for \(background.count) rows of the sample.")
    }
    self.model = model
    self.background = background
    self.source = source
    self.outcomes = outcomes
    self.space = space
    values = try model.values(of: background.rows, threads: threads)
    measure =
      switch space {
      case .leaves: .leafProfile
      case .units: .lastHiddenLayer
      case .source: .sourceFeatures
      }
  }

  /// The nearest rows of the sample to each applicant.
  ///
  /// - Parameters:
  ///   - count: How many, from 1 up.
  ///   - rows: The applicants, encoded.
  ///   - applicants: Their source values; nil reads them from the encoded rows.
  ///   - wanted: Which rows may be shown.
  ///   - excluding: For each applicant a row of the sample that is not to be shown, since it is the
  ///     applicant's own; nil where there is none.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One answer an applicant.
  /// - Throws: `ExplanationError` where shapes differ or `count` is below 1.
  public func nearest(
    _ count: Int, to rows: EncodedRows, applicants: SourceValues? = nil,
    wanted: ComparableApplicants.Wanted = .any, excluding: [Int?] = [], threads: Int = 1
  ) throws(ExplanationError) -> [ComparableApplicants] {
    guard count >= 1 else {
      throw ExplanationError(.badOption, "count is \(count); it must be 1 or more.")
    }
    guard rows.width == background.rows.width else {
      throw ExplanationError(
        .badShape,
        "The rows have \(rows.width) encoded columns where the sample has "
          + "\(background.rows.width).")
    }
    let own = try SourceValues.given(applicants, or: rows, model.featureMap)
    try own.check(rows: rows.count, featureMap: model.featureMap, what: "the applicants")
    let distances = try self.distances(to: rows, own, threads: threads)
    return try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) in
      var found = distances[r]
      if r < excluding.count, let left = excluding[r], found.indices.contains(left) {
        found[left] = .nan
      }
      return ComparableApplicants.nearest(
        count, distances: found, values: values, outcomes: outcomes, wanted: wanted,
        measure: measure, scale: model.scale, applicant: (own, r), sample: source,
        background: background)
    }
  }

  private func distances(
    to rows: EncodedRows, _ own: SourceValues, threads: Int
  ) throws(ExplanationError) -> [[Double]] {
    switch space {
    case .leaves(let profiles, let profile):
      let applicants = profile(rows)
      return Parallel.map(count: rows.count, threads: threads) { r in
        (0..<background.count).map { applicants.distance(r, to: profiles, row: $0) }
      }
    case .units(let units, let spreads, let embed):
      let applicants = embed(rows)
      return Parallel.map(count: rows.count, threads: threads) { r in
        units.map { other in
          var sum = 0.0
          for u in spreads.indices where spreads[u] > 0 {
            let difference = (applicants[r][u] - other[u]) / spreads[u]
            sum += difference * difference
          }
          return sum.squareRoot()
        }
      }
    case .source(let gower):
      return Parallel.map(count: rows.count, threads: threads) { r in
        gower.distances(from: own, row: r)
      }
    }
  }
}
