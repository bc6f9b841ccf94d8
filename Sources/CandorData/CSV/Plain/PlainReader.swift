import CandorNumerics

/// The sizes by which a plain text is cut for threads and caches, and the vectors by which it is read;
/// they change no result.
package struct PlainCut: Sendable {
  private let segment: Int?
  private let block: Int?
  /// Records at the beginning from which the types of columns are supposed.
  let sample: Int
  let vectors: VectorLevel

  /// A cut; what is left out suits the text.
  package init(
    segment: Int? = nil, block: Int? = nil, sample: Int = 500, vectors: VectorLevel = .best
  ) {
    self.segment = segment.map { max($0, 1) }
    self.block = block.map { max($0, 1) }
    self.sample = max(sample, 1)
    self.vectors = min(vectors, .best)
  }

  /// Bytes of one task: a few MiB, and less where threads would be left without work.
  func segment(bytes: Int, threads: Int) -> Int {
    segment ?? max(1 << 18, min(1 << 22, bytes / (8 * max(threads, 1))))
  }

  /// Bytes that are taken apart at a time: they and the places of their cells fit a first-level
  /// cache, but of wide records there are some dozens.
  func block(columns: Int) -> Int { block ?? max(1 << 14, 512 * columns) }
}

/// Reads plain CSV text, which is most of it, in one walk on several threads.
///
/// A text is plain where every line is one record with as many fields as the header, at least two,
/// and quoted fields hold neither quotes nor delimiters nor line ends. The type of a column is
/// supposed from the first records; a cell that does not fit makes it a column of texts, and what
/// these are is concluded from the distinct ones, so that results are those of `CSVReader`'s two
/// walks. Whatever is not plain, and every fault, is left to them: then there is no result here.
struct PlainReader {
  let source: SeekableText
  let name: String
  let options: CSVOptions
  let declarations: [String: ColumnDeclaration]
  let threads: Int
  let cut: PlainCut

  /// The header must end within so many bytes.
  private static let longestHeader = 1 << 16

  /// The beginning of a text.
  private struct Head {
    var bytes: [UInt8]
    var header: CSVHeader
    var hadByteOrderMark: Bool
    var isWhole: Bool
  }

  /// The table and all that is reported of it; nil where the text is not plain or has a fault.
  func read() -> TextReading? {
    guard let head = head(), let plans = columnPlans(head.header) else { return nil }
    let header = head.header
    let start = header.next.position + (head.hadByteOrderMark ? 3 : 0)
    guard start < source.count,
      let segments = PlainSegment.cut(
        source, from: start, size: cut.segment(bytes: source.count, threads: threads),
        threads: threads),
      let rows = segments.last?.rows.upperBound
    else { return nil }

    var forms = PlainSample(head.bytes, header: header, isWhole: head.isWhole, records: cut.sample)
      .forms(plans)
    while true {
      var findings: [[PlainColumnFindings]] = []
      let columns = ColumnStore.fill(forms.map(\.kind), rows: rows) { store in
        let found = read(segments, forms: forms, syntax: header.syntax, into: store)
        findings = found.compactMap { $0 }
        return findings.count == segments.count
      }
      guard let columns else { return nil }
      // Columns that turned out to hold other cells than numbers are read again as texts.
      var isSettled = true
      for column in forms.indices where findings.contains(where: { $0[column].isNoNumber }) {
        forms[column].form = .texts(LevelTable())
        isSettled = false
      }
      if isSettled {
        return finish(columns, findings, plans: plans, forms: forms, segments: segments, head: head)
      }
    }
  }

  private func head() -> Head? {
    let length = min(source.count, 4 * Self.longestHeader)
    var bytes = [UInt8](repeating: 0, count: length)
    guard length > 0, source.copy(from: 0, count: length, into: &bytes, at: 0) else { return nil }
    var hadByteOrderMark = false
    if case .file = source {
      guard !GzipStream.isGzip(bytes), BinaryFormat.fault(in: bytes, name: name) == nil else {
        return nil
      }
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        hadByteOrderMark = true
        bytes.removeFirst(3)
      }
    }
    let isWhole = length == source.count
    guard let header = try? CSVHeader(of: bytes.span, options: options, file: name) else {
      return nil
    }
    let end = header.next.position
    // The delimiter is found from 64 KiB behind the header's beginning.
    guard isWhole || end < Self.longestHeader else { return nil }
    let check = UTF8Kernel.check(bytes.span.extracting(0..<end))
    guard check.fault == nil, check.end == end else { return nil }
    // Behind an odd number of quotes the line ending would be sought in the whole text.
    guard bytes[..<end].count(where: { $0 == FieldKernel.quote }) % 2 == 0 else { return nil }
    guard 2...ColumnStore.mostColumns ~= header.names.count else { return nil }
    return Head(
      bytes: bytes, header: header, hadByteOrderMark: hadByteOrderMark, isWhole: isWhole)
  }

  private func columnPlans(_ header: CSVHeader) -> [ColumnPlan]? {
    guard declarations.keys.allSatisfy({ header.names.contains($0) }) else { return nil }
    var plans: [ColumnPlan] = []
    for column in header.names {
      guard
        let plan = try? ColumnPlan(
          name: column, declaration: declarations[column], options: options)
      else { return nil }
      plans.append(plan)
    }
    return plans
  }

  /// Reads all segments; nil for those that are not plain, and for those behind them.
  private func read(
    _ segments: [PlainSegment], forms: [PlainColumnPlan], syntax: FieldSyntax,
    into store: ColumnStore
  ) -> [[PlainColumnFindings]?] {
    let source = source
    let cut = cut
    let hasFailed = LockedState(false)
    return Parallel.map(count: segments.count, threads: threads) { index in
      if hasFailed.withLock({ $0 }) { return nil }
      let found = segments[index].read(
        source, plans: forms, syntax: syntax, cut: cut, into: store)
      if found == nil { hasFailed.withLock { $0 = true } }
      return found
    }
  }

  private func finish(
    _ columns: [Column.Storage], _ findings: [[PlainColumnFindings]], plans: [ColumnPlan],
    forms: [PlainColumnPlan], segments: [PlainSegment], head: Head
  ) -> TextReading? {
    let name = name
    let finished = Parallel.map(count: plans.count, threads: threads) { column in
      PlainColumnEnd(
        plan: plans[column], form: forms[column].form, cells: columns[column],
        findings: findings.map { $0[column] }, rows: segments.map(\.rows), file: name
      ).finish()
    }
    var table: [Column] = []
    var inferences: [ColumnInference] = []
    var notices: [String] = []
    for column in finished {
      guard let column else { return nil }
      table.append(column.column)
      inferences.append(column.inference)
      notices += column.notices
    }
    let firstLine = head.header.next.line
    guard let rows = table.first?.count,
      let table = try? Table(columns: table, lines: Array(firstLine..<firstLine + rows))
    else { return nil }
    return TextReading(
      table: table, header: head.header, hadByteOrderMark: head.hadByteOrderMark,
      inferences: inferences, notices: notices)
  }
}
