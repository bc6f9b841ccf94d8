/// A function to be minimised, as a solver sees it: value, gradient and a curvature matrix.
///
/// The function must be convex and differentiable; its second derivative may jump (squared hinge),
/// in which case the curvature is an element of the generalised Hessian.
public protocol SmoothObjective: Sendable {
  /// The number of variables.
  var dimension: Int { get }

  /// A number μ such that the objective minus μ/2·‖x‖² is convex; zero where none is known.
  var strongConvexity: Double { get }

  /// The value at a point of `dimension` elements.
  func value(at point: [Double]) -> Double

  /// Value, gradient and dense curvature at a point.
  ///
  /// - Parameter point: As many elements as `dimension`.
  /// - Returns: The local quadratic model.
  /// - Throws: `LinearAlgebraError` where the curvature cannot be formed.
  func expansion(at point: [Double]) throws(LinearAlgebraError) -> QuadraticExpansion
}

/// The value, gradient and curvature of a function at one point.
public struct QuadraticExpansion: Sendable, Equatable {
  /// The value.
  public let value: Double
  /// The first derivatives.
  public let gradient: [Double]
  /// The second derivatives, symmetric; both triangles are filled.
  public let curvature: Matrix

  /// Joins the three.
  public init(value: Double, gradient: [Double], curvature: Matrix) {
    self.value = value
    self.gradient = gradient
    self.curvature = curvature
  }
}
