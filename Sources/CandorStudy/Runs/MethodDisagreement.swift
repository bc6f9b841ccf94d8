import CandorData
public import CandorExplanation
import CandorNumerics
import CandorScoring

/// What another accepted method says of a decision, where it is the one on which both agree least.
public struct MethodDisagreement: Sendable {
  /// The decision by the other method, against the same reference rows where that method has any.
  public let other: Explanation
  /// How far it agrees with the method of the reasons.
  public let agreement: MethodAgreement
  /// On how many decisions both methods were compared.
  public let compared: Int
}

/// Looks for the decision on which two methods of contributions agree least.
struct MethodDisagreementSearch {
  let explainer: ApplicantExplainer
  let data: StudyData

  /// At most so many refusals, spread evenly, and approvals, nearest to the cut-off first.
  private static let mostRefusals = 40
  private static let mostApprovals = 20
  /// And fewer where one explanation takes many evaluations of the model.
  private static let mostEvaluations = 250_000
  private static let fewest = 6
  /// Orders that differ by less are the same order.
  private static let sameOrder = 1 - 1e-9

  /// What was found.
  struct Found {
    /// The decision's row in the table.
    let row: Int
    /// What the other method says of it.
    let other: Explanation
    /// On how many decisions both methods were compared.
    let compared: Int
  }

  /// The decision with the least rank correlation of signed contributions, ties to the first row.
  ///
  /// - Parameters:
  ///   - refused: Rows of refused applicants, by rising PD.
  ///   - approved: Rows of approved applicants, by rising PD.
  /// - Returns: The decision; nil where there is none to compare, or no two orders differ.
  /// - Throws: The errors of encoding and explaining.
  func find(refused: [Int], approved: [Int]) throws -> Found? {
    let affordable = max(
      Self.mostEvaluations / max(explainer.evaluationsOfOne, 1), Self.fewest)
    let near = approved.suffix(min(Self.mostApprovals, affordable / 3))
    let count = min(refused.count, Self.mostRefusals, affordable - near.count)
    let rows = (0..<count).map { refused[$0 * refused.count / count] } + near
    guard !rows.isEmpty else { return nil }
    let table = data.table.selecting(rows: rows)
    let own = try explainer.contributions(of: table, by: .shapley, against: .approved)
    guard let others = try explainer.secondMethod(of: table) else { return nil }
    var least: (position: Int, rank: Double)?
    for position in rows.indices {
      guard
        let rank = try MethodAgreement.between(own[position], others[position]).rankCorrelation,
        rank < Self.sameOrder
      else { continue }
      if let known = least, (known.rank, rows[known.position]) <= (rank, rows[position]) {
        continue
      }
      least = (position, rank)
    }
    return least.map {
      Found(row: rows[$0.position], other: others[$0.position], compared: rows.count)
    }
  }
}

extension ApplicantExplainer {
  /// Contributions by the first of these methods that the model allows and that asks another question
  /// than the one of the reasons: absent features by the trees' covers, or as the present ones let
  /// expect; along the path from the reference's mean; around the applicant.
  func secondMethod(of table: Table) throws -> [Explanation]? {
    for method: ContributionMethod in [
      .pathDependent, .conditional, .integratedGradients, .surrogate,
    ] {
      do {
        return try contributions(of: table, by: method, against: .approved)
      } catch let error as ExplanationError {
        // The model does not allow this method; the next one may do.
        guard error.code != .scoring else { throw error }
      }
    }
    return nil
  }
}
