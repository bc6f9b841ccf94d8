public import CandorData
import CandorNumerics
import CandorScoring

extension InterventionalTreeShapley {
  /// Interaction values of each row in the marginal game; O(background · leaves reached · pairs on
  /// the path) a row.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - quantity: What is explained; it must be a straight line of the margin.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One matrix a row.
  /// - Throws: `ExplanationError` as `explain` does, and `.unsupported` for trees of depth above 512.
  public func interactions(
    _ rows: EncodedRows, quantity: ExplainedQuantity, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [ShapleyInteractions] {
    let slope = try quantity.straightLine().slope
    let explanations = try explain(
      rows, quantity: quantity, threads: threads, thresholds: thresholds)
    let blocks = Parallel.blocks(of: sides.rowCount, size: 16)
    let width = trees.width
    let all = trees.cells(of: rows)
    var results: [ShapleyInteractions] = []
    for (r, explanation) in explanations.enumerated() {
      let start = try TreeInteractionWalk(
        trees, cells: Array(all[r * width..<(r + 1) * width]))
      let parts = Parallel.map(count: blocks.count, threads: threads) { block -> [Double] in
        var walk = start
        walk.addMarginal(sides, rows: blocks[block])
        return walk.symmetric
      }
      results.append(
        ShapleyInteractions(
          explanation, indices: OrderedReduction.sum(parts).map { slope * $0 }))
    }
    return results
  }
}

extension PathDependentTreeShapley {
  /// Interaction values of each row in the path-dependent game; O(leaves · pairs on the path ·
  /// players on the path) a row.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - quantity: What is explained; it must be a straight line of the margin.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One matrix a row.
  /// - Throws: `ExplanationError` as `explain` does, and `.unsupported` for trees of depth above 512.
  public func interactions(
    _ rows: EncodedRows, quantity: ExplainedQuantity, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [ShapleyInteractions] {
    let slope = try quantity.straightLine().slope
    let explanations = try explain(
      rows, quantity: quantity, threads: threads, thresholds: thresholds)
    let blocks = trees.blocks
    let width = trees.width
    let all = trees.cells(of: rows)
    var results: [ShapleyInteractions] = []
    for (r, explanation) in explanations.enumerated() {
      let start = try TreeInteractionWalk(
        trees, cells: Array(all[r * width..<(r + 1) * width]))
      let parts = Parallel.map(count: blocks.count, threads: threads) { block -> [Double] in
        var walk = start
        walk.addPathDependent(trees: blocks[block])
        return walk.symmetric
      }
      results.append(
        ShapleyInteractions(
          explanation, indices: OrderedReduction.sum(parts).map { slope * $0 }))
    }
    return results
  }
}
