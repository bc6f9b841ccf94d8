public import CandorData
public import CandorEvaluation
public import CandorNumerics

/// The deletion and insertion tests over a population, with intervals over applicants.
///
/// Explanations whose order says nothing about the model have the advantage zero in the mean.
public struct PopulationCurves: Sendable, Equatable, Codable {
  /// The method tested.
  public let method: ExplanationMethod
  /// The number of applicants.
  public let applicants: Int
  /// The mean deletion curve over applicants: after no, one, … all removals.
  public let deletionCurve: [Double]
  /// The mean insertion curve.
  public let insertionCurve: [Double]
  /// The mean area under the deletion curve.
  public let deletionArea: Double
  /// The mean area under the insertion curve.
  public let insertionArea: Double
  /// The mean advantage of the deletion order over its reverse.
  public let deletionAdvantage: Estimate?
  /// The mean advantage of the insertion order over its reverse.
  public let insertionAdvantage: Estimate?

  /// Runs both tests for every applicant; `4 · players · background` model evaluations each.
  ///
  /// - Parameters:
  ///   - explanations: One explanation an applicant, of one method.
  ///   - rows: The applicants, encoded.
  ///   - model: The score function, on the explanations' scale.
  ///   - players: The explanations' players.
  ///   - background: Where removed players' values come from.
  ///   - seeds: For the bootstrap over applicants.
  ///   - threads: At most so many threads, over applicants; the result does not depend on it.
  /// - Returns: The curves and their advantages.
  /// - Throws: `ExplanationError` where there is not one explanation a row, or scale or players are not
  ///   the explanations'.
  public static func measure(
    _ explanations: [Explanation], rows: EncodedRows, model: ExplainedModel, players: Players,
    background: Background, seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> PopulationCurves {
    guard let first = explanations.first, explanations.count == rows.count else {
      throw ExplanationError(
        .badShape,
        "There are \(explanations.count) explanations for \(rows.count) applicants; give one each.")
    }
    let matrix = rows.matrix
    let found = try Parallel.map(count: rows.count, threads: threads) {
      r throws(ExplanationError) -> (Deletion, Insertion) in
      let row = Array(matrix.row(r))
      return (
        try Deletion.test(
          explanations[r], applicant: row, model: model, players: players, background: background),
        try Insertion.test(
          explanations[r], applicant: row, model: model, players: players, background: background)
      )
    }
    func mean(_ curves: [[Double]]) -> [Double] {
      let sums: [Double] = OrderedReduction.sum(curves)
      return sums.map { $0 / Double(curves.count) }
    }
    let deletion = mean(found.map(\.0.curve))
    let insertion = mean(found.map(\.1.curve))
    return PopulationCurves(
      method: first.method, applicants: rows.count, deletionCurve: deletion,
      insertionCurve: insertion, deletionArea: PlayerCurve.area(deletion),
      insertionArea: PlayerCurve.area(insertion),
      deletionAdvantage: ApplicantMean.estimate(
        found.map(\.0.advantage), seeds: seeds.child("deletion")),
      insertionAdvantage: ApplicantMean.estimate(
        found.map(\.1.advantage), seeds: seeds.child("insertion")))
  }
}
