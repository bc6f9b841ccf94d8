import CandorData
import CandorNumerics
import CandorScoring

/// Masks drawn once for all applicants: which players keep the applicant's value, and the background
/// row that gives the others.
///
/// Columns and weights are the same for every applicant, so that their sums are formed once; those
/// with the values follow for a block of applicants by one dgemm a part.
struct MaskDesign: Sendable {
  private let kept: [[Bool]]
  private let references: [Int]
  /// For each part its rows, the sums without values, and the rows of (1, columns) times weight.
  private let parts: [(rows: Range<Int>, moments: SurrogateMoments, weighted: Matrix)]
  private let weights: [Double]
  private let effectiveRows: Double
  private let options: PortfolioSurrogateOptions

  /// Applicants whose values are turned into sums by one product.
  private static let blockApplicants = 32

  init(
    players: Players, background: Background, options: PortfolioSurrogateOptions, seeds: SeedTree
  ) throws(ExplanationError) {
    var generator = seeds.child("masks").generator()
    let draw = WeightedDraw(background)
    let count = players.count
    let isActive = players.columns.map { !$0.isEmpty }
    let active = max(players.active.count, 1)
    let square = options.kernelWidth * options.kernelWidth
    var kept: [[Bool]] = []
    var references: [Int] = []
    var weights: [Double] = []
    for _ in 0..<options.rows {
      references.append(draw.next(&generator))
      let own = (0..<count).map { !isActive[$0] || generator.next() >> 63 == 0 }
      kept.append(own)
      weights.append(
        SystemMath.exp(-Double(own.count { !$0 }) / Double(active) / square))
    }
    let size = (options.rows + options.parts - 1) / options.parts
    var parts: [(rows: Range<Int>, moments: SurrogateMoments, weighted: Matrix)] = []
    for range in Parallel.blocks(of: options.rows, size: size) {
      let columns = Matrix(rows: range.count, columns: count) {
        kept[range.lowerBound + $0][$1] ? 1 : 0
      }
      let moments = try SurrogateMoments(
        columns: columns, values: Array(repeating: 0, count: range.count),
        weights: Array(weights[range]))
      let weighted = Matrix(rows: range.count, columns: count + 1) { r, c in
        weights[range.lowerBound + r] * (c == 0 ? 1 : columns[r, c - 1])
      }
      parts.append((range, moments, weighted))
    }
    self.kept = kept
    self.references = references
    self.parts = parts
    self.weights = weights
    self.options = options
    effectiveRows = SurrogateLocality.effectiveRows(weights)
  }

  /// The model's values at the masked rows of one applicant, less the applicant's own value.
  private func values(
    of applicant: ArraySlice<Double>, explained: Double, model: ExplainedModel, players: Players,
    background: Background
  ) throws(ExplanationError) -> [Double] {
    var batch = FeatureMask(players: players, capacity: options.rows)
    let matrix = background.rows.matrix
    for (own, reference) in zip(kept, references) {
      batch.append(applicant)
      let other = matrix.row(reference)
      for player in own.indices where !own[player] { batch.set(player: player, from: other) }
    }
    return try model.values(of: try batch.rows()).map { $0 - explained }
  }

  func explain(
    _ rows: EncodedRows, explained: [Double], model: ExplainedModel, players: Players,
    background: Background, thresholds: FidelityThresholds, threads: Int
  ) throws(ExplanationError) -> [Explanation] {
    let matrix = rows.matrix
    let blocks = Parallel.blocks(of: rows.count, size: Self.blockApplicants)
    let groups = (0..<players.count).map { players.columns[$0].isEmpty ? [] : [$0] }
    let factors = players.columns.map { $0.isEmpty ? 0.0 : 1 }
    let found = try Parallel.map(count: blocks.count, threads: threads) {
      block throws(ExplanationError) -> [Explanation] in
      let range = blocks[block]
      var values = Matrix(rows: options.rows, columns: range.count)
      for (place, r) in range.enumerated() {
        let own = try self.values(
          of: matrix.row(r), explained: explained[r], model: model, players: players,
          background: background)
        for i in own.indices { values[i, place] = own[i] }
      }
      let sums = try parts.map { part throws(ExplanationError) in
        try moments(part, values, range.count)
      }
      return try range.enumerated().map { place, r throws(ExplanationError) in
        let split = SurrogateParts(
          parts: sums.map { $0[place] }, groups: groups, options: options)
        let answer = try split.answer(factors: factors)
        return split.explanation(
          answer, factors: factors, base: explained[r] + answer.fit.intercept,
          effectiveRows: effectiveRows, explained: explained[r], scale: model.scale,
          players: players, background: background, thresholds: thresholds)
      }
    }
    return found.flatMap { $0 }
  }

  /// The sums of one part for each applicant of a block.
  private func moments(
    _ part: (rows: Range<Int>, moments: SurrogateMoments, weighted: Matrix), _ values: Matrix,
    _ applicants: Int
  ) throws(ExplanationError) -> [SurrogateMoments] {
    let own = values.selecting(rows: Array(part.rows))
    let cross: Matrix
    do throws(LinearAlgebraError) {
      cross = try BLAS.product(part.weighted, own, transposeA: true)
    } catch {
      throw ExplanationError(.numerical, "The surrogate's sums failed: \(error.description)")
    }
    return (0..<applicants).map { place in
      var squares = 0.0
      for r in 0..<own.rows {
        squares += weights[part.rows.lowerBound + r] * own[r, place] * own[r, place]
      }
      return part.moments.replacingValue(cross: cross.column(place), squares: squares)
    }
  }
}

extension SurrogateMoments {
  /// The same columns and weights with the sums of another value.
  func replacingValue(cross: [Double], squares: Double) -> SurrogateMoments {
    var result = self
    result.setValue(cross: cross, squares: squares)
    return result
  }
}
