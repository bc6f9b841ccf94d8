import CandorData
import CandorNumerics
import CandorScoring

/// Reads the leaves of a tree over source features as rules.
struct SurrogateTreeReader {
  let ensemble: TreeEnsemble
  let source: SourceValues

  /// What the way from the root to a node asks of one feature.
  private struct Demand {
    var above: Double?
    var atMost: Double?
    var levels: Set<Int32>?
    var includesMissing = true
  }

  /// The rules of the first tree's leaves, with what the model says where each holds.
  func rules(
    leaves: [Int32], values: [Double], weights: [Double]
  ) -> [GlobalSurrogateTree.Rule] {
    guard let tree = ensemble.trees.first, tree.nodeCount > 0 else { return [] }
    var rowsOf: [Int32: [Int]] = [:]
    for (r, leaf) in leaves.enumerated() { rowsOf[leaf, default: []].append(r) }
    let total = OrderedReduction.sum(weights)
    var rules: [GlobalSurrogateTree.Rule] = []
    var stack: [(node: Int, demands: [(feature: Int, demand: Demand)])] = [(0, [])]
    while let (node, demands) = stack.popLast() {
      if tree.left[node] < 0 {
        let rows = rowsOf[Int32(node)] ?? []
        let moments = Moments(rows.map { values[$0] }, weights: rows.map { weights[$0] })
        let value = ensemble.baseMargin + tree.weight * tree.value[node]
        let isEmpty = !(moments.totalWeight > 0)
        rules.append(
          GlobalSurrogateTree.Rule(
            conditions: demands.map { condition($0.demand, feature: $0.feature) },
            value: value, modelMean: isEmpty ? value : moments.mean,
            modelSpread: isEmpty ? 0 : moments.populationVariance.squareRoot(),
            share: total > 0 ? moments.totalWeight / total : 0))
        continue
      }
      let feature = Int(tree.feature[node])
      let position = demands.firstIndex { $0.feature == feature }
      var left = position.map { demands[$0].demand } ?? Demand()
      var right = left
      if let set = tree.categories[node] {
        let all = left.levels ?? allLevels(feature)
        left.levels = all.intersection(set)
        right.levels = all.subtracting(set)
      } else {
        let threshold = tree.threshold[node]
        left.atMost = min(left.atMost ?? .infinity, threshold)
        right.above = max(right.above ?? -.infinity, threshold)
      }
      if tree.missingGoesLeft[node] {
        right.includesMissing = false
      } else {
        left.includesMissing = false
      }
      func with(_ demand: Demand) -> [(feature: Int, demand: Demand)] {
        var result = demands
        if let position {
          result[position].demand = demand
        } else {
          result.append((feature, demand))
        }
        return result
      }
      stack.append((Int(tree.right[node]), with(right)))
      stack.append((Int(tree.left[node]), with(left)))
    }
    return rules
  }

  private func allLevels(_ feature: Int) -> Set<Int32> {
    Set((0..<(source.columns[feature].codes?.levels.count ?? 0)).map { Int32($0) })
  }

  private func condition(_ demand: Demand, feature: Int) -> SurrogateCondition {
    let column = source.columns[feature]
    var levels: [String]?
    if let names = column.codes?.levels.levels {
      let allowed: [Int32] =
        demand.levels.map { Array($0) }
        // A tree may also cut level codes by a threshold.
        ?? names.indices.map { Int32($0) }.filter {
          Double($0) <= demand.atMost ?? .infinity && Double($0) > demand.above ?? -.infinity
        }
      levels = allowed.sorted().map { names[Int($0)] }
    }
    let isOfLevels = levels != nil
    return SurrogateCondition(
      feature: column.name, lower: isOfLevels ? nil : demand.above,
      upper: isOfLevels ? nil : demand.atMost, holdsLowerEnd: ensemble.comparison == .less,
      levels: levels,
      includesMissing: demand.includesMissing
        && (0..<column.count).contains { column.isMissing($0) })
  }
}
