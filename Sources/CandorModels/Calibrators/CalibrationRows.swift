import CandorNumerics
import CandorScoring

/// Margins with outcomes, checked for calibration; rows without weight are left out.
struct CalibrationRows {
  let margins: [Double]
  let labels: [Double]
  let weights: [Double]

  init(margins: [Double], labels: [Double], weights: [Double]?) throws(TrainingError) {
    guard margins.count == labels.count, weights.map({ $0.count == margins.count }) ?? true else {
      throw TrainingError(
        .shapeMismatch,
        "Margins, labels and weights must have the same length to calibrate.")
    }
    guard margins.allSatisfy(\.isFinite) else {
      throw TrainingError(.numerical, "A margin to calibrate on is not finite.")
    }
    guard labels.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw TrainingError(.badTarget, "Every label must be 0 (good) or 1 (bad).")
    }
    if let weights, !weights.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw TrainingError(.badTarget, "Every weight must be a finite number, zero or more.")
    }
    let kept = margins.indices.filter { (weights?[$0] ?? 1) > 0 }
    self.margins = kept.map { margins[$0] }
    self.labels = kept.map { labels[$0] }
    self.weights = kept.map { weights?[$0] ?? 1 }
    guard self.labels.contains(0), self.labels.contains(1) else {
      throw TrainingError(
        .oneClassOnly, "Calibration needs good and bad rows with weight above 0.")
    }
  }
}
