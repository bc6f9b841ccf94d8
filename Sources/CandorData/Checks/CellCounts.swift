import CandorNumerics

/// The distinct cells of rows of a column, and how often each is there.
struct CellCounts {
  /// The number of cells that are not missing.
  let present: Int
  /// The number of missing cells.
  let missing: Int
  /// How many different cells there are, the missing ones left out.
  let distinct: Int
  /// The most frequent cell as text, of equal ones the smallest number or the first level's name.
  let mode: String?
  /// How often it is there.
  let modeCount: Int
  /// The levels with their counts, in the dictionary's order, those with none left out; empty for
  /// numbers.
  let levels: [(code: Int32, count: Int)]
  /// The numbers in rising order; empty for levels.
  let sorted: [Double]

  init(_ column: Column, rows: [Int]) {
    switch column.storage {
    case .numbers(let numbers):
      let cells = rows.map { numbers[$0] }.filter { !$0.isNaN }.map { $0 + 0 }
      sorted = BinningKernel.sort(cells)
      levels = []
      present = cells.count
      var distinct = 0
      var best = (start: 0, count: 0)
      var start = 0
      while start < sorted.count {
        var end = start + 1
        while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
        distinct += 1
        if end - start > best.count { best = (start, end - start) }
        start = end
      }
      self.distinct = distinct
      modeCount = best.count
      mode =
        best.count > 0
        ? Column(name: column.name, numbers: [sorted[best.start]], type: column.type).text(0) : nil
    case .codes(let codes, let dictionary):
      var counts = [Int](repeating: 0, count: dictionary.count)
      var missing = 0
      for row in rows {
        if codes[row] < 0 { missing += 1 } else { counts[Int(codes[row])] += 1 }
      }
      sorted = []
      levels = counts.indices.filter { counts[$0] > 0 }.map { (Int32($0), counts[$0]) }
      present = rows.count - missing
      distinct = levels.count
      let names = dictionary.levels
      let first = levels.min {
        $0.count == $1.count ? names[Int($0.code)] < names[Int($1.code)] : $0.count > $1.count
      }
      mode = first.map { names[Int($0.code)] }
      modeCount = first?.count ?? 0
    }
    missing = rows.count - present
  }

  /// The levels from the most to the least frequent, equal ones by name.
  func topLevels(_ column: Column) -> [(name: String, count: Int)] {
    guard let names = column.codes?.levels.levels else { return [] }
    return levels.map { (names[Int($0.code)], $0.count) }.sorted {
      $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1
    }
  }
}
