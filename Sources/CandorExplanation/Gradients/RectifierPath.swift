import CandorNumerics

/// Gradients integrated along straight lines through a net of rectifiers, without quadrature.
///
/// Along a line every unit's sum is a straight line between the places where some unit changes its
/// side, so that the gradient is constant on each piece and its integral is a sum over pieces. Going
/// from piece to piece costs one row of weights forward and one back, not a pass through the net. On
/// a scale that is a curve of the margin the integral of a piece is the rise of the curve over it.
struct RectifierPath: Sendable {
  /// What lines give.
  struct Result: Sendable {
    /// A row a line: `(end_c − start_c) · ∫₀¹ ∂f/∂x_c dt`, row-major.
    var contributions: [Double]
    /// The pieces of each line; 0 where the walk was given up.
    var pieces: [Int]
    /// A row a line: what each unit of the watched layer conducts, row-major; empty without one.
    var conducted: [Double]
  }

  /// The most pieces of one line; beyond it the walk is given up.
  static let mostPieces = 100_000

  private let net: LayeredNet
  private let lines: [(below: Double, above: Double)]
  /// Where each hidden layer's units begin among all units.
  private let offsets: [Int]
  private let unitCount: Int

  /// A walker through a net; nil where an activation is not made of two lines through zero.
  init?(_ net: LayeredNet) {
    var lines: [(below: Double, above: Double)] = []
    var offsets: [Int] = []
    var count = 0
    for layer in net.hidden {
      guard let slopes = layer.answer.slopes else { return nil }
      lines.append(slopes)
      offsets.append(count)
      count += layer.units
    }
    self.net = net
    self.lines = lines
    self.offsets = offsets
    unitCount = count
  }

  /// Where all lines begin: sums, sides, slopes and gradients of all units.
  struct Start: Sendable {
    fileprivate let row: [Double]
    fileprivate var sums: [Double]
    fileprivate var sides: [Double]
    fileprivate var slopes: [Double]
    fileprivate var gradients: [Double]
  }

  /// Prepares a row to begin lines at.
  func start(at row: [Double]) -> Start {
    let sums = net.sums(at: row).flatMap { $0 }
    var start = Start(
      row: row, sums: sums, sides: sums.map { $0 > 0 ? 1 : -1 },
      slopes: [Double](repeating: 0, count: unitCount),
      gradients: [Double](repeating: 0, count: unitCount))
    for (l, layer) in net.hidden.enumerated() {
      for u in offsets[l]..<offsets[l] + layer.units {
        start.slopes[u] = start.sides[u] > 0 ? lines[l].above : lines[l].below
      }
    }
    let top = net.hidden.count - 1
    for (u, weight) in net.output.enumerated() { start.gradients[offsets[top] + u] = weight }
    for l in stride(from: top - 1, through: 0, by: -1) {
      passBack(to: l, slopes: start.slopes, gradients: &start.gradients)
    }
    return start
  }

  /// Walks from one row to each of some rows of row-major numbers.
  ///
  /// - Parameters:
  ///   - start: Where the lines begin.
  ///   - values: The ends' numbers.
  ///   - range: Which rows of them.
  ///   - quantity: What is explained; it has a derivative.
  ///   - watched: The hidden layer whose conductance is wanted, from 0; nil for none.
  /// - Returns: The contributions of the encoded columns to each row's difference.
  func walk(
    from start: Start, to values: [Double], _ range: Range<Int>, quantity: ExplainedQuantity,
    watching watched: Int? = nil
  ) -> Result {
    let width = net.width
    let count = range.count
    var steps = [Double](repeating: 0, count: count * width)
    for r in 0..<count {
      let from = (range.lowerBound + r) * width
      for c in 0..<width { steps[r * width + c] = values[from + c] - start.row[c] }
    }
    // How fast each unit's sum changes at the start of each line, layer after layer.
    var rates: [[Double]] = []
    var inputs = steps
    for (l, layer) in net.hidden.enumerated() {
      var next = [Double](repeating: 0, count: count * layer.units)
      LayeredNetKernel.product(
        rows: count, columns: layer.units, inner: layer.inputs, inputs, layer.weights,
        transposed: true, into: &next)
      rates.append(next)
      guard l + 1 < net.hidden.count else { break }
      var span = next.mutableSpan
      RectifierPathKernel.scale(
        &span, rows: count, by: start.slopes.span, from: offsets[l], units: layer.units)
      inputs = next
    }
    let units = net.hidden[0].units
    var integrals = [Double](repeating: 0, count: count * units)
    var pieces = [Int](repeating: 0, count: count)
    var conducted: [Double] = []
    var walk = Walk(start, units: units)
    for r in 0..<count {
      walk.reset(to: start)
      if let watched {
        walk.conducted = [Double](repeating: 0, count: net.hidden[watched].units)
      }
      for (l, layer) in net.hidden.enumerated() {
        for u in 0..<layer.units { walk.rates[offsets[l] + u] = rates[l][r * layer.units + u] }
      }
      pieces[r] = run(&walk, quantity, watching: watched)
      for u in 0..<units { integrals[r * units + u] = walk.integrals[u] }
      conducted += walk.conducted
    }
    var contributions = [Double](repeating: 0, count: count * width)
    LayeredNetKernel.product(
      rows: count, columns: width, inner: units, integrals, net.hidden[0].weights,
      transposed: false, into: &contributions)
    LayeredNetKernel.multiply(&contributions, by: steps)
    return Result(contributions: contributions, pieces: pieces, conducted: conducted)
  }

  /// The state of one walk: each unit's sum is `sums + t · rates` on the present piece.
  private struct Walk {
    var sums: [Double]
    var rates: [Double]
    var sides: [Double]
    var slopes: [Double]
    var gradients: [Double]
    var integrals: [Double]
    var booked: [Double]
    var conducted: [Double] = []
    /// Where first-layer units change sides, by falling time.
    var turns: [(time: Double, unit: Int)] = []

    init(_ start: Start, units: Int) {
      sums = start.sums
      rates = start.sums
      sides = start.sides
      slopes = start.slopes
      gradients = start.gradients
      integrals = [Double](repeating: 0, count: units)
      booked = integrals
    }

    mutating func reset(to start: Start) {
      for u in sums.indices {
        sums[u] = start.sums[u]
        sides[u] = start.sides[u]
        slopes[u] = start.slopes[u]
        gradients[u] = start.gradients[u]
      }
      for u in integrals.indices {
        integrals[u] = 0
        booked[u] = 0
      }
    }
  }

  /// Goes from 0 to 1; returns the number of pieces, 0 where there were too many.
  private func run(
    _ walk: inout Walk, _ quantity: ExplainedQuantity, watching watched: Int?
  ) -> Int {
    findTurns(&walk)
    let line = quantity.affine
    var now = 0.0
    var phase = 0.0
    var pieces = 1
    while true {
      let turn = walk.turns.last
      var until = turn?.time ?? 1
      var crossing: (layer: Int, unit: Int)?
      for l in 1..<max(net.hidden.count, 1) where lines[l].below != lines[l].above {
        if let found = crossingUnit(&walk, layer: l, now: now, until: until), found.time < until {
          until = found.time
          crossing = (l, found.unit)
        }
      }
      let length =
        if let line { line.slope * (until - now) } else { rise(&walk, quantity, now, until) }
      if let watched { conduct(&walk, layer: watched, length: length) }
      phase += length
      now = until
      if let crossing {
        flip(&walk, layer: crossing.layer, unit: crossing.unit, phase: phase)
      } else if let turn {
        walk.turns.removeLast()
        flip(&walk, layer: 0, unit: turn.unit, phase: phase)
      } else {
        break
      }
      pieces += 1
      if pieces > Self.mostPieces { return 0 }
    }
    settle(&walk, phase)
    return pieces
  }

  /// The first layer's sums are straight lines all the way: where they cross zero is known at once.
  private func findTurns(_ walk: inout Walk) {
    walk.turns.removeAll(keepingCapacity: true)
    guard lines[0].below != lines[0].above else { return }
    for u in 0..<net.hidden[0].units
    where walk.sides[u] * (walk.sums[u] + walk.rates[u]) < 0 {
      walk.turns.append((min(max(-walk.sums[u] / walk.rates[u], 0), 1), u))
    }
    walk.turns.sort { $0.time == $1.time ? $0.unit > $1.unit : $0.time > $1.time }
  }

  private func crossingUnit(
    _ walk: inout Walk, layer: Int, now: Double, until: Double
  ) -> (unit: Int, time: Double)? {
    let (first, count) = (offsets[layer], net.hidden[layer].units)
    guard
      RectifierPathKernel.mayCross(
        walk.sums.span, walk.rates.span, walk.sides.span, first: first, count: count, at: until)
    else { return nil }
    guard
      let found = RectifierPathKernel.firstCrossing(
        walk.sums.span, walk.rates.span, walk.sides.span, first: first, count: count, now: now,
        until: until)
    else { return nil }
    return (found.unit - first, found.time)
  }

  /// The integral over a piece of the quantity's derivative in the margin.
  private func rise(
    _ walk: inout Walk, _ quantity: ExplainedQuantity, _ from: Double, _ to: Double
  ) -> Double {
    guard to > from else { return 0 }
    let top = net.hidden.count - 1
    var sum = net.bias
    var rate = 0.0
    for (u, weight) in net.output.enumerated() {
      let place = offsets[top] + u
      sum += weight * walk.slopes[place] * walk.sums[place]
      rate += weight * walk.slopes[place] * walk.rates[place]
    }
    let (first, last) = (sum + rate * from, sum + rate * to)
    // The quotient loses digits where the margin hardly moves; there the middle is exact enough.
    if abs(last - first) > 1e-4 * max(1, abs(first)) {
      return (to - from) * (quantity.value(last) - quantity.value(first)) / (last - first)
    }
    return (to - from) * (quantity.derivative((first + last) / 2) ?? 0)
  }

  /// A unit changes its side: forward its answer, back its gradient.
  private func flip(_ walk: inout Walk, layer l: Int, unit u: Int, phase: Double) {
    let place = offsets[l] + u
    let old = walk.slopes[place]
    walk.sides[place] = -walk.sides[place]
    let new = walk.sides[place] > 0 ? lines[l].above : lines[l].below
    if l == 0 {
      walk.integrals[u] += old * walk.gradients[u] * (phase - walk.booked[u])
      walk.booked[u] = phase
    }
    walk.slopes[place] = new
    if l + 1 < net.hidden.count {
      Self.spread(
        net.hidden[l + 1], unit: u, (new - old) * walk.sums[place],
        (new - old) * walk.rates[place], to: &walk.sums, &walk.rates, first: offsets[l + 1])
      for m in (l + 2)..<max(net.hidden.count, l + 2) { passForward(&walk, to: m) }
    }
    guard l > 0 else { return }
    let change = (new - old) * walk.gradients[place]
    if l == 1 { settle(&walk, phase) }
    Self.spreadBack(
      net.hidden[l], unit: u, change, to: &walk.gradients, first: offsets[l - 1])
    for m in stride(from: l - 2, through: 0, by: -1) {
      if m == 0 { settle(&walk, phase) }
      passBack(to: m, slopes: walk.slopes, gradients: &walk.gradients)
    }
  }

  /// What the units of a layer conduct on a piece: their gradient times the change of their answer.
  private func conduct(_ walk: inout Walk, layer: Int, length: Double) {
    for u in walk.conducted.indices {
      let place = offsets[layer] + u
      walk.conducted[u] +=
        length * walk.gradients[place] * walk.slopes[place] * walk.rates[place]
    }
  }

  private func settle(_ walk: inout Walk, _ phase: Double) {
    Self.settle(
      &walk.integrals, &walk.booked, walk.slopes, walk.gradients, count: net.hidden[0].units,
      phase)
  }

  // Each array lends itself out alone: two loans from one walk would overlap.

  private static func settle(
    _ integrals: inout [Double], _ booked: inout [Double], _ slopes: [Double],
    _ gradients: [Double], count: Int, _ phase: Double
  ) {
    var sums = integrals.mutableSpan
    var times = booked.mutableSpan
    RectifierPathKernel.settle(
      &sums, &times, slope: slopes.span, gradient: gradients.span, count: count, at: phase)
  }

  private static func spread(
    _ layer: LayeredNet.Layer, unit: Int, _ a: Double, _ b: Double, to sums: inout [Double],
    _ rates: inout [Double], first: Int
  ) {
    var p = sums.mutableSpan
    var q = rates.mutableSpan
    RectifierPathKernel.add(
      row: layer.transposed.span, at: unit * layer.units, count: layer.units, a, b, to: &p, &q,
      first: first)
  }

  private static func spreadBack(
    _ layer: LayeredNet.Layer, unit: Int, _ a: Double, to gradients: inout [Double], first: Int
  ) {
    var g = gradients.mutableSpan
    RectifierPathKernel.add(
      row: layer.weights.span, at: unit * layer.inputs, count: layer.inputs, a, to: &g,
      first: first)
  }

  private static func through(
    _ matrix: [Double], rows: Int, columns: Int, slopes: [Double], _ x: [Double], from: Int,
    start: [Double], into result: inout [Double], first: Int
  ) {
    var span = result.mutableSpan
    RectifierPathKernel.through(
      matrix.span, rows: rows, columns: columns, slope: slopes.span, x: x.span, from: from,
      start: start.span, into: &span, first: first)
  }

  /// The sums of layer `m` anew from those of the layer below.
  private func passForward(_ walk: inout Walk, to m: Int) {
    let layer = net.hidden[m]
    let (sums, rates) = (walk.sums, walk.rates)
    Self.through(
      layer.weights, rows: layer.units, columns: layer.inputs, slopes: walk.slopes, sums,
      from: offsets[m - 1], start: layer.biases, into: &walk.sums, first: offsets[m])
    Self.through(
      layer.weights, rows: layer.units, columns: layer.inputs, slopes: walk.slopes, rates,
      from: offsets[m - 1], start: [], into: &walk.rates, first: offsets[m])
  }

  /// The gradients in the answers of layer `m` anew from those of the layer above.
  private func passBack(to m: Int, slopes: [Double], gradients: inout [Double]) {
    let above = net.hidden[m + 1]
    let known = gradients
    Self.through(
      above.transposed, rows: above.inputs, columns: above.units, slopes: slopes, known,
      from: offsets[m + 1], start: [], into: &gradients, first: offsets[m])
  }
}
