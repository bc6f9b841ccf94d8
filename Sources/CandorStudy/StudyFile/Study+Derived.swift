import Candor
import CandorData
public import CandorIntegrity

extension Study {
  /// SHA-256 of the normalised study and the seed in force.
  public var hash: Digest { Digest.of(text: normalised + "\nseed in force: \(seed)\n") }

  /// SHA-256 of the limits alone, which shows that they stood before the run.
  public var limitsHash: Digest {
    Digest.of(
      text: limits.map { limit in
        "\(limit.measure) \(limit.atLeast.map(plainText) ?? "-") "
          + "\(limit.atMost.map(plainText) ?? "-")\n"
      }.joined())
  }
}

extension Study.CutOffSetting {
  /// The rule in the study's own words.
  public var description: String {
    switch self {
    case .cost(let falseGood, let falseBad):
      "cost: false_good \(plainText(falseGood)), false_bad \(plainText(falseBad))"
    case .probability(let probability): "pd: \(plainText(probability))"
    case .approvalRate(let rate): "approval_rate: \(plainText(rate))"
    }
  }
}

extension Study.Preparation {
  /// The preparation in the encoder's terms, before a family has its say.
  var options: EncodingOptions {
    var options = EncodingOptions()
    options.missingIndicators = missingIndicators
    options.numericImputation =
      switch numericImputation {
      case .median: .median
      case .mean: .mean
      }
    options.categoricalImputation =
      switch categoricalImputation {
      case .ownLevel: .ownLevel
      case .mostFrequent: .mostFrequent
      }
    options.winsorise = winsorise.map { Winsorising(lower: $0.lowerBound, upper: $0.upperBound) }
    options.rareLevelShare = rareLevels
    options.scaling =
      switch scaling {
      case .standard: .standard
      case .robust: .robust
      case .minMax: .minMax
      case .none: .none
      }
    options.categorical =
      switch categories {
      case .oneHot: .oneHot(dropReference: false)
      case .ordinalCodes: .ordinalCodes
      case .weightOfEvidence: .weightOfEvidence
      }
    return options
  }
}
