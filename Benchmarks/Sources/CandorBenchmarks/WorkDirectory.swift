import Candor
import Foundation

/// The data that `compare` wrote; the README has the layout.
struct WorkDirectory {
  let path: String

  /// What `shape.json` says.
  struct Shape: Decodable {
    let rows: Int
    let test_rows: Int
    let target: String
    let bad: String
    let epochs: Int
    let score_rows: Int
  }

  /// What `encoded/layout.json` says.
  struct Layout: Decodable {
    struct Category: Decodable {
      let name: String
      let levels: [String]
      let first: Int
    }

    let rows: Int
    let test_rows: Int
    let width: Int
    let columns: [String]
    let numeric: [String]
    let categorical: [Category]
  }

  /// Something in the folder that does not fit what was announced.
  struct Mismatch: Error, CustomStringConvertible {
    let description: String
  }

  func shape(_ size: String) throws -> Shape { try decode("\(size)/shape.json") }

  func layout(_ size: String) throws -> Layout { try decode("\(size)/encoded/layout.json") }

  /// A CSV file as a table.
  func table(_ file: String) throws -> CandorData.Table {
    try CSVReader.read(file: "\(path)/\(file)").table
  }

  /// 1 where bad, from `labels.u8` or `labels-test.u8`.
  func labels(_ file: String) throws -> [Double] { try bytes(file).map { Double($0) } }

  /// The shared encoding in compact form: numeric columns, then a block of 0/1 columns a category.
  func encoded(_ size: String, test: Bool) throws -> EncodedRows {
    let layout = try layout(size)
    let count = test ? layout.test_rows : layout.rows
    let suffix = test ? "-test" : ""
    let width = layout.numeric.count
    let categories = layout.categorical.count
    let bytes = try bytes("\(size)/encoded/numeric\(suffix).f64")
    let codes = try self.bytes("\(size)/encoded/codes\(suffix).u8")
    guard bytes.count == 8 * count * width, codes.count == count * categories else {
      throw Mismatch(description: "The encoded files of \(size) do not fit layout.json.")
    }
    var blocks: [EncodedRows.Block] = []
    for column in 0..<width {
      blocks.append(
        .numbers(
          (0..<count).map { row in
            let start = 8 * (row * width + column)
            var bits: UInt64 = 0
            for byte in 0..<8 { bits |= UInt64(bytes[start + byte]) << UInt64(8 * byte) }
            return Double(bitPattern: bits)
          }))
    }
    for (position, category) in layout.categorical.enumerated() {
      blocks.append(
        .indicators(
          (0..<count).map { row in
            let code = codes[row * categories + position]
            return code == 255 ? -1 : Int32(code)
          }, width: category.levels.count))
    }
    return try EncodedRows(blocks: blocks, count: count)
  }

  /// Which encoded columns are which feature.
  func featureMap(_ size: String) throws -> FeatureMap {
    let layout = try layout(size)
    var sources = layout.numeric.enumerated().map {
      FeatureMap.Source(name: $1, columns: $0..<$0 + 1)
    }
    for category in layout.categorical {
      sources.append(
        FeatureMap.Source(
          name: category.name, columns: category.first..<category.first + category.levels.count))
    }
    return FeatureMap(sources: sources, columnNames: layout.columns)
  }

  /// The training rows of the shared encoding.
  func training(_ size: String) throws -> TrainingRows {
    try TrainingRows(
      rows: encoded(size, test: false), targets: labels("\(size)/labels.u8"),
      featureMap: featureMap(size))
  }

  /// Writes numbers as little-endian Float64.
  static func write(_ numbers: [Double], to file: String) throws {
    var data = Data(capacity: 8 * numbers.count)
    for number in numbers {
      var bits = number.bitPattern
      for _ in 0..<8 {
        data.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
      }
    }
    try data.write(to: URL(fileURLWithPath: file))
  }

  private func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")))
  }

  private func decode<Value: Decodable>(_ file: String) throws -> Value {
    try JSONDecoder().decode(
      Value.self, from: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")))
  }
}
