import CandorScoring

/// How large a network may be: what options and files can ask for is bounded before any memory is
/// taken for it.
enum NetworkSize {
  /// The most units of a layer.
  static let mostUnits = 65_536
  /// The most layers, the output included.
  static let mostLayers = 65
  /// The most encoded columns.
  static let mostInputs = (1 << 22) - 1
  /// The most weights and biases of all layers together: with their gradients and the optimiser's
  /// two moments some 800 MB.
  static let mostParameters = 50_000_000
  /// The number of weights and biases of a network with one output unit; no more units and layers
  /// than the limits, so that nothing overflows.
  static func parameters(inputs: Int, hidden: [Int]) -> Int {
    var sum = 0
    var before = inputs
    for units in hidden + [1] {
      sum += (before + 1) * units
      before = units
    }
    return sum
  }

  /// Throws where a network would have too many weights.
  static func check(inputs: Int, hidden: [Int]) throws(TrainingError) {
    let count = parameters(inputs: inputs, hidden: hidden)
    guard count <= mostParameters else {
      throw TrainingError(
        .badOption,
        "The network's hidden layers make \(count) weights with \(inputs) encoded columns; at most "
          + "\(mostParameters) are trained: make the layers in hidden smaller.")
    }
  }
}
