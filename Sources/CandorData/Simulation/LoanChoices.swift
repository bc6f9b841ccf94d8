/// The categorical draws: for each column, where its levels end among the 32-bit words.
struct LoanChoices: Sendable {
  let duration = LevelChoice(LoanCatalogue.durationWeights)
  let purpose = LevelChoice(LoanCatalogue.purposeWeights)
  let product = LevelChoice(LoanCatalogue.productWeights)
  let channel = LevelChoice(LoanCatalogue.channelWeights)
  let region = LevelChoice(LoanCatalogue.regionWeights)
  let hour = LevelChoice(LoanCatalogue.hourWeights)
  let plan = LevelChoice([4, 3, 2, 1])
}

/// One categorical draw by inversion of the cumulative chances.
struct LevelChoice: Sendable {
  private let ends: [UInt32]

  init(_ weights: [Double]) {
    let total = weights.reduce(0, +)
    var running = 0.0
    ends = weights.dropLast().map { weight in
      running += weight
      return UInt32((running / total * 0x1p32).rounded())
    }
  }

  /// The code that a random word stands for; likely levels come first and are found soonest.
  func code(_ word: UInt32) -> Int {
    var code = 0
    for end in ends {
      if word < end { return code }
      code += 1
    }
    return code
  }
}
