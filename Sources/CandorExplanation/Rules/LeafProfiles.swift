package import CandorData
import CandorNumerics
package import CandorScoring

/// The leaf that each row reaches in each tree.
package struct LeafProfiles: Sendable {
  /// The number of trees.
  package let trees: Int
  /// The leaves, a row after another, one a tree.
  package let leaves: [Int32]

  /// Walks rows through trees by the rules of `TreeEnsemble`; O(rows · trees · depth).
  package init(of rows: EncodedRows, in ensemble: TreeEnsemble) {
    let matrix = rows.matrix
    let width = matrix.columns
    trees = ensemble.trees.count
    var leaves = [Int32](repeating: 0, count: matrix.rows * ensemble.trees.count)
    let values = matrix.values
    for (t, tree) in ensemble.trees.enumerated() where tree.nodeCount > 0 {
      for r in 0..<matrix.rows {
        var node = 0
        while tree.left[node] >= 0 {
          let x = values[r * width + Int(tree.feature[node])]
          let goesLeft =
            if x.isNaN {
              tree.missingGoesLeft[node]
            } else if let set = tree.categories[node] {
              set.contains(Int32(exactly: x) ?? -1)
            } else {
              Self.goesLeft(x, tree.threshold[node], ensemble)
            }
          node = Int(goesLeft ? tree.left[node] : tree.right[node])
        }
        leaves[r * trees + t] = Int32(truncatingIfNeeded: node)
      }
    }
    self.leaves = leaves
  }

  private static func goesLeft(
    _ x: Double, _ threshold: Double, _ ensemble: TreeEnsemble
  ) -> Bool {
    switch (ensemble.precision, ensemble.comparison) {
    case (.double, .lessOrEqual): x <= threshold
    case (.double, .less): x < threshold
    case (.single, .lessOrEqual): Double(Float(x)) <= threshold
    case (.single, .less): Double(Float(x)) < threshold
    }
  }

  /// One less the share of trees in which two rows share a leaf.
  package func distance(_ own: Int, to other: LeafProfiles, row: Int) -> Double {
    guard trees > 0 else { return 0 }
    var same = 0
    for t in 0..<trees where leaves[own * trees + t] == other.leaves[row * trees + t] {
      same += 1
    }
    return 1 - Double(same) / Double(trees)
  }
}

/// The activations of the last hidden layer of a layered scorer.
package enum LayerEmbedding {
  /// One row of activations a row; the rows themselves where there is no hidden layer.
  package static func rows(_ rows: EncodedRows, in layers: [LayerView]) -> [[Double]] {
    let matrix = rows.matrix
    return (0..<matrix.rows).map { r in
      var current = Array(matrix.row(r))
      for layer in layers.dropLast() {
        current = (0..<layer.weights.rows).map { u in
          activation(
            layer.activation,
            zip(layer.weights.row(u), current).reduce(layer.biases[u]) { $0 + $1.0 * $1.1 })
        }
      }
      return current
    }
  }

  private static func activation(_ name: String, _ z: Double) -> Double {
    switch name {
    case "relu": max(z, 0)
    case "leaky-relu": z > 0 ? z : 0.01 * z
    case "tanh": SystemMath.tanh(z)
    case "sigmoid": 1 / (1 + SystemMath.exp(-z))
    case "gelu":
      0.5 * z * (1 + SystemMath.tanh((2 / Double.pi).squareRoot() * (z + 0.044715 * z * z * z)))
    default: z
    }
  }
}
