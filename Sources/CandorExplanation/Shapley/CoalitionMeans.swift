import CandorData
import CandorNumerics
import CandorScoring

/// The worths of chosen coalitions against the whole background.
enum CoalitionMeans {
  /// The most coalitions times background rows that are held at a time.
  private static let slab = 1 << 20

  /// One worth a coalition: the mean over the background of the explained value.
  ///
  /// Against one background row, coalitions that differ only in players in whom the applicant and the
  /// row agree are one composed row, and are scored once.
  ///
  /// - Parameters:
  ///   - coalitions: Words with a bit for each of `playing`.
  ///   - playing: The players that count, 63 at most.
  ///   - game: The applicant's game.
  /// - Returns: The worths in the coalitions' order, and the number of rows scored.
  /// - Throws: `ExplanationError` where the scorer refuses.
  static func worths<S: Scorer>(
    of coalitions: [UInt64], playing: [Int], game: CoalitionGame<S>
  ) throws(ExplanationError) -> (worths: [Double], evaluations: Int) {
    var sums = [Double](repeating: 0, count: coalitions.count)
    var evaluations = 0
    let rows = (0..<game.background.count).filter { game.shares[$0] > 0 }
    let slabs = Parallel.blocks(of: rows.count, size: max(slab / max(coalitions.count, 1), 1))
    for slab in slabs {
      let own = Array(rows[slab])
      let distinct = Parallel.map(count: own.count, threads: game.threads) {
        Distinct(coalitions, mask: mask(of: game.differing[own[$0]], among: playing))
      }
      evaluations += distinct.reduce(0) { $0 + $1.keys.count }
      let values = try score(distinct, rows: own, playing: playing, game: game)
      for (position, found) in distinct.enumerated() {
        let row = own[position]
        let (empty, whole) = (game.empty[row].value, game.whole.value)
        for (c, place) in found.places.enumerated() {
          let value =
            place == Distinct.empty
            ? empty : place == Distinct.whole ? whole : values[position][place]
          sums[c] += game.shares[row] * value
        }
      }
    }
    return (sums, evaluations)
  }

  private static func mask(of players: [Int], among playing: [Int]) -> UInt64 {
    let own = Set(players)
    var mask: UInt64 = 0
    for (bit, player) in playing.enumerated() where own.contains(player) { mask |= 1 << bit }
    return mask
  }

  /// The coalitions as one background row tells them apart.
  private struct Distinct: Sendable {
    static let empty = -1
    static let whole = -2
    /// The coalitions to be scored.
    private(set) var keys: [UInt64] = []
    /// For each coalition its place among `keys`, or `empty` or `whole`.
    private(set) var places: [Int] = []

    init(_ coalitions: [UInt64], mask: UInt64) {
      places.reserveCapacity(coalitions.count)
      var placeOf: [UInt64: Int] = [0: Self.empty]
      placeOf.reserveCapacity(coalitions.count)
      // Where nothing differs, no one and everyone are the same row.
      if mask != 0 { placeOf[mask] = Self.whole }
      for coalition in coalitions {
        let key = coalition & mask
        if let place = placeOf[key] {
          places.append(place)
        } else {
          placeOf[key] = keys.count
          places.append(keys.count)
          keys.append(key)
        }
      }
    }
  }

  private static func score<S: Scorer>(
    _ distinct: [Distinct], rows: [Int], playing: [Int], game: CoalitionGame<S>
  ) throws(ExplanationError) -> [[Double]] {
    var units: [(position: Int, places: Range<Int>)] = []
    for (position, found) in distinct.enumerated() {
      for places in Parallel.blocks(of: found.keys.count, size: CoalitionBatches.rows) {
        units.append((position, places))
      }
    }
    let fixed = units
    let runs = CoalitionBatches.runs(ofSizes: fixed.map(\.places.count))
    let applicant = game.applicant[...]
    let references = game.background.rows.matrix
    let blocks = try Parallel.map(count: runs.count, threads: game.threads) {
      run throws(ExplanationError) -> [Double] in
      let own = fixed[runs[run]]
      var batch = FeatureMask(
        players: game.players, capacity: own.reduce(0) { $0 + $1.places.count })
      for unit in own {
        let reference = references.row(rows[unit.position])
        for place in unit.places {
          batch.append(reference)
          var key = distinct[unit.position].keys[place]
          while key != 0 {
            batch.set(player: playing[key.trailingZeroBitCount], from: applicant)
            key &= key - 1
          }
        }
      }
      return try game.worths(of: batch).map(\.value)
    }
    var flat = blocks.joined().makeIterator()
    return distinct.map { found in
      var values: [Double] = []
      values.reserveCapacity(found.keys.count)
      for _ in found.keys.indices { if let value = flat.next() { values.append(value) } }
      return values
    }
  }
}
