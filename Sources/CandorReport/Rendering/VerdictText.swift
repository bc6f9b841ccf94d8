public import CandorDocument
public import CandorEvaluation

extension Verdict {
  /// The verdict's word in the catalogue.
  public var message: Message {
    switch self {
    case .pass: .key("verdict.pass")
    case .warn: .key("verdict.warn")
    case .fail: .key("verdict.fail")
    case .notTested: .key("verdict.notTested")
    case .notSupplied: .key("verdict.notSupplied")
    case .insufficientData: .key("verdict.insufficientData")
    }
  }

  /// The verdict as a cell; what needs attention weighs more.
  public var value: Value {
    self == .fail || self == .warn ? .strong(.message(message)) : .message(message)
  }
}

extension Limit {
  /// The limit as a cell: what must hold, and from where a warning is given.
  func value(_ format: NumberFormat) -> Value {
    var parts: [Value] = []
    func part(_ key: String, _ number: Double?) {
      guard let number else { return }
      parts.append(.message(.key(key, arguments: ["x": .number(number, format: format)])))
    }
    part("limit.atLeast", atLeast)
    part("limit.atMost", atMost)
    part("limit.warnBelow", warnBelow)
    part("limit.warnAbove", warnAbove)
    return .list(parts)
  }
}
