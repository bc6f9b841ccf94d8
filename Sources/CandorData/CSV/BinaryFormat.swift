/// Kinds of file that are often given in place of CSV, known by their first bytes.
enum BinaryFormat {
  private static let signatures: [(bytes: [UInt8], name: String, remedy: String)] = [
    (
      Array("PK\u{3}\u{4}".utf8), "a zip archive or an Excel workbook (.xlsx)",
      "export the sheet as CSV, or unpack the archive"
    ),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (.xls)", "export the sheet as CSV"),
    (Array("PAR1".utf8), "a Parquet file", "write it as CSV"),
    (Array("ARROW1".utf8), "an Arrow (Feather) file", "write it as CSV"),
    (Array("SQLite format 3".utf8), "an SQLite database", "export the table as CSV"),
    (Array("BZh".utf8), "compressed with bzip2", "decompress it, or compress it with gzip"),
    (
      [0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz",
      "decompress it, or compress it with gzip"
    ),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "decompress it, or compress it with gzip"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "write it as CSV"),
    (Array("%PDF".utf8), "a PDF document", "give the CSV file itself"),
  ]

  /// The error for bytes that begin as a binary format does, nil where they begin as text may.
  static func fault(in bytes: [UInt8], name: String) -> DataError? {
    for signature in signatures where bytes.starts(with: signature.bytes) {
      return DataError(
        .binaryFile, "this is \(signature.name), not CSV text; \(signature.remedy)", file: name)
    }
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    if isUTF16 {
      return DataError(
        .badEncoding, "the text is UTF-16, which is not read; save it as UTF-8", file: name)
    }
    return nil
  }

  /// The error for a zero byte, which no text file has.
  static func zeroByte(line: Int, name: String) -> DataError {
    DataError(
      .binaryFile,
      "there is a zero byte, so this is a binary file or UTF-16 text; export it as UTF-8 CSV",
      file: name, line: line)
  }
}
