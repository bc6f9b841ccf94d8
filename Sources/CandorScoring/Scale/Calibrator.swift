import Foundation

/// The map from a raw margin to a probability of bad (PD), never falling.
public enum Calibrator: Sendable, Equatable, Codable {
  /// The margin is taken as log-odds as it stands.
  case identity
  /// The margin is taken as a probability as it stands, kept inside [floor, 1 − floor].
  case clamp(floor: Double)
  /// `PD = sigmoid(slope · margin + offset)` (Platt 1999).
  case platt(slope: Double, offset: Double)
  /// A rising curve through (margin, PD) knots, linear between them and constant outside.
  case isotonic(margins: [Double], probabilities: [Double])

  /// The log-odds of the PD of a margin.
  public func logOdds(_ margin: Double) -> Double {
    switch self {
    case .identity: margin
    case .platt(let slope, let offset): slope * margin + offset
    case .clamp, .isotonic: logit(probability(margin))
    }
  }

  /// The PD of a margin.
  public func probability(_ margin: Double) -> Double {
    switch self {
    case .identity: sigmoid(margin)
    case .clamp(let floor): min(max(margin, floor), 1 - floor)
    case .platt(let slope, let offset): sigmoid(slope * margin + offset)
    case .isotonic(let margins, let probabilities):
      Self.interpolate(margin, margins, probabilities)
    }
  }

  /// `(slope, offset)` where the log-odds are a straight line of the margin, else nil.
  public var affineLogOdds: (slope: Double, offset: Double)? {
    switch self {
    case .identity: (1, 0)
    case .platt(let slope, let offset): (slope, offset)
    case .clamp, .isotonic: nil
    }
  }

  /// A name for cards and reports: `none`, `platt` or `isotonic`.
  public var name: String {
    switch self {
    case .identity, .clamp: "none"
    case .platt: "platt"
    case .isotonic: "isotonic"
    }
  }

  private static func interpolate(_ x: Double, _ xs: [Double], _ ys: [Double]) -> Double {
    guard let firstX = xs.first, let firstY = ys.first, let lastX = xs.last, let lastY = ys.last,
      xs.count == ys.count
    else { return 0.5 }
    if x <= firstX { return firstY }
    if x >= lastX { return lastY }
    var low = 0
    var high = xs.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if xs[middle] <= x { low = middle } else { high = middle }
    }
    let width = xs[high] - xs[low]
    guard width > 0 else { return ys[high] }
    return ys[low] + (ys[high] - ys[low]) * (x - xs[low]) / width
  }
}

/// `1 / (1 + e^−x)`, without overflow.
public func sigmoid(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let e = exp(x)
  return e / (1 + e)
}

/// `log(p / (1 − p))`.
public func logit(_ p: Double) -> Double { log(p) - log1p(-p) }
