import CandorDocument
import CandorEvaluation

/// A text of the catalogue.
func key(_ key: String, _ arguments: [String: Value] = [:]) -> Message {
  .key(key, arguments: arguments)
}

extension ReportTable.Column {
  static func left(_ key: String) -> ReportTable.Column { .init(.key(key), .left) }

  static func right(_ key: String) -> ReportTable.Column { .init(.key(key), .right) }
}

extension Value {
  /// A number, or a dash where there is none.
  static func number(_ number: Double?, _ format: NumberFormat) -> Value {
    number.map { .number($0, format: format) } ?? .text(NumberStyle.missing)
  }

  /// An estimate with its interval, or a dash where there is none.
  static func estimate(_ estimate: Estimate?, _ format: NumberFormat) -> Value {
    estimate.map { .estimate($0.value, lower: $0.lower, upper: $0.upper, format: format) }
      ?? .text(NumberStyle.missing)
  }

  /// A yes or no.
  static func answer(_ yes: Bool) -> Value { .key(yes ? "value.yes" : "value.no") }

  /// Names as in the data, or a dash where there is none.
  static func names(_ names: [String]) -> Value {
    names.isEmpty ? .text(NumberStyle.missing) : .list(names.map(Value.text))
  }
}

/// How families are named in reports.
enum FamilyName {
  private static let keys = [
    "logistic": "family.logistic", "logistic-regression": "family.logistic",
    "svm": "family.svm", "linear-svm": "family.svm", "forest": "family.forest",
    "random-forest": "family.forest", "network": "family.network",
    "neural-network": "family.network", "neural-net": "family.network",
  ]

  static func message(_ name: String) -> Message {
    keys[name].map { Message.key($0) } ?? .text(name)
  }

  static func value(_ name: String) -> Value { .message(message(name)) }
}
