/// A tree of seeds: every purpose and index has a seed of its own, derived from the root.
///
/// `SeedTree(seed: 7).child("forest").child(17).generator()` is the stream of tree 17 whoever asks
/// for it, in whatever order and on whatever thread. Children are derived by mixing the parent's
/// key with the label through the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014,
/// doi:10.1145/2660193.2660195).
public struct SeedTree: Sendable, Equatable {
  private let key: UInt64

  /// The root for a study's seed.
  public init(seed: UInt64) {
    key = Self.mix(seed ^ 0x6361_6E64_6F72_2E31)
  }

  private init(key: UInt64) { self.key = key }

  /// The child for a named purpose.
  public func child(_ purpose: String) -> SeedTree {
    // FNV-1a over the UTF-8 bytes: short labels, and the mix below does the spreading.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return SeedTree(key: Self.mix(key &+ 0x9E37_79B9_7F4A_7C15 &* (hash | 1)))
  }

  /// The child for an index (a tree, a fold, a repeat).
  public func child(_ index: Int) -> SeedTree {
    let step = UInt64(bitPattern: Int64(index)) &* 2 &+ 1
    return SeedTree(key: Self.mix(Self.mix(key) &+ 0xD1B5_4A32_D192_ED03 &* step))
  }

  /// The generator of this node, at its start.
  public func generator() -> CounterGenerator { CounterGenerator(key: key) }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
