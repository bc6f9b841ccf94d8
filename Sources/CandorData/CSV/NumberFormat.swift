/// The signs inside written numbers.
package struct NumberFormat: Sendable, Equatable {
  /// The byte of the decimal sign.
  let decimal: UInt8
  /// The bytes of the thousands separator, empty where there is none.
  let thousands: [UInt8]

  /// A decimal point and no thousands separator.
  package static let plain = NumberFormat()

  private init() {
    decimal = 0x2E
    thousands = []
  }

  /// Checks that the signs cannot be taken for one another or for digits.
  package init(decimal: String, thousands: String?, column: String? = nil) throws(DataError) {
    guard decimal == "." || decimal == "," else {
      throw DataError(
        .badOption, "decimal must be \".\" or \",\"", column: column, value: decimal)
    }
    let separators = [",", ".", " ", "'", "_", "\u{2019}", "\u{A0}", "\u{202F}"]
    if let thousands, !separators.contains(thousands) {
      throw DataError(
        .badOption, "thousands must be one of \",\", \".\", \" \", \"'\", \"_\" or a narrow space",
        column: column, value: thousands)
    }
    guard decimal != thousands else {
      throw DataError(
        .badOption, "decimal and thousands cannot be the same sign", column: column, value: decimal)
    }
    self.decimal = decimal == "," ? 0x2C : 0x2E
    self.thousands = thousands.map { Array($0.utf8) } ?? []
  }
}
