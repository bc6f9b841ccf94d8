import CandorData

/// One applicant's options as bits at the tests of the trees.
///
/// Options that take the same way at every test are one: the cheapest stands for all. At most 256 a
/// mover are left, so that an option is a bit of four words.
struct TreeOptions: Sendable {
  /// The most options of one mover.
  static let most = 256

  /// The applicant, with the options that are left.
  let applicant: Applicant
  /// For each test a bit for each option of its owner that goes left.
  let masks: [SIMD4<UInt64>]
  /// The mover of each test, -1 where none moves its column.
  let owners: [Int32]
  /// The tests of each mover.
  let testsOf: [[Int]]
  /// Where the applicant goes at each test, as it is.
  let ways: [UInt8]
  /// Whether options were left out that go ways of their own.
  let isThinned: Bool

  init(_ given: Applicant, trees: TreeMoves, testsByColumn: [[Int]]) {
    var isThinned = false
    var movers: [Mover] = []
    for mover in given.movers {
      let kept = Self.distinct(mover, trees: trees, testsByColumn: testsByColumn)
      if kept.isThinned { isThinned = true }
      if kept.places.count > 1 {
        movers.append(mover.keeping(kept.places))
      }
    }
    applicant = Applicant(cells: given.cells, encoded: given.encoded, movers: movers)
    self.isThinned = isThinned
    var masks = [SIMD4<UInt64>](repeating: .zero, count: trees.tests.count)
    var owners = [Int32](repeating: -1, count: trees.tests.count)
    var ways = [UInt8](repeating: 0, count: trees.tests.count)
    var testsOf = [[Int]](repeating: [], count: movers.count)
    var ownerOf = [Int: (mover: Int, place: Int)]()
    for (number, mover) in movers.enumerated() {
      for (place, column) in mover.columns.enumerated() { ownerOf[column] = (number, place) }
    }
    for column in testsByColumn.indices where !testsByColumn[column].isEmpty {
      let value = given.encoded[column]
      let here = trees.place(of: value, column: column)
      for test in testsByColumn[column] {
        ways[test] = Self.left(value, here, trees.tests[test]) ? 0 : 1
      }
      guard let owner = ownerOf[column] else { continue }
      let cells = movers[owner.mover].options.map { $0.encoded[owner.place] }
      let places = cells.map { trees.place(of: $0, column: column) }
      // Options that go left at each rank; a rank's bits are those of the rank below and its own.
      var reached = [SIMD4<UInt64>](repeating: .zero, count: trees.thresholds[column].count + 1)
      var missing = SIMD4<UInt64>.zero
      for (option, place) in places.enumerated() {
        let bit = UInt64(1) << UInt64(option % 64)
        if place < 0 {
          missing[option / 64] |= bit
        } else {
          reached[Int(place)][option / 64] |= bit
        }
      }
      for rank in reached.indices.dropFirst() { reached[rank] |= reached[rank - 1] }
      for test in testsByColumn[column] {
        owners[test] = Int32(owner.mover)
        testsOf[owner.mover].append(test)
        let what = trees.tests[test]
        if what.rank >= 0 {
          masks[test] = reached[Int(what.rank)]
          if what.missingGoesLeft { masks[test] |= missing }
        } else {
          var mask = SIMD4<UInt64>.zero
          for option in cells.indices where trees.goesLeft(cells[option], at: what) {
            mask[option / 64] |= 1 << UInt64(option % 64)
          }
          masks[test] = mask
        }
      }
    }
    self.masks = masks
    self.owners = owners
    self.ways = ways
    self.testsOf = testsOf
  }

  private static func left(_ value: Double, _ place: Int32, _ test: TreeMoves.Test) -> Bool {
    if place < 0 { return test.missingGoesLeft }
    if test.rank >= 0 { return place <= test.rank }
    guard value >= 0, value < 256 else { return test.missingGoesLeft }
    let level = Int(value)
    return test.set[level / 64] >> UInt64(level % 64) & 1 == 1
  }

  /// The options of which none goes the ways of a cheaper one, in their order.
  private static func distinct(
    _ mover: Mover, trees: TreeMoves, testsByColumn: [[Int]]
  ) -> (places: [Int], isThinned: Bool) {
    let tested = mover.columns.indices.filter { !testsByColumn[mover.columns[$0]].isEmpty }
    if tested.isEmpty { return ([mover.stay], false) }
    let hasSets = tested.map { place in
      testsByColumn[mover.columns[place]].contains { trees.tests[$0].rank < 0 }
    }
    func key(_ option: Mover.Option) -> [Double] {
      zip(tested, hasSets).map { place, hasSets in
        let value = option.encoded[place]
        if hasSets { return value.isNaN ? -1 : value }
        return Double(trees.place(of: value, column: mover.columns[place]))
      }
    }
    var cheapest: [[Double]: Int] = [key(mover.options[mover.stay]): mover.stay]
    for option in mover.options.indices where option != mover.stay {
      let ways = key(mover.options[option])
      if let known = cheapest[ways] {
        if known == mover.stay || mover.options[known].cost <= mover.options[option].cost {
          continue
        }
      }
      cheapest[ways] = option
    }
    var kept = Array(cheapest.values)
    guard kept.count > most else { return (kept.sorted(), false) }
    kept.removeAll { $0 == mover.stay }
    kept.sort { (mover.options[$0].cost, $0) < (mover.options[$1].cost, $1) }
    return ((kept.prefix(most - 1) + [mover.stay]).sorted(), true)
  }
}
