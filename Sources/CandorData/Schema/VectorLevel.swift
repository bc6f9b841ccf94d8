import CCandorKernels

/// How wide the vectors are that the kernels in C work with; a level has what the lower ones have.
package enum VectorLevel: Int32, Sendable, CaseIterable, Comparable {
  /// The Swift twins, which run everywhere.
  case none = 0
  /// 32 bytes.
  case avx2 = 1
  /// 64 bytes.
  case avx512 = 2

  /// What this processor has.
  package static let best = VectorLevel(rawValue: candor_vector_level()) ?? .none

  package static func < (a: VectorLevel, b: VectorLevel) -> Bool { a.rawValue < b.rawValue }
}
