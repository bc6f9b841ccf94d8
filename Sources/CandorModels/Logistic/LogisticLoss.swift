/// `w·(log(1 + e^m) − t·m)` a row, a negative log-likelihood; targets may be fractions.
struct LogisticLoss: RowLoss {
  let targets: [Double]
  let weights: [Double]
  private let isUnit: Bool

  init(targets: [Double], weights: [Double]) {
    self.targets = targets
    self.weights = weights
    // Few rows take every logarithm by itself.
    isUnit = weights.count >= 4096 && weights.allSatisfy { $0 == 1 }
  }

  /// With every weight times `factor`.
  func selecting(rows: [Int], factor: Double) -> LogisticLoss {
    LogisticLoss(
      targets: rows.map { targets[$0] }, weights: rows.map { weights[$0] * factor })
  }

  func evaluate(
    first: Int, margins: Span<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>
  ) -> (value: Double, extra: Double) {
    let value = RowLossKernel.logistic(
      margins, targets: targets.span, weights: weights.span, isUnit: isUnit, first: first,
      slopes: &slopes, curvatures: &curvatures)
    return (value, 0)
  }
}
