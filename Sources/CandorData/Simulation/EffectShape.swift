import Foundation

/// A function of one feature that is added to the log-odds, or is a factor of an interaction.
///
/// x is the printed value of a numeric feature, or the number of the level (from zero, in the order
/// of `LoanFeature.levels`) of a categorical one.
public enum EffectShape: Sendable, Equatable {
  /// 0 everywhere.
  case none
  /// slope · (x - centre).
  case linear(slope: Double, centre: Double)
  /// slope · ln(x / reference), for x above 0.
  case logarithm(slope: Double, reference: Double)
  /// slope · ln(1 + x / scale), for x from 0.
  case logOnePlus(slope: Double, scale: Double)
  /// height · tanh((x - centre) / width).
  case saturating(height: Double, centre: Double, width: Double)
  /// slope · max(x - knot, 0).
  case hinge(slope: Double, knot: Double)
  /// min(curvature · (x - centre)², limit).
  case parabola(curvature: Double, centre: Double, limit: Double)
  /// height · exp(-x / scale).
  case decay(height: Double, scale: Double)
  /// height where x ≥ threshold, else 0.
  case stepUp(height: Double, threshold: Double)
  /// height where x < threshold, else 0.
  case stepDown(height: Double, threshold: Double)
  /// The x-th of these values, the last one for all x beyond; for levels and for counts.
  case table([Double])

  /// The value at x.
  public func value(at x: Double) -> Double {
    var tables: [Double] = []
    let compiled = CompiledShape(self, tables: &tables)
    return compiled.value(at: x, tables: tables.span)
  }

  /// The function as a formula in x.
  public var formula: String {
    switch self {
    case .none: "0"
    case .linear(let slope, let centre): "\(slope) * (x - \(centre))"
    case .logarithm(let slope, let reference): "\(slope) * ln(x / \(reference))"
    case .logOnePlus(let slope, let scale): "\(slope) * ln(1 + x / \(scale))"
    case .saturating(let height, let centre, let width):
      "\(height) * tanh((x - \(centre)) / \(width))"
    case .hinge(let slope, let knot): "\(slope) * max(x - \(knot), 0)"
    case .parabola(let curvature, let centre, let limit):
      "min(\(curvature) * (x - \(centre))^2, \(limit))"
    case .decay(let height, let scale): "\(height) * exp(-x / \(scale))"
    case .stepUp(let height, let threshold): "\(height) if x >= \(threshold) else 0"
    case .stepDown(let height, let threshold): "\(height) if x < \(threshold) else 0"
    case .table: "table[min(x, last)]"
    }
  }
}

extension EffectShape: Encodable {
  private enum Key: String, CodingKey { case kind, formula, parameters, table }

  /// Writes the kind, the formula, and the parameters or the table.
  public func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(formula, forKey: .formula)
    if case .table(let values) = self {
      try container.encode(values, forKey: .table)
    } else {
      try container.encode(parameters, forKey: .parameters)
    }
  }

  private var kind: String {
    switch self {
    case .none: "none"
    case .linear: "linear"
    case .logarithm: "logarithm"
    case .logOnePlus: "log-one-plus"
    case .saturating: "saturating"
    case .hinge: "hinge"
    case .parabola: "parabola"
    case .decay: "decay"
    case .stepUp: "step-up"
    case .stepDown: "step-down"
    case .table: "table"
    }
  }

  private var parameters: [String: Double] {
    switch self {
    case .none, .table: [:]
    case .linear(let slope, let centre): ["slope": slope, "centre": centre]
    case .logarithm(let slope, let reference): ["slope": slope, "reference": reference]
    case .logOnePlus(let slope, let scale): ["slope": slope, "scale": scale]
    case .saturating(let height, let centre, let width):
      ["height": height, "centre": centre, "width": width]
    case .hinge(let slope, let knot): ["slope": slope, "knot": knot]
    case .parabola(let curvature, let centre, let limit):
      ["curvature": curvature, "centre": centre, "limit": limit]
    case .decay(let height, let scale): ["height": height, "scale": scale]
    case .stepUp(let height, let threshold), .stepDown(let height, let threshold):
      ["height": height, "threshold": threshold]
    }
  }
}

/// A shape as plain numbers, so that evaluating it counts no references and threads share nothing.
struct CompiledShape: Sendable {
  private enum Kind: UInt8, Sendable {
    case none, linear, logarithm, logOnePlus, saturating, hinge, parabola, decay, stepUp, stepDown
    case table
  }

  private let kind: Kind
  private var a = 0.0
  private var b = 0.0
  private var c = 0.0
  private var start = 0
  private var count = 0

  /// Compiles a shape; the values of a table are appended to `tables`.
  init(_ shape: EffectShape, tables: inout [Double]) {
    switch shape {
    case .none: kind = .none
    case .linear(let slope, let centre): (kind, a, b) = (.linear, slope, centre)
    case .logarithm(let slope, let reference): (kind, a, b) = (.logarithm, slope, reference)
    case .logOnePlus(let slope, let scale): (kind, a, b) = (.logOnePlus, slope, scale)
    case .saturating(let height, let centre, let width):
      (kind, a, b, c) = (.saturating, height, centre, width)
    case .hinge(let slope, let knot): (kind, a, b) = (.hinge, slope, knot)
    case .parabola(let curvature, let centre, let limit):
      (kind, a, b, c) = (.parabola, curvature, centre, limit)
    case .decay(let height, let scale): (kind, a, b) = (.decay, height, scale)
    case .stepUp(let height, let threshold): (kind, a, b) = (.stepUp, height, threshold)
    case .stepDown(let height, let threshold): (kind, a, b) = (.stepDown, height, threshold)
    case .table(let values):
      (kind, start, count) = (.table, tables.count, values.count)
      tables += values
    }
  }

  /// The value at x; `tables` is what `init` appended to.
  @inline(__always)
  func value(at x: Double, tables: Span<Double>) -> Double {
    switch kind {
    case .none: return 0
    case .linear: return a * (x - b)
    case .logarithm: return a * log(x / b)
    case .logOnePlus: return a * log(1 + x / b)
    case .saturating: return a * tanh((x - b) / c)
    case .hinge: return x > b ? a * (x - b) : 0
    case .parabola:
      let square = a * (x - b) * (x - b)
      return square < c ? square : c
    case .decay: return a * exp(-x / b)
    case .stepUp: return x >= b ? a : 0
    case .stepDown: return x < b ? a : 0
    case .table:
      guard count > 0, x >= 0 else { return 0 }
      let last = count - 1
      return tables[start + (x < Double(last) ? Int(x) : last)]
    }
  }
}
