import Foundation

/// The C library's functions under names that do not collide with methods.
enum SystemMath {
  static func log(_ x: Double) -> Double { Foundation.log(x) }
  static func log1p(_ x: Double) -> Double { Foundation.log1p(x) }
  static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  static func expm1(_ x: Double) -> Double { Foundation.expm1(x) }
  static func cos(_ x: Double) -> Double { Foundation.cos(x) }
  static func erfc(_ x: Double) -> Double { Foundation.erfc(x) }
  static func pow(_ x: Double, _ y: Double) -> Double { Foundation.pow(x, y) }
  /// Swift's overlay calls the re-entrant form, so that threads do not meet in `signgam`.
  static func lgamma(_ x: Double) -> Double { Foundation.lgamma(x) }
}
