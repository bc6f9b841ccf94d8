/// How numbers of a column are written where the file's options do not read them.
public struct NumberHint: Sendable, Equatable {
  /// The decimal sign.
  public let decimal: String
  /// The thousands separator, nil where there is none.
  public let thousands: String?

  /// The declaration in a study's words.
  var words: String {
    let parts =
      (decimal == "." ? [] : ["`decimal: \"\(decimal)\"`"])
      + (thousands.map { ["`thousands: \"\($0)\"`"] } ?? [])
    return parts.joined(separator: " and ")
  }

  private static let trials: [NumberHint] = [
    NumberHint(decimal: ".", thousands: ","), NumberHint(decimal: ",", thousands: nil),
    NumberHint(decimal: ",", thousands: "."), NumberHint(decimal: ".", thousands: " "),
    NumberHint(decimal: ",", thousands: " "), NumberHint(decimal: ".", thousands: "'"),
  ]

  /// The declaration that would make numbers of all these texts, nil where none would.
  static func of(_ texts: [[UInt8]]) -> NumberHint? {
    guard !texts.isEmpty else { return nil }
    return trials.first { trial in
      guard
        let format = try? NumberFormat(decimal: trial.decimal, thousands: trial.thousands)
      else { return false }
      return texts.allSatisfy { text in
        // Nobody groups the digits of 0,532: there the comma is a decimal sign.
        if text.first == 0x30, text.count > 1, let thousands = trial.thousands,
          text[1] == thousands.utf8.first
        {
          return false
        }
        if case .number = NumberKernel.read(text.span, format: format) { return true }
        return false
      }
    }
  }
}
