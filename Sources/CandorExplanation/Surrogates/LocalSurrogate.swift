public import CandorData
public import CandorNumerics
public import CandorScoring

/// How a local surrogate is drawn and fitted.
public struct LocalSurrogateOptions: Sendable, Equatable, Codable {
  /// The rows of one design, from 50 up; at least four times the encoded columns are used.
  public var rows: Int
  /// The designs drawn with different seeds, from 2 up: their mean is the answer, their spread its
  /// standard error.
  public var designs: Int
  /// The width of the kernel on the square root of the share of players replaced.
  public var kernelWidth: Double
  /// The ridge penalty on columns of unit spread.
  public var ridge: Double
  /// How many top players the overlap over seeds compares.
  public var top: Int

  /// Options; ten designs of five hundred rows unless told otherwise.
  public init(
    rows: Int = 500, designs: Int = 10, kernelWidth: Double = 0.75, ridge: Double = 0,
    top: Int = 4
  ) {
    self.rows = rows
    self.designs = designs
    self.kernelWidth = kernelWidth
    self.ridge = ridge
    self.top = top
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> LocalSurrogateOptions {
    guard (50...1_000_000).contains(rows) else {
      throw ExplanationError(.badOption, "rows is \(rows); it must be from 50 to 1,000,000.")
    }
    guard (2...1000).contains(designs) else {
      throw ExplanationError(.badOption, "designs is \(designs); it must be from 2 to 1,000.")
    }
    guard kernelWidth > 0, kernelWidth.isFinite else {
      throw ExplanationError(
        .badOption, "kernelWidth is \(kernelWidth); it must be above zero and finite.")
    }
    guard ridge >= 0, ridge.isFinite else {
      throw ExplanationError(.badOption, "ridge is \(ridge); it must be zero or more, and finite.")
    }
    guard (1...1000).contains(top) else {
      throw ExplanationError(.badOption, "top is \(top); it must be from 1 to 1,000.")
    }
    return self
  }
}

/// A linear model of the score around one applicant.
///
/// Level codes and missing cells are taken apart for the fit (a 0/1 column a level, and one for the
/// missing) and summed back. Rows are drawn by `PerturbationDesign` and the value is regressed on their encoded columns with
/// the kernel's weights. A player's attribution is the fitted difference from the background's mean,
/// `Σ coefficient · (x − mean)` over its columns: where one-hot columns make coefficients arbitrary,
/// this sum is not. The answer is the mean over designs drawn with different seeds; its standard
/// error comes from their spread; R² is measured on the next design's rows, which the fit did not
/// see. Evidence beside a reason at most, never a reason.
public enum LocalSurrogate {
  /// Explains each row by a local linear fit.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who is attributed to.
  ///   - background: Where replacing values come from, and whose mean the differences are from.
  ///   - options: How many rows and designs.
  ///   - seeds: The randomness; the draws of a row depend on its values, not on its place.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row. `baseValue + Σ attributions` is the fit's value at the row.
  /// - Throws: `ExplanationError` where an option is out of range or the fit fails.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    background: Background, options: LocalSurrogateOptions = .init(), seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    try players.check(rows: rows, background: background)
    let explained = try scorer.values(of: rows, as: quantity)
    let columns = SurrogateColumns(
      levelCounts: players.levelCounts, reference: background, others: [rows])
    let reference = columns.expanded(background.rows).matrix
    let means = (0..<columns.width).map { background.mean(of: reference.column($0)) }
    let size = max(options.rows, 4 * columns.width)
    let expanded = columns.expanded(rows).matrix
    let matrix = rows.matrix
    var results: [Explanation] = []
    for r in 0..<rows.count {
      let row = Array(matrix.row(r))
      let rowSeeds = seeds.child("local surrogate").child(row: row)
      let designs = try Parallel.map(count: options.designs, threads: threads) {
        design throws(ExplanationError) -> FittedDesign in
        let perturbed = try PerturbationDesign(
          around: row, players: players, background: background, count: size,
          kernelWidth: options.kernelWidth, seeds: rowSeeds.child(design))
        let values = try scorer.values(of: perturbed.rows, as: quantity)
        let design = columns.expanded(perturbed.rows)
        let fit = try LinearFit(
          rows: design, values: values, weights: perturbed.weights, ridge: options.ridge,
          withErrors: false)
        return FittedDesign(
          rows: design, weights: perturbed.weights, values: values, fit: fit)
      }
      results.append(
        summary(
          of: designs, columns: columns, row: Array(expanded.row(r)), means: means,
          explained: explained[r], scale: quantity.scale,
          players: players, background: background, options: options, thresholds: thresholds))
    }
    return results
  }

  private struct FittedDesign: Sendable {
    /// The perturbed rows as the fit sees them.
    let rows: EncodedRows
    let weights: [Double]
    let values: [Double]
    let fit: LinearFit
  }

  private static func summary(
    of designs: [FittedDesign], columns: SurrogateColumns, row: [Double], means: [Double],
    explained: Double, scale: ExplainedScale, players: Players, background: Background,
    options: LocalSurrogateOptions, thresholds: FidelityThresholds
  ) -> Explanation {
    let count = Double(designs.count)
    let perDesign = designs.map { fitted in
      players.sums(
        of: columns.collapsed(
          (0..<columns.width).map { fitted.fit.coefficients[$0] * (row[$0] - means[$0]) }))
    }
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: count - 1)
    var attributions: [Attribution] = []
    for player in 0..<players.count {
      let own = perDesign.map { $0[player] }
      let mean = OrderedReduction.sum(own) / count
      let squares = OrderedReduction.sum(own.map { ($0 - mean) * ($0 - mean) })
      attributions.append(
        Attribution(
          source: players.names[player], value: mean,
          standardError: (squares / (count - 1) / count).squareRoot(), quantile: quantile))
    }
    let bases = designs.map { fitted in
      zip(fitted.fit.coefficients, means).reduce(fitted.fit.intercept) { $0 + $1.0 * $1.1 }
    }
    let unseen = designs.indices.map { position in
      let next = designs[(position + 1) % designs.count]
      return designs[position].fit.rSquared(
        on: next.rows, values: next.values, weights: next.weights)
    }
    let evidence = SurrogateEvidence(
      rSquared: OrderedReduction.sum(unseen) / count,
      fittedRSquared: OrderedReduction.sum(designs.map(\.fit.rSquared)) / count,
      rows: designs[0].rows.count, columns: columns.width + 1,
      rank: designs.map(\.fit.rank).min() ?? 0,
      conditionNumber: designs.map(\.fit.conditionNumber).max() ?? 0,
      topOverlap: TopSets.meanOverlap(perDesign, top: options.top), top: options.top)
    return Explanation(
      method: .localSurrogate, scale: scale, background: background,
      baseValue: OrderedReduction.sum(bases) / count, explainedValue: explained,
      attributions: attributions,
      fidelity: Fidelity(.surrogate(evidence), thresholds: thresholds))
  }
}

/// Sets of the players with the largest absolute values.
package enum TopSets {
  /// The positions of the `top` largest absolute values; equal ones by position.
  package static func positions(_ values: [Double], top: Int) -> Set<Int> {
    let order = values.indices.sorted {
      let (a, b) = (abs(values[$0]), abs(values[$1]))
      return a == b ? $0 < $1 : a > b
    }
    return Set(order.prefix(max(top, 0)))
  }

  /// The share of the top of one that is in the top of the other.
  package static func overlap(_ a: [Double], _ b: [Double], top: Int) -> Double {
    let size = min(top, a.count)
    guard size > 0 else { return 1 }
    return Double(positions(a, top: top).intersection(positions(b, top: top)).count)
      / Double(size)
  }

  /// The mean overlap over all pairs of lists, nil for less than two.
  package static func meanOverlap(_ lists: [[Double]], top: Int) -> Double? {
    guard lists.count > 1 else { return nil }
    var overlaps: [Double] = []
    for i in 0..<lists.count {
      for j in 0..<i { overlaps.append(overlap(lists[i], lists[j], top: top)) }
    }
    return OrderedReduction.sum(overlaps) / Double(overlaps.count)
  }
}
