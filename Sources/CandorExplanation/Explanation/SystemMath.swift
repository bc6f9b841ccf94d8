import Foundation

/// The C library's functions under names that do not collide with methods.
enum SystemMath {
  static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  static func log(_ x: Double) -> Double { Foundation.log(x) }
  static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
  static func log1p(_ x: Double) -> Double { Foundation.log1p(x) }
  /// A number with four digits, for sentences.
  static func text(_ number: Double) -> String { String(format: "%.4g", number) }
}
