/// Loops of a walk along a line through a net of rectifiers; `Double`, every element on its own.
///
/// A layer's sums are `p + t q` on the piece where the walk stands; `side` is 1 for a unit above zero
/// and −1 for one at or below it; `slope` is the derivative of its answer.
enum RectifierPathKernel {
  /// Whether any of `count` units from `first` on has left its side at `t`; may say yes for a unit
  /// that stands at zero.
  static func mayCross(
    _ p: Span<Double>, _ q: Span<Double>, _ side: Span<Double>, first: Int, count: Int, at t: Double
  ) -> Bool {
    precondition(first >= 0 && count >= 0 && first + count <= p.count)
    precondition(first + count <= q.count && first + count <= side.count)
    // The signs of all products, or-ed: no branch a unit.
    var bits: UInt64 = 0
    for u in first..<first &+ count {
      let value = unsafe side[unchecked: u] * (p[unchecked: u] + q[unchecked: u] * t)
      bits |= value.bitPattern
    }
    return bits >> 63 == 1
  }

  /// The unit that leaves its side first between `now` and `until`, and when; nil where none does.
  static func firstCrossing(
    _ p: Span<Double>, _ q: Span<Double>, _ side: Span<Double>, first: Int, count: Int, now: Double,
    until: Double
  ) -> (unit: Int, time: Double)? {
    precondition(first >= 0 && count >= 0 && first + count <= p.count)
    precondition(first + count <= q.count && first + count <= side.count)
    var unit = -1
    var earliest = Double.infinity
    for u in first..<first &+ count {
      let (start, rate) = unsafe (p[unchecked: u], q[unchecked: u])
      guard unsafe side[unchecked: u] * (start + rate * until) < 0 else { continue }
      let time = min(max(-start / rate, now), until)
      if time < earliest {
        earliest = time
        unit = u
      }
    }
    return unit < 0 ? nil : (unit, earliest)
  }

  /// `p ← p + a · row`, `q ← q + b · row` for the `count` units from `first` on, whose row of weights
  /// starts at `start`.
  static func add(
    row weights: Span<Double>, at start: Int, count: Int, _ a: Double, _ b: Double,
    to p: inout MutableSpan<Double>, _ q: inout MutableSpan<Double>, first: Int
  ) {
    precondition(start >= 0 && count >= 0 && start + count <= weights.count && first >= 0)
    precondition(first + count <= p.count && first + count <= q.count)
    for u in 0..<count {
      let w = unsafe weights[unchecked: start &+ u]
      unsafe p[unchecked: first &+ u] += a * w
      unsafe q[unchecked: first &+ u] += b * w
    }
  }

  /// `g ← g + a · row` for the `count` units from `first` on.
  static func add(
    row weights: Span<Double>, at start: Int, count: Int, _ a: Double,
    to g: inout MutableSpan<Double>, first: Int
  ) {
    precondition(start >= 0 && count >= 0 && start + count <= weights.count && first >= 0)
    precondition(first + count <= g.count)
    for u in 0..<count {
      unsafe g[unchecked: first &+ u] += a * weights[unchecked: start &+ u]
    }
  }

  /// Books what the first layer's `count` units earned since each was booked last.
  static func settle(
    _ integrals: inout MutableSpan<Double>, _ booked: inout MutableSpan<Double>,
    slope: Span<Double>, gradient: Span<Double>, count: Int, at phase: Double
  ) {
    precondition(count >= 0 && count <= integrals.count && count <= booked.count)
    precondition(count <= slope.count && count <= gradient.count)
    for u in 0..<count {
      let earned = unsafe slope[unchecked: u] * gradient[unchecked: u]
      unsafe integrals[unchecked: u] += earned * (phase - booked[unchecked: u])
      unsafe booked[unchecked: u] = phase
    }
  }

  /// `result[first…] ← start + matrix · (slope ∘ x)`, rows of the matrix one after another; `x` and
  /// `slope` from `from` on; an empty `start` counts as zeros.
  static func through(
    _ matrix: Span<Double>, rows: Int, columns: Int, slope: Span<Double>, x: Span<Double>,
    from: Int, start: Span<Double>, into result: inout MutableSpan<Double>, first: Int
  ) {
    precondition(rows >= 0 && columns >= 0 && rows * columns <= matrix.count && from >= 0)
    precondition(from + columns <= x.count && from + columns <= slope.count && first >= 0)
    precondition(first + rows <= result.count && (start.isEmpty || rows <= start.count))
    for r in 0..<rows {
      var sum = start.isEmpty ? 0 : unsafe start[unchecked: r]
      for c in 0..<columns {
        let input = unsafe slope[unchecked: from &+ c] * x[unchecked: from &+ c]
        unsafe sum += matrix[unchecked: r &* columns &+ c] * input
      }
      unsafe result[unchecked: first &+ r] = sum
    }
  }

  /// Multiplies row-major `rows × units` numbers by one factor a column.
  static func scale(
    _ values: inout MutableSpan<Double>, rows: Int, by factors: Span<Double>, from first: Int,
    units: Int
  ) {
    precondition(rows >= 0 && units >= 0 && rows * units <= values.count && first >= 0)
    precondition(first + units <= factors.count)
    for r in 0..<rows {
      for u in 0..<units {
        unsafe values[unchecked: r &* units &+ u] *= factors[unchecked: first &+ u]
      }
    }
  }
}
