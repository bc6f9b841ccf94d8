import CandorData
import CandorNumerics
import CandorScoring

/// The rows of a fit, each as one record of `Float`: plain columns, codes of 0/1 blocks, target,
/// weight. A shuffled batch then reads two or three neighbouring cache lines a row.
struct NetworkRecords: Sendable {
  /// Where things are in a record.
  struct Layout: Sendable, Equatable {
    /// The number of plain columns.
    let numbers: Int
    /// The number of 0/1 blocks.
    let blocks: Int
    /// The length of a record.
    var stride: Int { numbers + blocks + 2 }
  }

  let layout: Layout
  /// The encoded column of each plain column, then of each 0/1 block's first one.
  let columns: [Int]
  /// The widths of the 0/1 blocks.
  let widths: [Int]
  private(set) var values: [Float]

  /// Rows that one task packs: their records stay in a second-level cache while column after column
  /// is put in.
  private static let rowsOfTask = 2048

  /// A code as it stands in a record: one more than it, as the bits of a number.
  @inline(__always)
  static func word(_ code: Int32) -> Float { Float(bitPattern: UInt32(bitPattern: code &+ 1)) }

  /// The code that a word of a record stands for.
  @inline(__always)
  static func code(_ word: Float) -> Int32 { Int32(bitPattern: word.bitPattern) &- 1 }

  /// Packs rows: one-hot features of dense rows, found by the feature map and by their zeros and ones,
  /// become codes as the blocks of compact rows are.
  init(
    _ training: TrainingRows, targets: [Double], weights: [Double]?, threads: Int
  ) throws(TrainingError) {
    let count = training.count
    var numbers: [(column: Int, values: [Double], first: Int, step: Int)] = []
    var blocks: [(column: Int, width: Int, codes: [Int32])] = []
    switch training.rows.storage {
    case .compact(let parts):
      var column = 0
      for part in parts {
        switch part {
        case .numbers(let values): numbers.append((column, values, 0, 1))
        case .indicators(let codes, let width) where width > 1:
          blocks.append((column, width, codes))
        case .indicators(let codes, _):
          numbers.append((column, codes.map { $0 == 0 ? 1 : 0 }, 0, 1))
        }
        column += part.width
      }
    case .dense(let matrix):
      let width = matrix.columns
      let values = matrix.values
      var column = 0
      for source in training.featureMap.sources + [.init(name: "", columns: width..<width)] {
        while column < source.columns.lowerBound {
          numbers.append((column, values, column, width))
          column += 1
        }
        if source.columns.count > 1, let codes = Self.codes(values, width, source.columns, count) {
          blocks.append((column, source.columns.count, codes))
          column = source.columns.upperBound
        }
      }
    }
    let layout = Layout(numbers: numbers.count, blocks: blocks.count)
    columns = numbers.map(\.column) + blocks.map(\.column)
    widths = blocks.map(\.width)
    self.layout = layout
    let stride = layout.stride
    let (plain, coded) = (numbers, blocks)
    let isFinite = LockedState(true)
    values = Parallel.array(
      count: count * stride, blockSize: Self.rowsOfTask * stride, threads: threads, repeating: 0
    ) { range, span in
      let rows = range.lowerBound / stride..<range.upperBound / stride
      for (c, number) in plain.enumerated() {
        RecordKernel.put(
          number.values.span, from: number.first, step: number.step, rows: rows, into: &span,
          stride: stride, at: c)
      }
      for (b, block) in coded.enumerated() {
        RecordKernel.put(
          block.codes.span, rows: rows, into: &span, stride: stride, at: layout.numbers + b)
      }
      RecordKernel.put(
        targets.span, from: 0, step: 1, rows: rows, into: &span, stride: stride, at: stride - 2)
      for (i, r) in rows.enumerated() { span[(i + 1) * stride - 1] = Float(weights?[r] ?? 1) }
      if !RecordKernel.allFinite(span.span) { isFinite.withLock { $0 = false } }
    }
    guard isFinite.withLock({ $0 }) else {
      throw TrainingError(
        .numerical, "A value is not finite or too large for a network; scale the columns first.")
    }
  }

  private static func codes(
    _ values: [Double], _ width: Int, _ columns: Range<Int>, _ count: Int
  ) -> [Int32]? {
    var codes = [Int32](repeating: -1, count: count)
    var span = codes.mutableSpan
    guard RecordKernel.codes(values.span, width: width, columns: columns, into: &span) else {
      return nil
    }
    return codes
  }
}
