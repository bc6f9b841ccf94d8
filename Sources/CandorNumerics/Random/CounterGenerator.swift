/// A counter-based generator: Philox 4×32 with ten rounds.
///
/// The n-th block of output is a function of (key, n) alone, so that streams can be made by
/// purpose and index without shared state, and give the same numbers whatever the number of
/// threads. Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC'11, doi:10.1145/2063384.2063405.
public struct CounterGenerator: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private var counter: UInt64 = 0
  private var buffer: (UInt64, UInt64) = (0, 0)
  private var buffered = 0
  private var spareNormal: Double?

  /// Starts the stream that belongs to this 64-bit key at its first block.
  public init(key: UInt64) {
    self.key = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if buffered == 0 {
      let block = Self.block(
        counter: (
          UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), 0, 0
        ), key: key)
      counter &+= 1
      buffer = (
        UInt64(block.0) | UInt64(block.1) << 32, UInt64(block.2) | UInt64(block.3) << 32
      )
      buffered = 2
    }
    buffered -= 1
    return buffered == 1 ? buffer.0 : buffer.1
  }

  /// A uniform number in [0, 1) with 53 random bits.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform integer in `0..<bound` without modulo bias; `bound` below 1 gives 0.
  ///
  /// Lemire, "Fast random integer generation in an interval", 2019, doi:10.1145/3230636. The
  /// algorithm is fixed here, since the standard library does not promise its own.
  public mutating func nextInteger(below bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A standard normal number by Marsaglia's polar method (1964).
  public mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * nextUniform() - 1
      let v = 2 * nextUniform() - 1
      let square = u * u + v * v
      if square > 0, square < 1 {
        let factor = (-2 * SystemMath.log(square) / square).squareRoot()
        spareNormal = v * factor
        return u * factor
      }
    }
  }

  /// One Philox 4×32-10 block; the known answers of Random123 are its test.
  package static func block(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var c = counter
    var k = key
    for round in 0..<10 {
      if round > 0 {
        k.0 &+= 0x9E37_79B9
        k.1 &+= 0xBB67_AE85
      }
      let p0 = UInt64(0xD251_1F53) * UInt64(c.0)
      let p1 = UInt64(0xCD9E_8D57) * UInt64(c.2)
      c = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: p0)
      )
    }
    return c
  }
}
