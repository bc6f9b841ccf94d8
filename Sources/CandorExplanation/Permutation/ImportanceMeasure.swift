public import CandorEvaluation
import CandorNumerics
import CandorScoring

/// What a permuted feature is charged with.
public struct ImportanceMeasure: Sendable {
  /// The loss of one row from its log-odds of bad (the value on the explained scale `logOdds`) and
  /// its target.
  public typealias RowLoss = @Sendable (_ logOdds: Double, _ target: Double) -> Double

  private enum Kind: Sendable {
    case auc
    case mean(RowLoss)
  }

  /// The name that a reader sees.
  public let name: String
  private let kind: Kind

  /// How far the AUC falls.
  public static let aucDrop = ImportanceMeasure(name: "fall in AUC", kind: .auc)

  /// How far the mean log-loss (natural logarithm) rises.
  public static let logLossRise = ImportanceMeasure(
    name: "rise in log-loss",
    kind: .mean { logOdds, target in
      // log(1 + e^z) − y z, without overflow.
      max(logOdds, 0) + SystemMath.log1p(SystemMath.exp(-abs(logOdds))) - target * logOdds
    })

  /// How far the mean squared distance of PD and target rises (Brier 1950).
  public static let brierRise = rise(inMeanOf: "Brier score") { logOdds, target in
    let distance = sigmoid(logOdds) - target
    return distance * distance
  }

  /// How far the mean cost of a decision rises, which is how far the mean profit falls.
  ///
  /// - Parameters:
  ///   - costs: What it costs to approve a bad and to refuse a good, against the right decision.
  ///   - cutOff: The PD from which an applicant is refused.
  /// - Returns: The measure, in the unit of the costs, for one row.
  /// - Throws: `ExplanationError` where a cost is not finite and above zero, or the cut-off lies
  ///   outside 0 to 1.
  public static func costRise(
    _ costs: DecisionCosts, cutOff: Double
  ) throws(ExplanationError) -> ImportanceMeasure {
    do throws(EvaluationError) {
      _ = try costs.validated()
    } catch {
      throw ExplanationError(.badOption, error.description)
    }
    guard cutOff >= 0, cutOff <= 1 else {
      throw ExplanationError(.badOption, "The cut-off is \(cutOff); it must lie within 0 to 1.")
    }
    return rise(inMeanOf: "cost a decision") { logOdds, target in
      let isRefused = sigmoid(logOdds) >= cutOff
      if target > 0.5 { return isRefused ? 0 : costs.falseGood }
      return isRefused ? costs.falseBad : 0
    }
  }

  /// How far the mean of a loss of single rows rises.
  ///
  /// - Parameters:
  ///   - name: The name that a reader sees.
  ///   - loss: The loss of one row.
  /// - Returns: The measure.
  public static func rise(
    inMeanOf name: String, _ loss: @escaping RowLoss
  ) -> ImportanceMeasure {
    ImportanceMeasure(name: "rise in \(name)", kind: .mean(loss))
  }

  /// Whether targets of both kinds are needed.
  var needsBothOutcomes: Bool {
    if case .auc = kind { true } else { false }
  }

  /// A loss over rows, and each row's influence on it: the row's weight share times the number of
  /// rows times the row's deviation, so that the variance of the loss is `Σ influence² / n²`.
  struct Loss: Sendable {
    let value: Double
    let influence: [Double]
  }

  /// The loss of scores; the AUC counts negatively, so that a loss always rises with harm.
  func loss(logOdds: [Double], targets: [Double], weights: [Double]?) -> Loss {
    switch kind {
    case .mean(let rowLoss):
      let losses = zip(logOdds, targets).map { rowLoss($0, $1) }
      let n = Double(losses.count)
      guard let weights else {
        let mean = OrderedReduction.sum(losses) / n
        return Loss(value: mean, influence: losses.map { $0 - mean })
      }
      let total = OrderedReduction.sum(weights)
      let mean = OrderedReduction.sum(zip(losses, weights).map(*)) / total
      return Loss(
        value: mean, influence: zip(losses, weights).map { ($0 - mean) * $1 * n / total })
    case .auc:
      return Self.negativeAUC(logOdds, targets: targets, weights: weights)
    }
  }

  /// The AUC with its placement values (DeLong, DeLong and Clarke-Pearson 1988,
  /// doi:10.2307/2531595): a bad row's is the weight share of good rows below it, a good row's that
  /// of bad rows above it, ties counting half.
  private static func negativeAUC(
    _ scores: [Double], targets: [Double], weights: [Double]?
  ) -> Loss {
    let n = scores.count
    let order = Ranks.order(scores)
    var goodTotal = 0.0
    var badTotal = 0.0
    for i in 0..<n {
      let w = weights?[i] ?? 1
      if targets[i] > 0.5 { badTotal += w } else { goodTotal += w }
    }
    var placement = [Double](repeating: 0, count: n)
    var goodBelow = 0.0
    var badBelow = 0.0
    var concordant = 0.0
    var start = 0
    while start < n {
      var end = start
      var goodTied = 0.0
      var badTied = 0.0
      while end < n, scores[order[end]] == scores[order[start]] {
        let w = weights?[order[end]] ?? 1
        if targets[order[end]] > 0.5 { badTied += w } else { goodTied += w }
        end += 1
      }
      for position in start..<end {
        let i = order[position]
        placement[i] =
          targets[i] > 0.5
          ? (goodBelow + 0.5 * goodTied) / goodTotal
          : (badTotal - badBelow - 0.5 * badTied) / badTotal
      }
      concordant += badTied * (goodBelow + 0.5 * goodTied)
      goodBelow += goodTied
      badBelow += badTied
      start = end
    }
    let auc = concordant / (goodTotal * badTotal)
    let influence = (0..<n).map { i in
      let w = weights?[i] ?? 1
      return -(placement[i] - auc) * w * Double(n) / (targets[i] > 0.5 ? badTotal : goodTotal)
    }
    return Loss(value: -auc, influence: influence)
  }
}
