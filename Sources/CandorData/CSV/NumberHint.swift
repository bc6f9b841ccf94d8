/// Recognises numbers written with other signs than those declared.
enum NumberHint {
  /// The declaration that would make numbers of all these texts, nil where none would.
  static func of(_ texts: [[UInt8]]) -> String? {
    guard !texts.isEmpty else { return nil }
    let trials: [(decimal: String, thousands: String?, words: String)] = [
      (".", ",", "`thousands: \",\"`"),
      (",", nil, "`decimal: \",\"`"),
      (",", ".", "`decimal: \",\"` and `thousands: \".\"`"),
      (".", " ", "`thousands: \" \"`"),
      (",", " ", "`decimal: \",\"` and `thousands: \" \"`"),
      (".", "'", "`thousands: \"'\"`"),
    ]
    for trial in trials {
      guard
        let format = try? NumberFormat(decimal: trial.decimal, thousands: trial.thousands)
      else { continue }
      let allNumbers = texts.allSatisfy { text in
        if case .number = NumberKernel.read(text.span, format: format) { true } else { false }
      }
      if allNumbers { return trial.words }
    }
    return nil
  }
}
