/// What was read from a text, before the facts about its file are added.
struct TextReading {
  let table: Table
  let header: CSVHeader
  /// Whether the reader itself passed over a byte-order mark.
  let hadByteOrderMark: Bool
  let inferences: [ColumnInference]
  let notices: [String]
}
