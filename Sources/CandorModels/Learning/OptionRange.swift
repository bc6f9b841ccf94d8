import CandorScoring

/// The sentence for an option out of its range, the same for every family.
enum OptionRange {
  /// Throws where a whole number is outside its range.
  static func require(
    _ family: String, _ field: String, _ value: Int, in range: ClosedRange<Int>
  ) throws(TrainingError) {
    guard range.contains(value) else {
      throw TrainingError(
        .badOption,
        "The \(family)'s \(field) is \(value); it must be a whole number from "
          + "\(range.lowerBound) to \(range.upperBound).")
    }
  }

  /// Throws where a number is not strictly between two others.
  static func require(
    _ family: String, _ field: String, _ value: Double, above low: Double, below high: Double
  ) throws(TrainingError) {
    guard value > low, value < high else {
      let floor = low < 0 ? "at least 0" : "above \(low)"
      throw TrainingError(
        .badOption, "The \(family)'s \(field) is \(value); it must be \(floor) and below \(high).")
    }
  }
}
