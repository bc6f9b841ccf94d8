import Candor
import CandorData
public import CandorIntegrity
import CandorScoring

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

extension Study {
  /// How a family's rows are encoded: what the preparation says in so many words goes before the
  /// family's own choice, and the family's options before both.
  func encoding(of request: ModelRequest) throws -> EncodingOptions {
    var options = request.options
    func settle(_ name: String, _ value: String, _ isSaid: Bool) {
      guard isSaid, ModelLibrary.optionNames(of: request.family).contains(name),
        !options.contains(where: { $0.name == name })
      else { return }
      options.append(ModelOption(name: name, value: .text(value)))
    }
    settle("categories", "one-hot", preparation.categories == .oneHot)
    settle("missing", "impute", preparation.numericImputation != nil)
    return try ModelLibrary.encoding(
      of: request.family, preparation.options, options: options)
  }
}

extension Study.Preparation {
  /// The preparation in the encoder's terms, before a family has its say.
  var options: EncodingOptions {
    var options = EncodingOptions()
    options.missingIndicators = missingIndicators
    options.numericImputation =
      switch numericImputation {
      case .median, nil: .median
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
      case .oneHot, nil: .oneHot(dropReference: false)
      case .ordinalCodes: .ordinalCodes
      case .weightOfEvidence: .weightOfEvidence
      }
    return options
  }
}
