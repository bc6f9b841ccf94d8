/// Writes rows of one table as bytes.
struct CSVRowWriter: Sendable {
  private enum Cells: Sendable {
    case numbers([Double])
    /// Codes, with the fields of all levels one after another and where each ends.
    case codes([Int32], fields: [UInt8], ends: [Int])
    /// Cells whose texts are made one by one.
    case others
  }

  private let table: Table
  private let writer: CSVWriter
  private let cells: [Cells]
  private let separator: [UInt8]
  private let end: [UInt8]
  /// Bytes that a row takes at most.
  private let room: Int
  /// Bytes that the field of a number or a day takes at most.
  private static let longestNumber = 64

  init(_ table: Table, writer: CSVWriter) {
    self.table = table
    self.writer = writer
    separator = Array(writer.delimiter.utf8)
    end = Array(writer.lineEnding.utf8)
    // With such a delimiter numbers need quotes.
    let isOdd =
      writer.delimiter.utf8.first.map { Array("0123456789+-.e".utf8).contains($0) } ?? true
    var room = end.count + table.columns.count * separator.count
    cells = table.columns.map { column in
      switch column.storage {
      case .numbers(let numbers):
        room += Self.longestNumber
        return column.type == .date || isOdd ? .others : .numbers(numbers)
      case .codes(let codes, let dictionary):
        // Each level is quoted once, not once a row.
        var fields: [UInt8] = []
        var ends = [0]
        var longest = 2
        for level in dictionary.levels {
          let field = Array(writer.field(level).utf8)
          longest = max(longest, field.count)
          fields += field
          ends.append(fields.count)
        }
        room += longest
        return .codes(codes, fields: fields, ends: ends)
      }
    }
    self.room = room
  }

  /// The rows as text; O(cells).
  func bytes(_ rows: Range<Int>) -> [UInt8] {
    var output: [UInt8] = []
    var place = 0
    var decimals = [Int](repeating: 0, count: cells.count)
    for row in rows {
      if output.count - place < room {
        let more = max(output.count, room + 4096)
        output.append(contentsOf: repeatElement(0, count: more))
      }
      for position in cells.indices {
        if position > 0 { Self.copy(separator, 0..<separator.count, to: &output, at: &place) }
        switch cells[position] {
        case .numbers(let numbers):
          let number = numbers[row]
          if !number.isNaN {
            var span = output.mutableSpan
            if let next = DecimalWriterKernel.write(
              number, decimals: &decimals[position], into: &span, at: place)
            {
              place = next
              continue
            }
          }
          write(row, position, to: &output, at: &place)
        case .codes(let codes, let fields, let ends):
          let code = Int(codes[row])
          if code < 0 {
            write(row, position, to: &output, at: &place)
          } else {
            Self.copy(fields, ends[code]..<ends[code + 1], to: &output, at: &place)
          }
        case .others:
          write(row, position, to: &output, at: &place)
        }
      }
      Self.copy(end, 0..<end.count, to: &output, at: &place)
    }
    output.removeLast(output.count - place)
    return output
  }

  /// Writes a missing cell, or one whose text must be made.
  private func write(
    _ row: Int, _ position: Int, to output: inout [UInt8], at place: inout Int
  ) {
    let field: [UInt8]
    if let text = table.columns[position].text(row) {
      field = Array(writer.field(text).utf8)
    } else {
      // An empty line would be skipped when it is read.
      field = cells.count == 1 ? [0x22, 0x22] : []
    }
    Self.copy(field, 0..<field.count, to: &output, at: &place)
  }

  @inline(__always)
  private static func copy(
    _ bytes: [UInt8], _ range: Range<Int>, to output: inout [UInt8], at place: inout Int
  ) {
    for i in range {
      output[place] = bytes[i]
      place += 1
    }
  }
}
