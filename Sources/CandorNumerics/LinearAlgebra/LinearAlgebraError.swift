/// What can go wrong in a linear-algebra call, as a sentence and the numbers behind it.
public enum LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two operands do not fit together, or storage does not hold `rows × columns` elements.
  case shapeMismatch(String)
  /// The leading minor of this order is not positive, so that Cholesky stops there.
  case notPositiveDefinite(order: Int)
  /// An iterative LAPACK routine did not converge.
  case noConvergence(routine: String)
  /// An argument is NaN or infinite.
  case notFinite(String)
  /// LAPACK refused an argument (its number, from one).
  case illegalArgument(routine: String, position: Int)

  /// One sentence that says what is wrong.
  public var description: String {
    switch self {
    case .shapeMismatch(let what): "The shapes do not fit: \(what)."
    case .notPositiveDefinite(let order):
      "The matrix is not positive definite (leading minor \(order))."
    case .noConvergence(let routine): "\(routine) did not converge."
    case .notFinite(let what): "\(what) holds a value that is not finite."
    case .illegalArgument(let routine, let position):
      "\(routine) refused its argument \(position)."
    }
  }
}
