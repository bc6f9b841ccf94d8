package import CandorData
package import CandorScoring

extension Scorer {
  /// One value of a quantity a row, in one batch on several threads; equal bits to those without.
  package func values(
    of rows: EncodedRows, as quantity: ExplainedQuantity, threads: Int
  ) throws(ExplanationError) -> [Double] {
    var values: [Double]
    do throws(ScoringError) {
      values = try margins(of: rows, threads: threads)
    } catch {
      throw ExplanationError(error)
    }
    for i in values.indices {
      values[i] = quantity.value(values[i])
      guard values[i].isFinite else {
        throw ExplanationError(
          .numerical,
          "Row \(i) has the value \(values[i]) on the scale \(quantity.scale.rawValue); keep the "
            + "calibrated probabilities away from 0 and 1.")
      }
    }
    return values
  }
}
