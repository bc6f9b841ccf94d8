import CandorData
import CandorNumerics
import CandorScoring

/// The curves of all applicants over the grids of several features, on the explained scale: what
/// partial dependence, accumulated effects and direction checks are all read from.
struct EffectCurves: Sendable {
  /// The grids.
  let grids: [FeatureGrid]
  /// Rows × all points, grid after grid.
  let values: Matrix
  /// Where each grid's points start.
  let starts: [Int]
  /// The applicants.
  let background: Background
  /// The unit.
  let scale: ExplainedScale

  /// Computes the curves.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - sample: The applicants.
  ///   - grids: The grids, no two of one feature.
  ///   - source: Where margins come from.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Throws: `ExplanationError` where sample, grids and model do not fit, or the scorer refuses.
  init(
    of model: ExplainedModel, sample: EffectSample, grids: [FeatureGrid], source: CurveSource,
    threads: Int
  ) throws(ExplanationError) {
    guard model.featureMap == sample.encoder.featureMap else {
      throw ExplanationError(
        .badShape,
        "The sample \"\(sample.background.name)\" was encoded by another encoder than the model's.")
    }
    var starts: [Int] = []
    var count = 0
    for grid in grids {
      guard grid.owners.count == sample.count else {
        throw ExplanationError(
          .badShape,
          "The grid of \"\(grid.feature)\" was laid over \(grid.owners.count) rows where the sample "
            + "has \(sample.count).")
      }
      starts.append(count)
      count += grid.points.count
    }
    guard Set(grids.map(\.feature)).count == grids.count else {
      throw ExplanationError(.badOption, "A feature is named twice; name each once.")
    }
    var values = try source.margins(
      of: sample.background.rows,
      grids: grids.map { GridColumns(columns: $0.columns, encoded: $0.encoded) },
      threads: threads)
    try Self.convert(&values, to: model, threads: threads)
    self.grids = grids
    self.values = values
    self.starts = starts
    background = sample.background
    scale = model.scale
  }

  /// Turns margins into values on the explained scale.
  static func convert(
    _ values: inout Matrix, to model: ExplainedModel, threads: Int
  ) throws(ExplanationError) {
    let quantity = model.quantity
    let isShare = model.scorer.marginScale == .probability
    if quantity.scale == .margin { return }
    let margins = values.values
    let blocks = Parallel.blocks(of: margins.count, size: 65_536)
    let parts = try Parallel.map(count: blocks.count, threads: threads) {
      index throws(ExplanationError) -> [Double] in
      var part: [Double] = []
      part.reserveCapacity(blocks[index].count)
      for margin in margins[blocks[index]] {
        // A sum of differences may leave [0, 1] by its rounding.
        let value = quantity.value(isShare ? min(max(margin, 0), 1) : margin)
        guard value.isFinite else {
          throw ExplanationError(
            .numerical,
            "A curve has the value \(value) on the scale \(quantity.scale.rawValue); keep the "
              + "calibrated probabilities away from 0 and 1.")
        }
        part.append(value)
      }
      return part
    }
    do throws(LinearAlgebraError) {
      values = try Matrix(
        rows: values.rows, columns: values.columns, values: parts.flatMap { $0 })
    } catch {
      throw ExplanationError(numerical: error)
    }
  }

  /// The columns of a grid's points.
  func points(of grid: Int) -> Range<Int> {
    starts[grid]..<starts[grid] + grids[grid].points.count
  }

  /// The weighted mean of every column.
  func means() -> [Double] {
    let rows = values.rows
    let weights = background.weights
    // Blocks of rows, then blocks of blocks: a fixed shape, and each column read in order.
    let parts = Parallel.blocks(of: rows, size: 256).map { block -> [Double] in
      var sums = [Double](repeating: 0, count: values.columns)
      for row in block {
        let weight = weights?[row] ?? 1
        var column = 0
        for value in values.row(row) {
          sums[column] += weight * value
          column += 1
        }
      }
      return sums
    }
    let total = weights.map { OrderedReduction.sum($0) } ?? Double(rows)
    return OrderedReduction.sum(parts).map { $0 / total }
  }
}
