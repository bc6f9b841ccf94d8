import CandorData
import CandorNumerics
import CandorScoring

/// `intercept + Σ coefficient · column`: what the linear families share in scoring and storage.
struct LinearFunction: Sendable, Equatable {
  let coefficients: [Double]
  let intercept: Double

  /// Writes one margin a row, summed from the intercept over the encoded columns in order.
  ///
  /// Compact rows give the bits of dense ones: the sum starts at the intercept plus zero, which is
  /// never minus zero, so that the products of a block's zeros, which are left out, change nothing.
  func margins(of rows: EncodedRows, into output: inout MutableSpan<Double>) {
    switch rows.storage {
    case .dense(let matrix):
      let values = matrix.values
      RowProductsKernel.margins(
        values.span, coefficients: coefficients.span, intercept: intercept + 0, into: &output)
    case .compact(let blocks):
      output.update(repeating: intercept + 0)
      // A stretch of rows at a time, whose sums stay in the first-level cache.
      for range in Parallel.blocks(of: rows.count, size: 1024) {
        var part = output._mutatingExtracting(range)
        var start = 0
        for block in blocks {
          switch block {
          case .numbers(let values):
            RowProductsKernel.addColumn(
              values.span.extracting(range), coefficient: coefficients[start], to: &part)
          case .indicators(let places, let width):
            RowProductsKernel.addLevels(
              places.span.extracting(range),
              coefficients: coefficients.span.extracting(start..<start + width), to: &part)
          }
          start += block.width
        }
      }
    }
  }

  /// The coefficients, once a row.
  func gradients(at rows: EncodedRows) -> Matrix {
    Matrix(rows: rows.count, columns: coefficients.count) { _, c in coefficients[c] }
  }

  /// Coefficient times column.
  func terms(of rows: EncodedRows) -> Matrix {
    let matrix = rows.matrix
    return Matrix(rows: rows.count, columns: coefficients.count) { r, c in
      matrix[r, c] * coefficients[c]
    }
  }

  /// The tensors `coefficients` and `intercept`.
  var archive: TensorArchive {
    var archive = TensorArchive()
    archive.set("coefficients", coefficients)
    archive.set("intercept", [intercept])
    return archive
  }

  init(coefficients: [Double], intercept: Double) {
    self.coefficients = coefficients
    self.intercept = intercept
  }

  /// Reads the two tensors, and refuses other shapes and numbers that are not finite.
  init(archive: TensorArchive) throws(ScoringError) {
    let coefficients = try archive.doubles("coefficients")
    let intercept = try archive.doubles("intercept")
    guard intercept.count == 1, archive.tensors["intercept"]?.shape == [1] else {
      throw ScoringError(
        .invalidModel, "A linear model has one intercept; this one has \(intercept.count).")
    }
    guard archive.tensors["coefficients"]?.shape == [coefficients.count] else {
      throw ScoringError(
        .invalidModel, "The shape of the tensor \"coefficients\" does not fit its elements.")
    }
    guard coefficients.allSatisfy(\.isFinite), intercept.allSatisfy(\.isFinite) else {
      throw ScoringError(.invalidModel, "A coefficient of the linear model is not finite.")
    }
    self.init(coefficients: coefficients, intercept: intercept[0])
  }
}
