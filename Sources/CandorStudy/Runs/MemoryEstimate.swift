import CandorData
public import Foundation

/// How much memory a run will need, estimated before the data are read.
///
/// The first 64 KiB of the file give its columns and the length of its lines, its size the number of
/// rows. A cell of the table costs eight bytes. Every fit that runs beside others has encoded rows of
/// its own and what it learns from (bins, products, batches): twenty bytes a cell and eighty a row,
/// as measured on 300,000 rows of 20 columns. The file itself is in memory while it is read.
public struct MemoryEstimate: Sendable, Equatable {
  /// The number of bytes.
  public let bytes: Int
  /// The number of rows, estimated from the length of the first lines.
  public let rows: Int
  /// The number of columns.
  public let columns: Int

  private static let bytesOfRun = 64 << 20
  private static let sampleSize = 64 << 10
  /// What a compressed file grows to: text of tables seldom shrinks to less than a sixth.
  private static let expansion = 6

  /// Estimates what a file needs; nil where it cannot be looked at (it is not there, or a pipe).
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - delimiter: What parts its cells; the commonest of `,`, `;`, tab and `|` in the first line
  ///     unless given.
  ///   - fits: How many fits run side by side, each with encoded rows of its own; 0 where nothing is
  ///     trained.
  public init?(file path: String, delimiter: String? = nil, fits: Int) {
    guard FileKind(ofPath: path) == .file, let handle = FileHandle(forReadingAtPath: path) else {
      return nil
    }
    defer { try? handle.close() }
    guard let start = try? handle.read(upToCount: Self.sampleSize),
      let end = try? handle.seekToEnd(), !start.isEmpty
    else { return nil }
    let isCompressed = start.starts(with: [0x1F, 0x8B])
    let size = Int(clamping: end) * (isCompressed ? Self.expansion : 1)
    if isCompressed {
      // The columns cannot be seen; cells of six bytes are usual.
      rows = size / 150
      columns = 25
    } else {
      let marks =
        delimiter.flatMap(\.utf8.first).map { [$0] } ?? [UInt8](",;\t|".utf8)
      let header = start.prefix { $0 != UInt8(ascii: "\n") }
      columns = 1 + (marks.map { mark in header.count { $0 == mark } }.max() ?? 0)
      let lines = max(start.count { $0 == UInt8(ascii: "\n") }, 1)
      rows = max(size * lines / start.count, 1)
    }
    let cells = rows * columns
    bytes = Self.bytesOfRun + size + 8 * cells + fits * (20 * cells + 80 * rows)
  }

  /// The memory of this machine or of the container that the process runs in.
  public static var available: Int {
    let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    let limits = files.compactMap { path in
      FileManager.default.contents(atPath: path).flatMap { bytes in
        Int(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    return min(
      Int(clamping: ProcessInfo.processInfo.physicalMemory), limits.min() ?? Int.max)
  }

  /// Refuses a run that needs more than it may have.
  ///
  /// - Parameters:
  ///   - limit: The bytes that it may have.
  ///   - file: The file as the user named it.
  /// - Throws: `StudyError` of code `tooLarge` with estimate, limit and what to do.
  public func check(limit: Int, file: String) throws(StudyError) {
    guard bytes > limit else { return }
    throw StudyError(
      .tooLarge,
      "About \(Self.text(bytes)) of memory would be needed for some \(rows) rows of \(columns) "
        + "columns, and the limit is \(Self.text(limit)); use fewer `--threads`, a file of fewer rows, or "
        + "give more by `--memory-limit`.", file: file)
  }

  /// A size in words, for example `1.5 GB`.
  static func text(_ bytes: Int) -> String {
    let units = ["B", "KB", "MB", "GB", "TB"]
    var size = Double(bytes)
    var unit = 0
    while size >= 1000, unit < units.count - 1 {
      size /= 1000
      unit += 1
    }
    return "\(unit == 0 ? String(bytes) : plainText((size * 10).rounded() / 10)) \(units[unit])"
  }

  /// The bytes of a size such as `512M`, `8G`, `1.5GB` or `8GiB` (K, M, G and T are powers of 1000,
  /// Ki, Mi, Gi and Ti of 1024); nil for anything else.
  public static func bytes(of text: String) -> Int? {
    let lower = text.lowercased()
    let digits = lower.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits), number > 0 else { return nil }
    var unit = String(lower.dropFirst(digits.count))
    if unit.hasSuffix("b") { unit.removeLast() }
    let powers = ["": 0, "k": 1, "m": 2, "g": 3, "t": 4]
    let isBinary = unit.hasSuffix("i")
    if isBinary { unit.removeLast() }
    guard let power = powers[unit], !(isBinary && power == 0) else { return nil }
    let bytes = number * pow(isBinary ? 1024 : 1000, Double(power))
    return bytes < 9e18 ? Int(bytes) : nil
  }
}

extension StudyData {
  /// Refuses a study whose data would not fit in memory, before they are read.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - folder: The folder that relative paths start from.
  ///   - threads: How many fits may run side by side; 0 where nothing is trained.
  ///   - limit: The bytes that the run may have.
  /// - Throws: `StudyError` of code `tooLarge`.
  public static func checkMemory(
    _ study: Study, relativeTo folder: URL, threads: Int, limit: Int
  ) throws(StudyError) {
    let path = resolved(study.data.path, relativeTo: folder)
    try MemoryEstimate(
      file: path, delimiter: study.data.options.delimiter,
      fits: min(threads, study.folds + 1))?
      .check(limit: limit, file: study.data.path)
  }
}
