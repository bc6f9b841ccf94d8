import CandorNumerics

/// Room for the columns of a table while tasks fill it, each its own range of rows.
///
/// The arrays are made without first filling them with zeros, and are not copied afterwards.
@safe struct ColumnStore: Sendable {
  /// What a column's cells are.
  enum Kind: Sendable { case numbers, codes }

  private let kinds: [Kind]
  /// Where each column begins: an integer, because it crosses to other threads.
  private var addresses: [UInt] = []
  /// The number of rows.
  let rows: Int

  /// More columns than this are not made, since each takes a frame of the stack.
  static let mostColumns = 1000

  /// Makes columns of `rows` cells, at least one, has `body` fill every cell, and returns them; nil
  /// where `body` says that it did not.
  ///
  /// - Complexity: O(columns) and what `body` does.
  static func fill(
    _ kinds: [Kind], rows: Int, _ body: (ColumnStore) -> Bool
  ) -> [Column.Storage]? {
    precondition(rows > 0 && kinds.count <= mostColumns)
    var columns: [Column.Storage] = []
    var store = ColumnStore(kinds: kinds, rows: rows)
    guard store.open(&columns, body) else { return nil }
    return columns.reversed()
  }

  private init(kinds: [Kind], rows: Int) {
    self.kinds = kinds
    self.rows = rows
  }

  /// Makes the next column and, while its memory may be written, the ones behind it.
  private mutating func open(
    _ columns: inout [Column.Storage], _ body: (ColumnStore) -> Bool
  ) -> Bool {
    guard addresses.count < kinds.count else { return body(self) }
    var isFilled = false
    switch kinds[addresses.count] {
    case .numbers:
      let numbers = unsafe [Double](unsafeUninitializedCapacity: rows) { buffer, count in
        unsafe LargePagesKernel.advise(UnsafeMutableRawBufferPointer(buffer))
        addresses.append(UInt(bitPattern: buffer.baseAddress))
        isFilled = open(&columns, body)
        count = isFilled ? rows : 0
      }
      columns.append(.numbers(numbers))
    case .codes:
      let codes = unsafe [Int32](unsafeUninitializedCapacity: rows) { buffer, count in
        unsafe LargePagesKernel.advise(UnsafeMutableRawBufferPointer(buffer))
        addresses.append(UInt(bitPattern: buffer.baseAddress))
        isFilled = open(&columns, body)
        count = isFilled ? rows : 0
      }
      columns.append(.codes(codes, CategoryDictionary(levels: [])))
    }
    return isFilled
  }

  /// The numbers of a column's rows, to be written by one task.
  func withNumbers<Result>(
    _ column: Int, _ range: Range<Int>, _ body: (inout MutableSpan<Double>) -> Result
  ) -> Result {
    precondition(kinds[column] == .numbers && range.lowerBound >= 0 && range.upperBound <= rows)
    let start = unsafe UnsafeMutablePointer<Double>(bitPattern: addresses[column])
    let part = unsafe UnsafeMutableBufferPointer(
      start: start.map { unsafe $0 + range.lowerBound }, count: range.count)
    var span = unsafe part.mutableSpan
    return body(&span)
  }

  /// The codes of a column's rows, to be written by one task.
  func withCodes<Result>(
    _ column: Int, _ range: Range<Int>, _ body: (inout MutableSpan<Int32>) -> Result
  ) -> Result {
    precondition(kinds[column] == .codes && range.lowerBound >= 0 && range.upperBound <= rows)
    let start = unsafe UnsafeMutablePointer<Int32>(bitPattern: addresses[column])
    let part = unsafe UnsafeMutableBufferPointer(
      start: start.map { unsafe $0 + range.lowerBound }, count: range.count)
    var span = unsafe part.mutableSpan
    return body(&span)
  }
}
