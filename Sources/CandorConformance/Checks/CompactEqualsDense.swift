import CandorData
import CandorNumerics
import CandorScoring

/// Rows in compact form have the margins of the same rows in dense form.
enum CompactEqualsDense {
  static let check = ScorerCheck(
    "dense and compact rows give equal bits",
    every: { scorer, rows in
      Trial.withMargins(scorer, rows.dense) { margins in
        let matrix = rows.matrix
        let numbers = (0..<rows.width).map { EncodedRows.Block.numbers(matrix.column($0)) }
        var findings: [String] = []
        for (blocks, name) in [
          (numbers, "columns of numbers"), (joined(matrix), "columns of numbers and 0/1 blocks"),
        ] {
          guard let compact = try? EncodedRows(blocks: blocks, count: rows.count) else {
            return ["the suite's own compact rows do not fit"]
          }
          switch Trial.margins(scorer, compact) {
          case .success(let found):
            findings += Trial.difference(found, from: margins, "the form of \(name)")
          case .failure(let error):
            findings.append("the form of \(name) was refused: \(error.description)")
          }
        }
        return findings
      }
    })

  /// Neighbouring 0/1 columns of which a row has one at most become a block.
  private static func joined(_ matrix: Matrix) -> [EncodedRows.Block] {
    var blocks: [EncodedRows.Block] = []
    var places: [Int32]?
    var width = 0
    func close() {
      if let places { blocks.append(.indicators(places, width: width)) }
      places = nil
      width = 0
    }
    for c in 0..<matrix.columns {
      let column = matrix.column(c)
      // A zero with a sign is no zero of a block.
      guard column.allSatisfy({ $0 == 1 || $0.bitPattern == 0 }) else {
        close()
        blocks.append(.numbers(column))
        continue
      }
      if let held = places, zip(held, column).contains(where: { $0 >= 0 && $1 == 1 }) { close() }
      var own = places ?? [Int32](repeating: -1, count: matrix.rows)
      for r in column.indices where column[r] == 1 { own[r] = Int32(width) }
      places = own
      width += 1
    }
    close()
    return blocks
  }
}
