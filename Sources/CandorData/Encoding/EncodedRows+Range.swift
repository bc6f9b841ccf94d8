extension EncodedRows {
  /// The rows of a range, copied, in the same form; O(range · width), 0/1 blocks cost a number a row.
  package func rows(in range: Range<Int>) -> EncodedRows {
    if range == 0..<count { return self }
    switch storage {
    case .dense: return selecting(rows: Array(range))
    case .compact(let blocks):
      return EncodedRows(
        checked: blocks.map { block in
          switch block {
          case .numbers(let numbers): .numbers(Array(numbers[range]))
          case .indicators(let places, let width):
            .indicators(Array(places[range]), width: width)
          }
        }, count: range.count)
    }
  }
}
