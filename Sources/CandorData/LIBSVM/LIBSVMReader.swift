public import CandorNumerics

/// Rows in LIBSVM's text format, the form of the field's public sets.
public struct LIBSVMRows: Sendable, Equatable {
  /// One row a line.
  public let rows: SparseMatrix
  /// One target a row: 1 for the labels +1 and 1, 0 for −1 and 0.
  public let targets: [Double]
}

/// Reads LIBSVM's text format: a line a row, `label index:value index:value …`, indices from one and
/// rising, what is absent being zero; empty lines and what follows `#` are left out.
///
/// Chang and Lin, "LIBSVM: a library for support vector machines", ACM TIST 2, 2011. Labels are +1
/// and −1, or 1 and 0, not both kinds in one file. Cost: O(bytes), and 12 bytes an element.
public enum LIBSVMReader {
  /// The largest index that is taken: a linear model has a number for each column.
  public static let largestIndex = 50_000_000

  /// Reads a file, which may be compressed with gzip.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - columns: The number of columns; nil takes the largest index of the file. Give it where a
  ///     model of another file's width is to score these rows.
  /// - Returns: The rows and their targets.
  /// - Throws: `DataError` with file and line.
  public static func read(file path: String, columns: Int? = nil) throws(DataError) -> LIBSVMRows {
    var input = try TextInput(ByteSource(file: path), options: CSVOptions(), name: path)
    var bytes: [UInt8] = []
    while try input.append(to: &bytes) {}
    return try parse(bytes, name: path, columns: columns)
  }

  /// Reads text.
  ///
  /// - Parameters:
  ///   - text: The whole file.
  ///   - name: What errors call the file.
  ///   - columns: The number of columns; nil takes the largest index.
  /// - Returns: The rows and their targets.
  /// - Throws: `DataError` with name and line.
  public static func parse(
    _ text: String, name: String, columns: Int? = nil
  ) throws(DataError) -> LIBSVMRows {
    try parse(Array(text.utf8), name: name, columns: columns)
  }

  private static func parse(
    _ bytes: [UInt8], name: String, columns: Int?
  ) throws(DataError) -> LIBSVMRows {
    var parser = LIBSVMParser(name: name, columns: columns)
    var start = 0
    var line = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      line += 1
      try parser.take(bytes[start..<end], line: line)
      start = end + 1
    }
    return try parser.finish()
  }
}

/// The rows so far, and the checks on each line.
private struct LIBSVMParser {
  let name: String
  let columns: Int?
  private var offsets = [0]
  private var places: [Int32] = []
  private var values: [Double] = []
  private var targets: [Double] = []
  private var largest = 0
  /// The first label for good rows, −1 or 0, and its line.
  private var goodLabel: (value: Double, line: Int)?

  init(name: String, columns: Int?) {
    self.name = name
    self.columns = columns
  }

  mutating func take(_ bytes: ArraySlice<UInt8>, line: Int) throws(DataError) {
    let text = bytes.firstIndex(of: 0x23).map { bytes[..<$0] } ?? bytes
    let tokens = text.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard let label = tokens.first else { return }
    targets.append(try target(label, line: line))
    var previous = 0
    for token in tokens.dropFirst() {
      guard let colon = token.firstIndex(of: 0x3A) else {
        throw error(.badOption, "an element is not of the form index:value", token, line)
      }
      let index = try index(token[..<colon], token, line: line)
      guard index > previous else {
        throw error(
          .badOption,
          "indices must be 1 or more and rise within a line, and \(index) comes after "
            + "\(previous)", token, line)
      }
      let value = try number(token[(colon + 1)...], token, line: line)
      previous = index
      if value != 0 {
        places.append(Int32(index - 1))
        values.append(value)
      }
    }
    largest = max(largest, previous)
    offsets.append(values.count)
  }

  func finish() throws(DataError) -> LIBSVMRows {
    guard !targets.isEmpty else {
      throw DataError(
        .emptyFile, "there are no rows; each line must begin with a label", file: name)
    }
    do {
      return LIBSVMRows(
        rows: try SparseMatrix(
          columns: columns ?? largest, offsets: offsets, places: places, values: values),
        targets: targets)
    } catch {
      throw DataError(.shapeMismatch, "the rows do not form a matrix: \(error)", file: name)
    }
  }

  private mutating func target(
    _ token: ArraySlice<UInt8>, line: Int
  ) throws(DataError) -> Double {
    guard let label = Double(String(decoding: token, as: UTF8.self)),
      label == 1 || label == 0 || label == -1
    else {
      throw error(
        .unknownTargetValue, "the label must be +1 or -1, or 1 or 0", token, line)
    }
    if label == 1 { return 1 }
    if let good = goodLabel, good.value != label {
      throw error(
        .unknownTargetValue,
        "line \(good.line) calls good rows \(Int(good.value)); use one label for them", token, line)
    }
    if goodLabel == nil { goodLabel = (label, line) }
    return 0
  }

  private func index(
    _ digits: ArraySlice<UInt8>, _ token: ArraySlice<UInt8>, line: Int
  ) throws(DataError) -> Int {
    var index = 0
    for byte in digits {
      guard byte >= 0x30, byte <= 0x39 else {
        throw error(.badOption, "an index must be a whole number", token, line)
      }
      index = index * 10 + Int(byte - 0x30)
      let most = columns ?? LIBSVMReader.largestIndex
      guard index <= min(most, LIBSVMReader.largestIndex) else {
        throw error(.badOption, "an index is above \(most), the number of columns", token, line)
      }
    }
    guard !digits.isEmpty else {
      throw error(.badOption, "an element is not of the form index:value", token, line)
    }
    return index
  }

  private func number(
    _ digits: ArraySlice<UInt8>, _ token: ArraySlice<UInt8>, line: Int
  ) throws(DataError) -> Double {
    guard let value = Double(String(decoding: digits, as: UTF8.self)) else {
      throw error(.unparsableNumber, "a value is not a number", token, line)
    }
    guard value.isFinite else { throw error(.notFinite, "a value must be finite", token, line) }
    return value
  }

  private func error(
    _ code: DataError.Code, _ message: String, _ token: ArraySlice<UInt8>, _ line: Int
  ) -> DataError {
    DataError(
      code, message, file: name, line: line,
      value: String(decoding: token.prefix(80), as: UTF8.self)
    )
  }
}
