/// Facts about a finished column that inference reports.
enum ColumnSummary {
  private static let examplesShown = 5
  /// With fewer rows, values that are all distinct say nothing.
  private static let fewestRowsForIdentifier = 20

  /// Distinct and missing cells, examples, and whether the column seems to name rows. O(rows).
  static func describe(
    _ column: Column, conclusion: ColumnSurvey.Conclusion
  ) -> ColumnInference {
    var distinct = 0
    var missing = 0
    var examples: [String] = []
    var identifies = false
    switch column.storage {
    case .codes(let codes, let levels):
      var isSeen = [Bool](repeating: false, count: levels.count)
      for code in codes {
        if code < 0 {
          missing += 1
        } else if !isSeen[Int(code)] {
          isSeen[Int(code)] = true
          distinct += 1
          if examples.count < examplesShown { examples.append(levels.levels[Int(code)]) }
        }
      }
      identifies = missing == 0 && distinct == codes.count
    case .numbers(let numbers):
      let facts = NumberFacts(numbers)
      distinct = facts.distinct
      missing = facts.missing
      examples = firstDistinct(numbers, limit: min(examplesShown, distinct)).map {
        column.text($0) ?? ""
      }
      // Amounts may all differ; a running number goes one way, or its name says what it is.
      identifies =
        column.type == .numeric && missing == 0 && distinct == numbers.count
        && numbers.allSatisfy { $0.rounded() == $0 }
        && (goesOneWay(numbers) || namesRows(column.name))
    }
    return ColumnInference(
      name: column.name, type: column.type, reason: conclusion.reason, distinctCount: distinct,
      missingCount: missing, examples: examples,
      // A column of numbers that a few cells or a sign keep from being read names no rows.
      looksLikeIdentifier: identifies && column.count >= fewestRowsForIdentifier
        && conclusion.strayCells.isEmpty && conclusion.numberHint == nil,
      dateFormat: conclusion.dateFormat, suspectedMissingCode: conclusion.suspectedMissingCode,
      strayCells: conclusion.strayCells, numberHint: conclusion.numberHint)
  }

  /// The first rows of as many distinct numbers.
  private static func firstDistinct(_ numbers: [Double], limit: Int) -> [Int] {
    var rows: [Int] = []
    var known: [Double] = []
    for row in 0..<numbers.count {
      if known.count == limit { break }
      let number = numbers[row]
      if number.isNaN || known.contains(number) { continue }
      known.append(number)
      rows.append(row)
    }
    return rows
  }

  private static func goesOneWay(_ numbers: [Double]) -> Bool {
    let steps = zip(numbers, numbers.dropFirst())
    return steps.allSatisfy { $0 < $1 } || steps.allSatisfy { $0 > $1 }
  }

  private static func namesRows(_ name: String) -> Bool {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.contains { ["id", "number", "no", "nr", "key", "uuid", "编号"].contains($0) }
      || name.hasSuffix("ID") || name.hasSuffix("Id")
  }
}
