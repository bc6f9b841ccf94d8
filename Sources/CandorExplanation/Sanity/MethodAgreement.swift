import CandorNumerics

/// How far two methods agree about one value.
///
/// Methods that answer different questions may differ with right: a slope is no difference from a
/// reference, and a surrogate leaves interactions out.
public struct MethodAgreement: Sendable, Equatable, Codable {
  /// The first method.
  public let first: ExplanationMethod
  /// The second method.
  public let second: ExplanationMethod
  /// How many top players were compared.
  public let top: Int
  /// The share of the top players of one that are among the top of the other.
  public let topOverlap: Double
  /// The Jaccard index of the two sets of top players.
  public let topJaccard: Double
  /// Spearman's rank correlation of the signed attributions; nil where one of them is constant.
  public let rankCorrelation: Double?
  /// The share of equal signs among players whose attribution is above 1e-9 of the largest in both
  /// methods; nil where there is none.
  public let signAgreement: Double?
  /// Whether both start from the same background.
  public let sameBackground: Bool

  /// Compares two explanations.
  ///
  /// - Parameters:
  ///   - a: One explanation.
  ///   - b: The other, of the same row.
  ///   - top: How many top players to compare.
  /// - Returns: The agreement.
  /// - Throws: `ExplanationError.mixedScales` or `.differentPlayers` where numbers do not mean the
  ///   same.
  public static func between(
    _ a: Explanation, _ b: Explanation, top: Int = 4
  ) throws(ExplanationError) -> MethodAgreement {
    try a.requireComparable(with: b)
    let x = a.attributions.map(\.value)
    let y = b.attributions.map(\.value)
    let left = TopSets.positions(x, top: top)
    let right = TopSets.positions(y, top: top)
    let union = left.union(right).count
    let rank = x.count > 1 ? Correlation.spearman(x, y) : .nan
    let largestX = x.reduce(0) { max($0, abs($1)) }
    let largestY = y.reduce(0) { max($0, abs($1)) }
    let signed = zip(x, y).filter { abs($0) > 1e-9 * largestX && abs($1) > 1e-9 * largestY }
    return MethodAgreement(
      first: a.method, second: b.method, top: top, topOverlap: TopSets.overlap(x, y, top: top),
      topJaccard: union == 0 ? 1 : Double(left.intersection(right).count) / Double(union),
      rankCorrelation: rank.isFinite ? rank : nil,
      signAgreement: signed.isEmpty
        ? nil : Double(signed.count { ($0 > 0) == ($1 > 0) }) / Double(signed.count),
      sameBackground: a.backgroundHash == b.backgroundHash)
  }

  /// Compares every pair of explanations of one row, in order.
  ///
  /// - Parameters:
  ///   - explanations: The explanations.
  ///   - top: How many top players to compare.
  /// - Returns: One agreement a pair.
  /// - Throws: As `between(_:_:top:)`.
  public static func table(
    _ explanations: [Explanation], top: Int = 4
  ) throws(ExplanationError) -> [MethodAgreement] {
    var rows: [MethodAgreement] = []
    for j in explanations.indices {
      for i in 0..<j { rows.append(try between(explanations[i], explanations[j], top: top)) }
    }
    return rows
  }
}
