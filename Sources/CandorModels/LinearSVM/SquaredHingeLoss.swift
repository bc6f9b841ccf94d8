/// `C · max(0, 1 − y·m)²` a row; the second sum is `Σ C · max(0, 1 − y·m)`.
struct SquaredHingeLoss: RowLoss {
  let signs: [Double]
  let costs: [Double]

  func selecting(rows: [Int], factor: Double) -> SquaredHingeLoss {
    SquaredHingeLoss(
      signs: rows.map { signs[$0] }, costs: rows.map { costs[$0] * factor })
  }

  func evaluate(
    first: Int, margins: Span<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>
  ) -> (value: Double, extra: Double) {
    RowLossKernel.squaredHinge(
      margins, signs: signs.span, costs: costs.span, first: first, slopes: &slopes,
      curvatures: &curvatures)
  }

  /// A lower bound of the minimum from a pass: the dual objective at `αᵢ = 2Cᵢ · slackᵢ`, feasible
  /// at any point, times the best common factor that keeps it feasible.
  ///
  /// With the penalty `½‖w‖²` the dual is `Σα − ½‖Σ αᵢyᵢxᵢ‖² − ¼ Σ αᵢ²/Cᵢ`; with `‖w‖₁` it is
  /// `Σα − ¼ Σ αᵢ²/Cᵢ` where no element of `Σ αᵢyᵢxᵢ` is above one.
  static func dualBound(_ pass: LinearPass, isLasso: Bool) -> Double {
    let linear = 2 * pass.extra
    // The gradient of the losses is −Σ αᵢyᵢxᵢ, and ¼ Σ αᵢ²/Cᵢ is their sum.
    if isLasso {
      let largest = pass.gradient.reduce(0) { max($0, abs($1)) }
      guard pass.value > 0 else { return 0 }
      let factor = min(linear / (2 * pass.value), largest > 0 ? 1 / largest : .infinity)
      return factor * linear - factor * factor * pass.value
    }
    let quadratic = pass.gradient.reduce(0) { $0 + $1 * $1 } + 2 * pass.value
    guard quadratic > 0 else { return 0 }
    let factor = linear / quadratic
    return factor * linear - factor * factor * quadratic / 2
  }
}
