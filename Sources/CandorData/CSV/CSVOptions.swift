/// How a CSV file is read as a whole; what concerns one column is a `ColumnDeclaration`.
public struct CSVOptions: Sendable, Equatable, Codable {
  /// The one character between fields; nil where it is to be detected among `,` `;` tab and `|`.
  public var delimiter: String?
  /// How characters are stored.
  public var encoding: TextEncoding
  /// Texts that mean a missing cell in every column. An empty cell of a numeric or date column is
  /// missing in any case.
  public var missing: [String]
  /// The decimal sign of columns that declare none.
  public var decimal: String
  /// The thousands separator of columns that declare none; nil where there is none.
  public var thousands: String?
  /// Whether spaces around unquoted cells are dropped, and spaces before an opening quote allowed.
  public var trimsSpaces: Bool

  /// Options with the defaults that suit most files.
  public init(
    delimiter: String? = nil, encoding: TextEncoding = .utf8, missing: [String] = ["", "NA"],
    decimal: String = ".", thousands: String? = nil, trimsSpaces: Bool = true
  ) {
    self.delimiter = delimiter
    self.encoding = encoding
    self.missing = missing
    self.decimal = decimal
    self.thousands = thousands
    self.trimsSpaces = trimsSpaces
  }

  /// The same options where they make sense; throws a sentence that names the field otherwise.
  public func validated() throws(DataError) -> CSVOptions {
    if let delimiter {
      let bytes = Array(delimiter.utf8)
      guard bytes.count == 1, bytes[0] < 0x80, ![0x22, 0x0A, 0x0D, 0x00].contains(bytes[0]) else {
        throw DataError(
          .badOption,
          "delimiter must be one ASCII character other than a quote or a line end, "
            + "such as \",\", \";\", \"\\t\" or \"|\"", value: delimiter)
      }
    }
    _ = try NumberFormat(decimal: decimal, thousands: thousands)
    return self
  }
}
