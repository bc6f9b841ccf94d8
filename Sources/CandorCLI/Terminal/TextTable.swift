import CandorDocument

/// Columns of text for a terminal, numbers to the right, East Asian characters two places wide.
struct TextTable {
  let header: [String]
  let rows: [[String]]
  /// The columns that are set flush right.
  let numeric: Set<Int>

  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { displayWidth(of: $0[column]) }.max() ?? 0
    }
    return all.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - displayWidth(of: row[column]))
        return numeric.contains(column) ? padding + row[column] : row[column] + padding
      }.joined(separator: "  ").trimmedAtEnd
    }
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
