public import CandorNumerics

/// One random split that keeps the classes' shares.
public enum StratifiedSplit {
  /// Draws the test part from each class at random, so that its size is the share of all rows to
  /// the nearest row and each class differs from its share by less than one row. O(n).
  ///
  /// - Parameters:
  ///   - labels: One label a row; every distinct number is a class.
  ///   - testShare: The test part's share of the rows, between 0 and 1.
  ///   - seeds: The source of this split's randomness.
  /// - Returns: The split; both parts in rising order.
  /// - Throws: `DataError` where the share is out of range, a label is NaN, or a class would be
  ///   absent from one part.
  public static func make(
    labels: [Double], testShare: Double, seeds: SeedTree
  ) throws(DataError) -> Split {
    try Strata.checkShare(testShare)
    let strata = try Strata(labels)
    guard !labels.isEmpty else {
      throw DataError(.tooFewRows, "there are no rows to split")
    }
    // Largest remainders: whole parts first, then one more row each where the fraction is largest.
    let wanted = strata.rows.map { Double($0.count) * testShare }
    var sizes = wanted.map { Int($0) }
    let total = Int((Double(labels.count) * testShare).rounded())
    let order = wanted.indices.sorted {
      let (a, b) = (wanted[$0] - Double(sizes[$0]), wanted[$1] - Double(sizes[$1]))
      return a == b ? $0 < $1 : a > b
    }
    for place in order.prefix(max(0, total - sizes.reduce(0, +))) { sizes[place] += 1 }
    var isTest = [Bool](repeating: false, count: labels.count)
    for (place, rows) in strata.rows.enumerated() {
      guard sizes[place] > 0, sizes[place] < rows.count else {
        throw DataError(
          .tooFewRows,
          "the rows with label \(plainText(strata.labels[place])) (1 is bad) are \(rows.count), too few for a test part"
            + " of \(plainText(testShare)); gather more rows or change the share")
      }
      var generator = seeds.child("stratified split").child(place).generator()
      for row in Strata.shuffled(rows, &generator).prefix(sizes[place]) { isTest[row] = true }
    }
    return Split(
      train: isTest.indices.filter { !isTest[$0] }, test: isTest.indices.filter { isTest[$0] })
  }
}
