public import CandorData
import CandorNumerics
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

  /// Joins a forest to the draw of its rows.
  init(forest: RandomForest, sampling: ForestSampling) {
    self.forest = forest
    self.sampling = sampling
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
      sampling.draws(of: tree).enumerated().compactMap { $1 == 0 ? $0 : nil }
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
