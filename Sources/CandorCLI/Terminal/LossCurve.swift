import CandorScoring

/// The losses of a training, epoch by epoch, as one line of blocks each.
enum LossCurve {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  /// At most so many blocks in a line, which then fits a terminal of 80 columns.
  private static let width = 16

  /// One line a loss, on one scale: first and last value, the lowest with its epoch; none where the
  /// family has no losses.
  static func lines(_ log: TrainingLog) -> [String] {
    let curves = log.curves.filter { $0.name.hasSuffix("loss") && $0.values.count > 1 }
    let all = curves.flatMap(\.values).filter(\.isFinite)
    guard let low = all.min(), let high = all.max() else { return [] }
    return curves.map { curve in
      let best = curve.values.indices.min { curve.values[$0] < curve.values[$1] } ?? 0
      let name = curve.name.padding(to: 15)
      return "  \(name) \(line(curve.values, low: low, high: high))  "
        + "\(Numbers.decimal(curve.values[0], 4)) → "
        + "\(Numbers.decimal(curve.values[curve.values.count - 1], 4)), lowest "
        + "\(Numbers.decimal(curve.values[best], 4)) (epoch \(best + 1))"
    }
  }

  private static func line(_ values: [Double], low: Double, high: Double) -> String {
    let count = min(values.count, width)
    return String(
      (0..<count).map { place -> Character in
        let value = values[count > 1 ? place * (values.count - 1) / (count - 1) : 0]
        guard value.isFinite else { return "?" }
        let share = high > low ? (value - low) / (high - low) : 0
        return blocks[min(Int(share * Double(blocks.count)), blocks.count - 1)]
      })
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 0))
  }
}
