/// The inner loop of dual coordinate descent for hinge and squared hinge; see `DualCoordinateDescent`.
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
  ///
  /// Row i minimises `½(squares[i])δ² + gradient·δ` with `0 ≤ α + δ ≤ caps[i]`; `squares` holds
  /// `‖xᵢ‖²` plus the diagonal.
  static func pass(
    offsets: Span<Int>, places: Span<Int32>, values: Span<Double>, signs: Span<Double>,
    caps: Span<Double>, diagonals: Span<Double>, squares: Span<Double>,
    order: inout MutableSpan<Int>, alphas: inout MutableSpan<Double>,
    weights: inout MutableSpan<Double>, state: inout Shrinking
  ) {
    let count = signs.count
    precondition(
      offsets.count == count + 1 && places.count == values.count && caps.count == count
        && diagonals.count == count && squares.count == count && alphas.count == count
        && order.count == count && state.active <= count)
    state.largest = -.infinity
    state.smallest = .infinity
    var place = 0
    while place < state.active {
      let row = order[place]
      let start = offsets[row]
      let end = offsets[row + 1]
      precondition(start >= 0 && end <= values.count)
      guard squares[row] > 0 else {
        place += 1
        continue
      }
      var margin = 0.0
      for position in start..<end {
        let column = unsafe Int(places[unchecked: position])
        margin += unsafe weights[column] * values[unchecked: position]
      }
      let alpha = alphas[row]
      let gradient = signs[row] * margin - 1 + diagonals[row] * alpha
      var projected = gradient
      var isSetAside = false
      if alpha == 0 {
        isSetAside = gradient > state.upper
        projected = min(gradient, 0)
      } else if alpha == caps[row] {
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
        let updated = min(max(alpha - gradient / squares[row], 0), caps[row])
        alphas[row] = updated
        let step = (updated - alpha) * signs[row]
        for position in start..<end {
          let column = unsafe Int(places[unchecked: position])
          weights[column] += unsafe step * values[unchecked: position]
        }
      }
      place += 1
    }
  }
}
