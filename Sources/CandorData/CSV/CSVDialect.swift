/// How a file turned out to be written.
public struct CSVDialect: Sendable, Equatable, Codable {
  /// What ends a line.
  public enum LineEnding: String, Sendable, Codable {
    /// Line feed, as Unix writes.
    case lf
    /// Carriage return and line feed, as Windows writes.
    case crlf
    /// Carriage return, as old Macintosh programs write.
    case cr
  }

  /// The character between fields.
  public let delimiter: String
  /// Whether a UTF-8 byte-order mark stood first.
  public let hadByteOrderMark: Bool
  /// What ended the header line (LF where nothing did).
  public let lineEnding: LineEnding
  /// How characters were stored.
  public let encoding: TextEncoding
  /// Whether the file was compressed with gzip.
  public let compressed: Bool
}

/// Finds the delimiter, and the line ending, from the beginning of a text.
enum DialectDetection {
  private static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
  private static let sampleBytes = 1 << 16
  private static let sampleRecords = 100

  /// The candidate that gives the header at least two fields and the most records as many fields
  /// as the header; of equals, the one with more fields, then the earlier of `,` `;` tab `|`. A
  /// comma where no candidate occurs (a file of one column).
  static func delimiter(of bytes: Span<UInt8>, from start: FieldCursor, trimsSpaces: Bool) -> UInt8
  {
    let end = min(bytes.count, start.position + sampleBytes)
    let isCut = end < bytes.count
    let sample = bytes.extracting(0..<end)
    var best: (delimiter: UInt8, share: Double, fields: Int) = (candidates[0], 0, 1)
    for candidate in candidates {
      let syntax = FieldSyntax(delimiter: candidate, trimsSpaces: trimsSpaces)
      var cursor = start
      var header = 0
      var agreeing = 0
      var records = 0
      while cursor.position < end, records < sampleRecords {
        var fields = 0
        var field = Field(start: 0, end: 0)
        var isFaulty = false
        repeat {
          field = FieldKernel.next(in: sample, at: &cursor, syntax: syntax)
          isFaulty = isFaulty || field.fault != nil
          fields += 1
        } while field.ending == .delimiter && field.fault == nil
        if isFaulty || (field.ending == .file && isCut && records > 0) { break }
        if fields == 1, field.isBlankLine { continue }
        if records == 0 { header = fields }
        records += 1
        if fields == header { agreeing += 1 }
      }
      guard header >= 2, records > 0 else { continue }
      let share = Double(agreeing) / Double(records)
      if share > best.share || (share == best.share && header > best.fields) {
        best = (candidate, share, header)
      }
    }
    return best.delimiter
  }

  /// The delimiter that a first line `sep=;` names, as spreadsheets write it, with the place behind
  /// that line.
  static func spreadsheetHint(in bytes: Span<UInt8>) -> (delimiter: UInt8, next: FieldCursor)? {
    let mark = Array("sep=".utf8)
    guard bytes.count > mark.count + 1 else { return nil }
    for i in 0..<mark.count where bytes[i] | 0x20 != mark[i] | 0x20 { return nil }
    let delimiter = bytes[mark.count]
    var next = mark.count + 1
    guard next < bytes.count, bytes[next] == 0x0A || bytes[next] == 0x0D else { return nil }
    if bytes[next] == 0x0D, next + 1 < bytes.count, bytes[next + 1] == 0x0A { next += 1 }
    return (delimiter, FieldCursor(position: next + 1, line: 2))
  }

  /// What ends the first line outside quotes.
  static func lineEnding(of bytes: Span<UInt8>) -> CSVDialect.LineEnding {
    var isInQuotes = false
    for i in 0..<bytes.count {
      switch bytes[i] {
      case FieldKernel.quote: isInQuotes.toggle()
      case 0x0A where !isInQuotes: return .lf
      case 0x0D where !isInQuotes:
        return i + 1 < bytes.count && bytes[i + 1] == 0x0A ? .crlf : .cr
      default: break
      }
    }
    return .lf
  }
}
