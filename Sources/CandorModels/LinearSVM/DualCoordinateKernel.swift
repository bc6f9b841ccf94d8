/// The inner loop of dual coordinate descent for hinge loss; see `DualCoordinateDescent`.
enum DualCoordinateKernel {
  /// Which rows still move, and how far their projected gradients reach.
  struct Shrinking {
    /// The first so many places of the order are active.
    var active: Int
    /// A row at zero is set aside where its gradient is above this.
    var upper = Double.infinity
    /// A row at its cost is set aside where its gradient is below this.
    var lower = -Double.infinity
    /// The largest projected gradient of the last pass.
    var largest = -Double.infinity
    /// The smallest projected gradient of the last pass.
    var smallest = Double.infinity

    init(active: Int) { self.active = active }

    /// Takes the last pass's reach as the next pass's limits for setting rows aside.
    mutating func tighten() {
      upper = largest <= 0 ? .infinity : largest
      lower = smallest >= 0 ? -.infinity : smallest
    }
  }

  /// One pass over the active rows in the given order.
  static func pass(
    _ values: Span<Double>, width: Int, signs: Span<Double>, costs: Span<Double>,
    squares: Span<Double>, order: inout MutableSpan<Int>, alphas: inout MutableSpan<Double>,
    weights: inout MutableSpan<Double>, state: inout Shrinking
  ) {
    precondition(
      values.count == signs.count * width && weights.count == width
        && costs.count == signs.count && squares.count == signs.count
        && alphas.count == signs.count && order.count == signs.count
        && state.active <= order.count)
    state.largest = -.infinity
    state.smallest = .infinity
    var place = 0
    while place < state.active {
      let row = order[place]
      let start = row * width
      precondition(start >= 0 && start + width <= values.count)
      guard squares[row] > 0 else {
        place += 1
        continue
      }
      var margin = 0.0
      for c in 0..<width {
        margin += unsafe weights[unchecked: c] * values[unchecked: start + c]
      }
      let gradient = signs[row] * margin - 1
      let alpha = alphas[row]
      var projected = gradient
      var isSetAside = false
      if alpha == 0 {
        isSetAside = gradient > state.upper
        projected = min(gradient, 0)
      } else if alpha == costs[row] {
        isSetAside = gradient < state.lower
        projected = max(gradient, 0)
      }
      if isSetAside {
        state.active -= 1
        order.swapAt(place, state.active)
        continue
      }
      state.largest = max(state.largest, projected)
      state.smallest = min(state.smallest, projected)
      if abs(projected) > 1e-15 {
        let updated = min(max(alpha - gradient / squares[row], 0), costs[row])
        alphas[row] = updated
        let step = (updated - alpha) * signs[row]
        for c in 0..<width {
          unsafe weights[unchecked: c] += step * values[unchecked: start + c]
        }
      }
      place += 1
    }
  }
}
