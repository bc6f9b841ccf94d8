import CandorNumerics

/// The masks of dropout: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", JMLR
/// 15, 2014, in the inverted form, in which what is kept is scaled up in training and scoring is left
/// as it is.
enum DropoutKernel {
  /// Fills a mask with zeros and the inverse of the share that is kept; four elements a draw of 64
  /// bits, so that the share is one of 65,536 parts.
  static func fill<Scalar: NetworkScalar>(
    _ mask: inout MutableSpan<Scalar>, count: Int, dropping share: Double,
    using generator: inout CounterGenerator
  ) {
    precondition(count >= 0 && count <= mask.count)
    let kept = max(UInt64(((1 - share) * 65_536).rounded()), 1)
    let scale = Scalar(65_536 / Double(kept))
    var bits: UInt64 = 0
    for i in 0..<count {
      if i & 3 == 0 { bits = generator.next() }
      unsafe mask[unchecked: i] = bits & 0xFFFF < kept ? scale : 0
      bits >>= 16
    }
  }
}
