/// Rows of some columns, compared by a hash first and cell by cell where hashes agree.
struct RowKeys {
  private let columns: [Column]
  private let labels: [Double]?
  private let hashes: [UInt64]

  init(_ columns: [Column], labels: [Double]?, rowCount: Int) {
    self.columns = columns
    self.labels = labels
    var hashes = [UInt64](repeating: 0x9E37_79B9_7F4A_7C15, count: rowCount)
    for column in columns {
      switch column.storage {
      case .numbers(let numbers):
        for row in 0..<rowCount { hashes[row] = Self.mix(hashes[row], Self.bits(numbers[row])) }
      case .codes(let codes, _):
        for row in 0..<rowCount {
          hashes[row] = Self.mix(hashes[row], UInt64(bitPattern: Int64(codes[row])))
        }
      }
    }
    if let labels {
      for row in 0..<rowCount { hashes[row] = Self.mix(hashes[row], Self.bits(labels[row])) }
    }
    self.hashes = hashes
  }

  /// The rows among `rows` that equal one of `others`, in order; where the lists are the same,
  /// those that equal an earlier row.
  func repeats(in rows: [Int], of others: [Int]) -> [Int] {
    let isSame = rows == others
    var known: [UInt64: [Int]] = [:]
    known.reserveCapacity(others.count)
    if !isSame { for row in others { remember(row, in: &known) } }
    var result: [Int] = []
    for row in rows {
      if known[hashes[row], default: []].contains(where: { areEqual($0, row) }) {
        result.append(row)
      } else if isSame {
        remember(row, in: &known)
      }
    }
    return result
  }

  /// Keeps a row unless an equal one is kept: the lists stay short.
  private func remember(_ row: Int, in known: inout [UInt64: [Int]]) {
    let kept = known[hashes[row], default: []]
    if !kept.contains(where: { areEqual($0, row) }) { known[hashes[row]] = kept + [row] }
  }

  private func areEqual(_ a: Int, _ b: Int) -> Bool {
    if let labels, Self.bits(labels[a]) != Self.bits(labels[b]) { return false }
    return columns.allSatisfy { column in
      switch column.storage {
      case .numbers(let numbers): Self.bits(numbers[a]) == Self.bits(numbers[b])
      case .codes(let codes, _): codes[a] == codes[b]
      }
    }
  }

  /// Equal numbers have equal bits: one NaN, one zero.
  private static func bits(_ number: Double) -> UInt64 {
    number.isNaN ? Double.nan.bitPattern : (number + 0).bitPattern
  }

  /// One round of the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  private static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    var z = (hash ^ value) &* 0xBF58_476D_1CE4_E5B9 &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
