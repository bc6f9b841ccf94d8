/// What a study or a bundle says of one column.
public struct ColumnDeclaration: Sendable, Equatable, Codable {
  /// How the cells are understood; nil where this is to be inferred.
  public var type: ColumnType?
  /// The levels in the order of their codes: lowest first for an ordinal column, "no" first for a
  /// boolean one.
  public var levels: [String]?
  /// Texts that mean a missing cell in this column, such as "-999"; in a numeric column a code
  /// that is a number is compared by value.
  public var missing: [String]
  /// The thousands separator, such as ","; nil for the one of the file's options.
  public var thousands: String?
  /// The decimal sign; nil for the one of the file's options.
  public var decimal: String?
  /// How dates are written: one of the patterns of `DateFormat`; nil where it is to be detected.
  public var dateFormat: String?

  /// A declaration; whatever is left out is inferred or taken from the file's options.
  public init(
    type: ColumnType? = nil, levels: [String]? = nil, missing: [String] = [],
    thousands: String? = nil, decimal: String? = nil, dateFormat: String? = nil
  ) {
    self.type = type
    self.levels = levels
    self.missing = missing
    self.thousands = thousands
    self.decimal = decimal
    self.dateFormat = dateFormat
  }

  private enum CodingKeys: String, CodingKey {
    case type, levels, missing, thousands, decimal, dateFormat
  }

  /// Reads a declaration in which every key may be left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decodeIfPresent(ColumnType.self, forKey: .type)
    levels = try container.decodeIfPresent([String].self, forKey: .levels)
    missing = try container.decodeIfPresent([String].self, forKey: .missing) ?? []
    thousands = try container.decodeIfPresent(String.self, forKey: .thousands)
    decimal = try container.decodeIfPresent(String.self, forKey: .decimal)
    dateFormat = try container.decodeIfPresent(String.self, forKey: .dateFormat)
  }

  /// The same declaration where it makes sense; throws a sentence that names the field otherwise.
  public func validated(column: String) throws(DataError) -> ColumnDeclaration {
    if let levels {
      var seen: Set<String> = []
      for level in levels where !seen.insert(level).inserted {
        throw DataError(
          .badOption, "levels name it twice; every level has one place", column: column,
          value: level)
      }
      if type == .numeric || type == .date {
        throw DataError(
          .badOption, "levels are declared for a column of type \(type?.rawValue ?? "")",
          column: column)
      }
      if type == .boolean, levels.count != 2 {
        throw DataError(
          .badOption, "a boolean column has two levels, but \(levels.count) are declared",
          column: column)
      }
    } else if type == .ordinal {
      throw DataError(
        .badOption, "an ordinal column needs its levels declared, lowest first", column: column)
    }
    if let dateFormat, DateFormat(rawValue: dateFormat) == nil {
      let known = DateFormat.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw DataError(
        .badOption, "this date format is not known; use one of \(known)", column: column,
        value: dateFormat)
    }
    return self
  }
}
