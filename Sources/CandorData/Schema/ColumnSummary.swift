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
      var known = NumberSet()
      var isWhole = true
      var rises = true
      var falls = true
      var before = Double.nan
      for row in 0..<numbers.count {
        let number = numbers[row]
        if number.isNaN {
          missing += 1
          continue
        }
        isWhole = isWhole && number.rounded() == number
        if number <= before { rises = false }
        if number >= before { falls = false }
        before = number
        if known.insert(number), examples.count < examplesShown {
          examples.append(column.text(row) ?? "")
        }
      }
      distinct = known.count
      // Amounts may all differ; a running number goes one way, or its name says what it is.
      identifies =
        column.type == .numeric && isWhole && missing == 0 && distinct == numbers.count
        && (rises || falls || namesRows(column.name))
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

  private static func namesRows(_ name: String) -> Bool {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.contains { ["id", "number", "no", "nr", "key", "uuid", "编号"].contains($0) }
      || name.hasSuffix("ID") || name.hasSuffix("Id")
  }
}

/// A set of numbers by their bits, zeros of both signs being one; open addressing.
private struct NumberSet {
  private var slots = [UInt64](repeating: NumberSet.empty, count: 64)
  private(set) var count = 0
  /// The bits of a NaN, which never is inserted.
  private static let empty: UInt64 = .max

  mutating func insert(_ number: Double) -> Bool {
    let bits = number == 0 ? 0 : number.bitPattern
    var slot = place(bits)
    while slots[slot] != NumberSet.empty {
      if slots[slot] == bits { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = bits
    count += 1
    if count * 2 > slots.count { grow() }
    return true
  }

  private func place(_ bits: UInt64) -> Int {
    // Fibonacci hashing (Knuth, volume 3, section 6.4): the high bits of a product with 2⁶⁴ / φ.
    Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: NumberSet.empty, count: old.count * 2)
    for bits in old where bits != NumberSet.empty {
      var slot = place(bits)
      while slots[slot] != NumberSet.empty { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = bits
    }
  }
}
