/// How a number is to be printed; stored as one short word such as `fixed2` or `percent1`.
public enum NumberFormat: Sendable, Hashable {
  /// A whole number with thousands apart: `30,000`.
  case integer
  /// So many decimals: `0.78`.
  case fixed(Int)
  /// A share as a percentage with so many decimals: `12.3%`.
  case percent(Int)
  /// A p-value: three decimals, and `<0.001` below that.
  case pValue
  /// At most so many significant digits, trailing zeros dropped: for values of the data.
  case significant(Int)
}

extension NumberFormat: Codable {
  /// Reads the short word.
  ///
  /// - Parameter decoder: Where the word stands.
  /// - Throws: `DecodingError` where the word names no format.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    let name = String(word.prefix { !$0.isNumber })
    let digits = Int(word.dropFirst(name.count))
    switch (name, digits) {
    case ("integer", nil): self = .integer
    case ("p", nil): self = .pValue
    case ("fixed", let digits?): self = .fixed(digits)
    case ("percent", let digits?): self = .percent(digits)
    case ("significant", let digits?): self = .significant(digits)
    default:
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(word) names no number format.")
    }
  }

  /// Writes the short word.
  ///
  /// - Parameter encoder: Where the word goes.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer: try container.encode("integer")
    case .pValue: try container.encode("p")
    case .fixed(let digits): try container.encode("fixed\(digits)")
    case .percent(let digits): try container.encode("percent\(digits)")
    case .significant(let digits): try container.encode("significant\(digits)")
    }
  }
}
