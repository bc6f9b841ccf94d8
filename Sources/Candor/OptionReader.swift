import CandorModels
import CandorScoring

/// Reads a family's options by name, each with its kind; a wrong kind gets a sentence.
struct OptionReader {
  private let values: [String: ModelOption.Value]

  /// Takes the options; of a repeated one, the last counts. Throws for a name that is not known.
  init(_ options: [ModelOption], known: [String], family: String) throws(TrainingError) {
    for option in options where !known.contains(option.name) {
      throw TrainingError(
        .badOption,
        "The family \(family) has no option \(option.name); it has "
          + "\(known.joined(separator: ", ")).")
    }
    values = Dictionary(options.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }

  private func wrongKind(_ name: String, _ expected: String) -> TrainingError {
    TrainingError(
      .badOption, "\(name) is \(values[name]?.description ?? ""); it must be \(expected).")
  }

  func number(_ name: String, or standard: Double) throws(TrainingError) -> Double {
    switch values[name] {
    case nil: return standard
    case .number(let number): return number
    default: throw wrongKind(name, "a number")
    }
  }

  func integer(_ name: String, or standard: Int) throws(TrainingError) -> Int {
    switch values[name] {
    case nil: return standard
    case .number(let number):
      guard let whole = Int(exactly: number) else { throw wrongKind(name, "a whole number") }
      return whole
    default: throw wrongKind(name, "a whole number")
    }
  }

  /// Whether the option is given at all.
  func isGiven(_ name: String) -> Bool { values[name] != nil }

  /// Whether the option is given as `none`.
  func isNone(_ name: String) -> Bool { values[name] == .text("none") }

  /// A whole number, or nil where the option is absent or `none`.
  func optionalInteger(_ name: String) throws(TrainingError) -> Int? {
    if isNone(name) { return nil }
    return values[name] == nil ? nil : try integer(name, or: 0)
  }

  /// A number, or nil where the option is absent or `none`.
  func optionalNumber(_ name: String) throws(TrainingError) -> Double? {
    if isNone(name) { return nil }
    return values[name] == nil ? nil : try number(name, or: 0)
  }

  func integers(_ name: String, or standard: [Int]) throws(TrainingError) -> [Int] {
    let numbers: [Double]
    switch values[name] {
    case nil: return standard
    case .number(let number): numbers = [number]
    case .numbers(let list): numbers = list
    default: throw wrongKind(name, "a list of whole numbers")
    }
    var result: [Int] = []
    for number in numbers {
      guard let whole = Int(exactly: number) else {
        throw wrongKind(name, "a list of whole numbers")
      }
      result.append(whole)
    }
    return result
  }

  func flag(_ name: String, or standard: Bool) throws(TrainingError) -> Bool {
    switch values[name] {
    case nil: return standard
    case .flag(let flag): return flag
    default: throw wrongKind(name, "true or false")
    }
  }

  func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, or standard: Word
  ) throws(TrainingError) -> Word where Word.RawValue == String {
    guard let value = values[name] else { return standard }
    if case .text(let text) = value, let word = Word(rawValue: text) { return word }
    throw wrongKind(name, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
  }

  /// `none`, `balanced`, or two numbers: the weight of good and of bad rows.
  func classWeights(_ name: String) throws(TrainingError) -> ClassWeights {
    switch values[name] {
    case nil, .text("none"): return .none
    case .text("balanced"): return .balanced
    case .numbers(let pair) where pair.count == 2: return .explicit(good: pair[0], bad: pair[1])
    default: throw wrongKind(name, "none, balanced or [weight of good, weight of bad]")
    }
  }

  /// `none`, `auto`, or the dimension of every embedding.
  func embeddings(_ name: String) throws(TrainingError) -> NetworkOptions.Embeddings {
    switch values[name] {
    case nil, .text("none"): return .none
    case .text("auto"): return .automatic
    case .number: return .dimension(try integer(name, or: 0))
    default: throw wrongKind(name, "none, auto or a whole number")
    }
  }

  /// `sqrt`, a count, or a share below one.
  func featuresPerSplit(_ name: String) throws(TrainingError) -> ForestOptions.FeaturesPerSplit {
    switch values[name] {
    case nil, .text("sqrt"): return .squareRoot
    case .number(let number):
      if let count = Int(exactly: number), count >= 1 { return .count(count) }
      return .share(number)
    default: throw wrongKind(name, "sqrt, a count or a share")
    }
  }
}
