import Foundation

/// The C library's functions under names that do not collide with methods.
enum SystemMath {
  static func log(_ x: Double) -> Double { Foundation.log(x) }
}
