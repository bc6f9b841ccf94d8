import CCandorKernels
import CandorNumerics

/// Loops that pack rows into records.
enum RecordKernel {
  /// Writes rows of a column of numbers into records, of which the first is that of the first row.
  static func put(
    _ numbers: Span<Double>, from first: Int, step: Int, rows: Range<Int>,
    into records: inout MutableSpan<Float>, stride: Int, at place: Int
  ) {
    precondition(rows.lowerBound >= 0 && first >= 0 && step > 0 && place >= 0 && place < stride)
    precondition(rows.isEmpty || first + (rows.upperBound - 1) * step < numbers.count)
    precondition(rows.count * stride <= records.count)
    var to = place
    for r in rows {
      unsafe records[unchecked: to] = Float(numbers[unchecked: first &+ r &* step])
      to &+= stride
    }
  }

  /// Writes rows of a block's codes into records, of which the first is that of the first row.
  static func put(
    _ codes: Span<Int32>, rows: Range<Int>, into records: inout MutableSpan<Float>, stride: Int,
    at place: Int
  ) {
    precondition(rows.lowerBound >= 0 && place >= 0 && place < stride)
    precondition(rows.upperBound <= codes.count && rows.count * stride <= records.count)
    var to = place
    for r in rows {
      unsafe records[unchecked: to] = NetworkRecords.word(unsafe codes[unchecked: r])
      to &+= stride
    }
  }

  /// The place of the one in a run of columns of a dense matrix, row by row, -1 where there is none;
  /// false where the columns hold anything else.
  static func codes(
    _ matrix: Span<Double>, width: Int, columns: Range<Int>, into codes: inout MutableSpan<Int32>
  ) -> Bool {
    precondition(columns.lowerBound >= 0 && columns.upperBound <= width)
    precondition(codes.count * width == matrix.count)
    for r in 0..<codes.count {
      var code: Int32 = -1
      for c in columns {
        let x = unsafe matrix[unchecked: r &* width &+ c]
        if x == 0 { continue }
        if x != 1 || code >= 0 { return false }
        code = Int32(truncatingIfNeeded: c &- columns.lowerBound)
      }
      unsafe codes[unchecked: r] = code
    }
    return true
  }

  /// Asks for the records of a range of an order, so that they are in a cache when they are read: of
  /// many rows in random order each would be waited for. Nothing is read.
  static func fetch(
    _ records: Span<Float>, stride: Int, order: Span<Int32>, range: Range<Int>
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= order.count && stride > 0)
    unsafe records.withUnsafeBufferPointer { records in
      unsafe order.extracting(range).withUnsafeBufferPointer { order in
        guard let records = records.baseAddress, let order = order.baseAddress else { return }
        unsafe candor_fetch_records(records, stride, order, range.count)
      }
    }
  }

  /// Whether every number is finite.
  static func allFinite(_ values: Span<Float>) -> Bool {
    var found: UInt32 = 0
    for i in 0..<values.count {
      let exponent = unsafe values[unchecked: i].bitPattern & 0x7F80_0000
      found |= exponent == 0x7F80_0000 ? 1 : 0
    }
    return found == 0
  }

  /// A hash of many numbers, to tell one fit's rows from another's; not against a forger. Two
  /// multiply-and-rotate lanes with the constants of SplitMix64.
  static func hash(_ values: Span<Float>) -> (UInt64, UInt64) {
    var a: UInt64 = 0x9E37_79B9_7F4A_7C15
    var b: UInt64 = 0xD1B5_4A32_D192_ED03
    for i in 0..<values.count {
      let x = unsafe UInt64(values[unchecked: i].bitPattern)
      a = (a ^ x) &* 0xBF58_476D_1CE4_E5B9
      a ^= a >> 29
      b = (b &+ x) &* 0x94D0_49BB_1331_11EB
      b ^= b >> 32
    }
    return (a, b)
  }

  /// Puts rows into a uniformly random order: what `Sampling.shuffle` does, for this one type.
  static func shuffle(_ order: inout MutableSpan<Int32>, using generator: inout CounterGenerator) {
    var last = order.count - 1
    while last > 0 {
      let chosen = generator.nextInteger(below: last + 1)
      precondition(chosen >= 0 && chosen <= last)
      let moved = unsafe order[unchecked: chosen]
      unsafe order[unchecked: chosen] = order[unchecked: last]
      unsafe order[unchecked: last] = moved
      last -= 1
    }
  }
}
