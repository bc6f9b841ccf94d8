public import CandorData
import CandorNumerics

/// The values of rows as the lender knows them, one column a source feature: what rules and
/// comparisons speak of.
///
/// Made from a table it holds raw values. From encoded rows alone it holds what the encoding tells:
/// numbers as they were encoded, and the names of 0/1 columns as levels.
public struct SourceValues: Sendable, Equatable {
  /// One column a source feature, in the feature map's order.
  public let columns: [Column]
  /// The number of rows.
  public let count: Int

  /// Takes the columns of a table that a model's encoder read.
  ///
  /// - Parameters:
  ///   - table: The rows before they were encoded.
  ///   - featureMap: The source features.
  /// - Throws: `ExplanationError` where a source feature has no column in the table.
  public init(table: Table, featureMap: FeatureMap) throws(ExplanationError) {
    var columns: [Column] = []
    for name in featureMap.sourceNames {
      do throws(DataError) {
        columns.append(try table.requiredColumn(name))
      } catch {
        throw ExplanationError(.unknownFeature, error.description)
      }
    }
    self.columns = columns
    count = table.rowCount
  }

  /// Reads encoded rows back as far as their encoding allows: level codes as `level 1`, `level 2`,
  /// …; a block of 0/1 columns as a level by the column's name; other blocks as their first column.
  ///
  /// - Parameters:
  ///   - rows: Encoded rows.
  ///   - featureMap: Which encoded columns are which source feature.
  /// - Throws: `ExplanationError` where the widths differ.
  public init(encoded rows: EncodedRows, featureMap: FeatureMap) throws(ExplanationError) {
    guard rows.width == featureMap.width else {
      throw ExplanationError(
        .badShape,
        "The rows have \(rows.width) encoded columns where the feature map has "
          + "\(featureMap.width).")
    }
    let matrix = rows.matrix
    count = rows.count
    columns = featureMap.sources.map { source in
      let block = Array(source.columns)
      guard let first = block.first else {
        return Column(name: source.name, numbers: Array(repeating: .nan, count: matrix.rows))
      }
      let own = matrix.column(first)
      if let levels = featureMap.levelCounts[first] {
        return Column(
          name: source.name,
          codes: own.map { $0 >= 0 && $0 < Double(levels) ? Int32($0) : -1 },
          levels: CategoryDictionary(levels: (0..<levels).map { "level \($0 + 1)" }))
      }
      let isBlock =
        block.count > 1
        && block.allSatisfy { featureMap.columnNames[$0].hasPrefix(source.name + "=") }
      guard isBlock else { return Column(name: source.name, numbers: own) }
      let names = block.map { String(featureMap.columnNames[$0].dropFirst(source.name.count + 1)) }
      let codes = (0..<matrix.rows).map { r in
        Int32(block.firstIndex { matrix[r, $0] != 0 } ?? block.count)
      }
      return Column(
        name: source.name, codes: codes, levels: CategoryDictionary(levels: names + ["(none)"]))
    }
  }

  /// Values that were given, or those that encoded rows tell.
  static func given(
    _ values: SourceValues?, or rows: EncodedRows, _ featureMap: FeatureMap
  ) throws(ExplanationError) -> SourceValues {
    if let values { return values }
    return try SourceValues(encoded: rows, featureMap: featureMap)
  }

  private init(columns: [Column], count: Int) {
    self.columns = columns
    self.count = count
  }

  /// The rows at these positions, in this order.
  public func selecting(rows: [Int]) -> SourceValues {
    SourceValues(columns: columns.map { $0.selecting(rows: rows) }, count: rows.count)
  }

  /// A cell as a person would write it, `missing` where there is none.
  public func text(row: Int, feature: Int) -> String {
    columns[feature].text(row) ?? "missing"
  }

  /// Checks that these are the rows of a background under a model's feature map.
  package func check(
    rows: Int, featureMap: FeatureMap, what: String
  ) throws(ExplanationError) {
    guard count == rows, columns.map(\.name) == featureMap.sourceNames else {
      throw ExplanationError(
        .badShape,
        "The source values of \(what) have \(count) rows of \(columns.count) features where "
          + "\(rows) rows of \(featureMap.sources.count) are due.")
    }
  }
}
