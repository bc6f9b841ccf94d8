/// How a unit answers its input.
public enum Activation: String, Sendable, CaseIterable {
  /// `max(0, z)`.
  case relu
  /// `z` where it is above zero, else `0.01 z` (Maas, Hannun and Ng, "Rectifier nonlinearities improve
  /// neural network acoustic models", 2013).
  case leakyRelu = "leaky-relu"
  /// `½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))`: the tanh form of Hendrycks and Gimpel, "Gaussian error
  /// linear units", 2016, arXiv:1606.08415.
  case gelu
  /// The hyperbolic tangent.
  case tanh
  /// `1 / (1 + e^−z)`.
  case sigmoid
  /// `z` itself.
  case identity

  /// Whether He's variance belongs to it rather than Glorot's.
  var isRectifier: Bool { self == .relu || self == .leakyRelu || self == .gelu }
}

extension Activation {
  /// The slope of a leaky ReLU below zero.
  static let leak = 0.01

  /// The unit's answer to `z`.
  @inline(__always)
  func value<Scalar: NetworkScalar>(_ z: Scalar) -> Scalar {
    switch self {
    case .relu: return Scalar.rectified(z)
    case .leakyRelu: return z * (z > 0 ? 1 : Scalar(Self.leak))
    case .gelu: return Self.gelu(z)
    case .tanh: return Scalar.hyperbolicTangent(z)
    case .sigmoid: return Self.sigmoid(z)
    case .identity: return z
    }
  }

  /// The derivative at `z`, where the answer is `y`; at a kink the one of the side below.
  @inline(__always)
  func slope<Scalar: NetworkScalar>(_ z: Scalar, _ y: Scalar) -> Scalar {
    switch self {
    case .relu: return z > 0 ? 1 : 0
    case .leakyRelu: return z > 0 ? 1 : Scalar(Self.leak)
    case .gelu: return Self.geluSlope(z)
    case .tanh: return 1 - y * y
    case .sigmoid: return y * (1 - y)
    case .identity: return 1
    }
  }

  /// `1 / (1 + e^−z)` without overflow.
  @inline(__always)
  static func sigmoid<Scalar: NetworkScalar>(_ z: Scalar) -> Scalar {
    let e = Scalar.exponential(-z.magnitude)
    return (z >= 0 ? 1 : e) / (1 + e)
  }

  @inline(__always)
  static func gelu<Scalar: NetworkScalar>(_ z: Scalar) -> Scalar {
    let inner = Scalar(rootTwoOverPi) * (z + Scalar(cubic) * z * z * z)
    return Scalar(0.5) * z * (1 + Scalar.hyperbolicTangent(inner))
  }

  @inline(__always)
  static func geluSlope<Scalar: NetworkScalar>(_ z: Scalar) -> Scalar {
    let inner = Scalar(rootTwoOverPi) * (z + Scalar(cubic) * z * z * z)
    let t = Scalar.hyperbolicTangent(inner)
    let ofInner = Scalar(rootTwoOverPi) * (1 + 3 * Scalar(cubic) * z * z)
    return Scalar(0.5) * (1 + t) + Scalar(0.5) * z * (1 - t * t) * ofInner
  }

  private static let rootTwoOverPi = 0.797_884_560_802_865_4
  private static let cubic = 0.044715
}
