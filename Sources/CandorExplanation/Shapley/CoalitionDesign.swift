import CandorNumerics

/// Which coalitions KernelSHAP looks at: pairs of a coalition and its complement, by size.
///
/// The pairs of sizes s and n − s are one stratum. Small strata are taken whole, the others get equal
/// numbers of pairs, drawn without replacement: a coalition's leverage in the regression depends on its
/// size alone and adds up to the same for every size (Musco and Witter 2024, arXiv:2410.01917), so
/// that equal numbers a size are draws by leverage. Pairs: Covert and Lee 2021, arXiv:2012.01536.
struct CoalitionDesign: Sendable {
  /// Pairs of one size.
  struct Stratum: Sendable {
    /// One coalition of each pair.
    let coalitions: [UInt64]
    /// How many pairs of the size there are, in a `Double` since there may be many.
    let population: Double
    /// The kernel's weight of a coalition of the size, `(n − 1) / (C(n, s) s (n − s))`.
    let kernel: Double

    /// Whether every pair of the size is in.
    var isWhole: Bool { Double(coalitions.count) == population }
    /// What each pair counts in the regression.
    var weight: Double { kernel * population / Double(coalitions.count) }
  }

  /// The number of players.
  let players: Int
  /// The strata by rising size.
  let strata: [Stratum]

  /// Whether every coalition is in.
  var isWhole: Bool { strata.allSatisfy(\.isWhole) }
  /// The number of pairs.
  var pairs: Int { strata.reduce(0) { $0 + $1.coalitions.count } }

  /// Chooses pairs.
  ///
  /// - Parameters:
  ///   - n: The number of players, two or more, 62 at most.
  ///   - pairs: How many at most; twice the players at least, whatever is asked.
  ///   - seeds: The randomness.
  init(players n: Int, pairs: Int, seeds: SeedTree) {
    players = n
    var left = max(pairs, 2 * n)
    var strata: [Stratum] = []
    var choose = 1.0
    let last = n / 2
    for size in 1...last {
      choose = choose * Double(n - size + 1) / Double(size)
      // Rounded, since the product of quotients is a whole number but for the last bits.
      choose = choose.rounded()
      let population = 2 * size == n ? (choose / 2).rounded() : choose
      let sizesLeft = last - size + 1
      // The pairs of single players are always all in: with them every value can be told.
      let quota = size == 1 ? max(left / sizesLeft, n) : max(left / sizesLeft, 2)
      let coalitions =
        population <= Double(quota)
        ? Self.all(size, of: n)
        : Self.drawn(
          quota, size: size, of: n, population: population, seeds: seeds.child(size))
      left -= coalitions.count
      strata.append(
        Stratum(
          coalitions: coalitions, population: population,
          kernel: Double(n - 1) / (choose * Double(size * (n - size)))))
    }
    self.strata = strata
  }

  /// Every pair of a size; of half the players, the coalition with the first one stands for the pair.
  private static func all(_ size: Int, of n: Int) -> [UInt64] {
    var found: [UInt64] = []
    let end = UInt64(1) << n
    var word = (UInt64(1) << size) - 1
    while word < end {
      if 2 * size != n || word & 1 == 1 { found.append(word) }
      // The next word with as many bits (Gosper's hack, HAKMEM item 175, 1972).
      let low = word & (0 &- word)
      let ripple = word + low
      word = ripple | ((word ^ ripple) >> 2) / low
    }
    return found
  }

  private static func drawn(
    _ wanted: Int, size: Int, of n: Int, population: Double, seeds: SeedTree
  ) -> [UInt64] {
    var generator = seeds.generator()
    if population <= Double(2 * wanted) {
      let all = Self.all(size, of: n)
      return Sampling.withoutReplacement(wanted, from: all.count, using: &generator).map { all[$0] }
    }
    var found: [UInt64] = []
    var known: Set<UInt64> = []
    while found.count < wanted {
      var word: UInt64 = 0
      let hasFirst = 2 * size == n
      for player in Sampling.withoutReplacement(
        hasFirst ? size - 1 : size, from: hasFirst ? n - 1 : n, using: &generator)
      {
        word |= 1 << (hasFirst ? player + 1 : player)
      }
      if hasFirst { word |= 1 }
      if known.insert(word).inserted { found.append(word) }
    }
    return found
  }
}
