import Candor

/// A CSV file into a typed table.
enum LoadRow {
  static func run(_ request: Request) throws -> Measurement {
    _ = try request.work.table("warm.csv")
    let (table, seconds) = try timed { try request.work.table("m/train.csv") }
    var missing = 0
    var sum = 0.0
    var levels = 0
    for column in table.columns {
      missing += (0..<table.rowCount).count { column.isMissing($0) }
      switch column.storage {
      case .numbers(let numbers):
        for number in numbers where !number.isNaN { sum += number }
      case .codes(let codes, let dictionary) where column.type == .boolean:
        // A column of 0 and 1 is a number for the other tools.
        for code in codes where code >= 0 { sum += Double(dictionary.levels[Int(code)]) ?? 0 }
      case .codes(_, let dictionary): levels += dictionary.levels.count
      }
    }
    return Measurement(
      seconds: seconds, settings: "types inferred, categories coded",
      quality: [
        "rows": .number(Double(table.rowCount)), "missing": .number(Double(missing)),
        "sum": .number(sum), "levels": .number(Double(levels)),
      ])
  }
}
