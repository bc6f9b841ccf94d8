import CandorNumerics

/// Watches the validation loss and says when to stop.
struct EarlyStopping: Sendable {
  /// How many epochs without a better loss end the training.
  let patience: Int
  /// The lowest loss so far.
  private(set) var bestLoss = Double.infinity
  /// The epoch, counted from one, of the lowest loss.
  private(set) var bestEpoch = 0
  private var epoch = 0

  /// Starts with this patience.
  init(patience: Int) { self.patience = patience }

  /// Notes the loss of one more epoch; true where it is the lowest so far.
  mutating func note(_ loss: Double) -> Bool {
    epoch += 1
    guard loss < bestLoss else { return false }
    bestLoss = loss
    bestEpoch = epoch
    return true
  }

  /// Whether the patience has run out.
  var isExhausted: Bool { epoch - bestEpoch >= patience }

  /// Splits rows into a training and a validation part with the same share of each outcome.
  ///
  /// - Parameters:
  ///   - rows: The rows to split.
  ///   - isBad: Whether a row is bad, by its number.
  ///   - share: The share of the validation part.
  ///   - generator: The source of randomness.
  /// - Returns: Both parts, rising; nil where one of them would lack an outcome.
  static func split(
    rows: [Int32], isBad: [Bool], share: Double, using generator: inout CounterGenerator
  ) -> (training: [Int32], validation: [Int32])? {
    var validation: [Int32] = []
    for outcome in [false, true] {
      var ofOutcome = rows.filter { isBad[Int($0)] == outcome }
      // A regression has one group of rows.
      if ofOutcome.isEmpty { continue }
      let held = Int((share * Double(ofOutcome.count)).rounded())
      guard held > 0, held < ofOutcome.count else { return nil }
      Sampling.shuffle(&ofOutcome, using: &generator)
      validation += ofOutcome[..<held]
    }
    validation.sort()
    let heldBack = Set(validation)
    return (rows.filter { !heldBack.contains($0) }, validation)
  }
}
