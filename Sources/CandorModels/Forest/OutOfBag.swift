public import CandorData
public import CandorNumerics
public import CandorScoring

/// The rows that each tree draws, as a function of seed and tree alone.
struct ForestSampling: Sendable, Equatable {
  /// The seeds of the forest.
  let seeds: SeedTree
  /// The number of training rows.
  let rows: Int
  /// Whether rows are drawn with replacement.
  let bootstrap: Bool
  /// The share of the rows that is drawn.
  let share: Double

  /// Joins the parts.
  init(_ options: ForestOptions, rows: Int, seeds: SeedTree) {
    self.seeds = seeds.child("forest")
    self.rows = rows
    bootstrap = options.bootstrap
    share = options.sampleShare
  }

  /// How often this tree draws each row; O(rows).
  func draws(of tree: Int) -> [UInt8] {
    var generator = seeds.child(tree).child("rows").generator()
    var counts = [UInt8](repeating: 0, count: rows)
    let wanted = min(max(Int((share * Double(rows)).rounded()), 1), rows)
    if bootstrap {
      var span = counts.mutableSpan
      DrawingKernel.draw(wanted, using: &generator, into: &span)
    } else if wanted == rows {
      counts = [UInt8](repeating: 1, count: rows)
    } else {
      // Selection sampling: Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S.
      var missing = wanted
      for row in 0..<rows where missing > 0 {
        if generator.nextInteger(below: rows - row) < missing {
          counts[row] = 1
          missing -= 1
        }
      }
    }
    return counts
  }
}

/// A forest that still knows which training rows each tree did not see.
///
/// The rows are not stored: each tree's draw is a function of the seed and is drawn anew.
public struct OutOfBagForest: OutOfBagScorer {
  /// The forest.
  public let forest: RandomForest
  private let sampling: ForestSampling
  /// The training rows that are spoken of; nil is all of them.
  private let chosen: [Int]?

  /// Joins a forest to the draw of its rows.
  init(forest: RandomForest, sampling: ForestSampling, chosen: [Int]? = nil) {
    self.forest = forest
    self.sampling = sampling
    self.chosen = chosen
  }

  /// Joins a forest to the draw of its rows, which is a function of the seeds that it was grown with:
  /// nothing is fitted.
  ///
  /// - Parameters:
  ///   - forest: The forest.
  ///   - options: The options that it was grown with.
  ///   - rows: The number of training rows that it was grown on.
  ///   - seeds: The seeds of the context that it was grown in.
  ///   - chosen: Which of the training rows are spoken of, for a forest of many rows; row i of
  ///     `outOfBagRows` is then the i-th of them. Nil is all. A position that no training row has
  ///     counts as seen by every tree.
  public init(
    _ forest: RandomForest, grownWith options: ForestOptions, rows: Int, seeds: SeedTree,
    chosen: [Int]? = nil
  ) {
    self.init(
      forest: forest, sampling: ForestSampling(options, rows: rows, seeds: seeds), chosen: chosen)
  }

  /// The number of encoded columns that a row must have.
  public var inputWidth: Int { forest.inputWidth }

  /// Missing cells are scored as such.
  public var acceptsMissing: Bool { forest.acceptsMissing }

  /// That of the forest.
  public var marginScale: MarginScale { forest.marginScale }

  /// The trees in neutral form.
  public var ensemble: TreeEnsemble { forest.ensemble }

  /// For each tree the training rows that it did not see, rising; O(rows · trees).
  public var outOfBagRows: [[Int]] {
    (0..<forest.treeCount).map { tree in
      let draws = sampling.draws(of: tree)
      let rows = chosen ?? Array(draws.indices)
      return rows.indices.filter { draws.indices.contains(rows[$0]) && draws[rows[$0]] == 0 }
    }
  }

  /// Writes one margin a row, as the forest does.
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` as the forest does.
  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try forest.margins(of: rows, into: &output)
  }
}
