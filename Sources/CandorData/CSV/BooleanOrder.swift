/// Puts the level that means no first in columns that were declared boolean without levels.
enum BooleanOrder {
  static func settle(_ column: Column, plan: ColumnPlan, file: String) throws(DataError) -> Column {
    guard plan.declaration.type == .boolean, plan.declaration.levels == nil,
      let (codes, dictionary) = column.codes, dictionary.count > 0
    else { return column }
    guard let levels = BooleanWords.orderedAsDeclared(dictionary.levels) else {
      let found = dictionary.levels.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError(
        .wrongType,
        "the column is declared boolean, but its values (\(found)) are not a known pair; declare "
          + "its two levels, the one that means no first", file: file, column: column.name)
    }
    guard levels != dictionary.levels else { return column }
    return Column(
      name: column.name, codes: codes.map { $0 < 0 ? -1 : 1 - $0 },
      levels: CategoryDictionary(levels: levels), type: .boolean)
  }
}
