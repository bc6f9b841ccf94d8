/// A scorer made of trees, open to every tree method.
public protocol TreeEnsembleScorer: Scorer {
  /// The trees, complete and in margin units.
  var ensemble: TreeEnsemble { get }
}

/// A forest that remembers which training rows each tree did not see.
public protocol OutOfBagScorer: TreeEnsembleScorer {
  /// For each tree the training rows that it did not see, rising.
  var outOfBagRows: [[Int]] { get }
}
