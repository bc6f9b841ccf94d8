import CandorScoring

/// The checks and byte orders of the safetensors layout.
enum SafetensorsLayout {
  /// The element types that are read and written.
  enum ElementType: String, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case int64 = "I64"
    case int32 = "I32"
    case uint8 = "U8"

    init(_ elements: TensorArchive.Elements) {
      self =
        switch elements {
        case .float64: .float64
        case .float32: .float32
        case .int64: .int64
        case .int32: .int32
        case .uint8: .uint8
        }
    }

    /// Bytes an element.
    var size: Int {
      switch self {
      case .float64, .int64: 8
      case .float32, .int32: 4
      case .uint8: 1
      }
    }
  }

  /// One tensor of a header whose place was checked.
  struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    let count: Int
    let start: Int
  }

  /// A header whose lengths were all checked against the file.
  struct Header {
    let tensors: [Entry]
    let metadata: [String: String]
    let dataStart: Int
  }

  /// The product of the extents; nil where one is negative or the product leaves `Int`.
  ///
  /// Extents of zero are left out of the check of the product, so that the order of multiplication
  /// never matters to those who multiply later.
  static func elementCount(_ shape: [Int]) -> Int? {
    var product = 1
    var isEmpty = false
    for extent in shape {
      guard extent >= 0 else { return nil }
      if extent == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }

  /// Reads and checks the header of a file.
  static func header(of bytes: [UInt8]) throws(BundleError) -> Header {
    guard bytes.count >= 8 else {
      throw BundleError(
        .truncated, "The file has \(bytes.count) bytes; the length of the header alone takes 8.")
    }
    let declared = little(bytes.span, at: 0, bytes: 8)
    guard declared <= UInt64(SafetensorsFile.longestHeader) else {
      throw BundleError(
        .badHeader,
        "The file promises a header of \(declared) bytes; the limit is "
          + "\(SafetensorsFile.longestHeader). It is not a safetensors file or was damaged.")
    }
    let dataStart = 8 + Int(declared)
    guard dataStart <= bytes.count else {
      throw BundleError(
        .truncated,
        "The file promises a header of \(declared) bytes and has \(bytes.count - 8) left.")
    }
    var parser = SafetensorsHeaderParser(bytes: bytes, range: 8..<dataStart)
    let (raw, metadata) = try parser.parse()
    var entries: [Entry] = []
    entries.reserveCapacity(raw.count)
    for item in raw { entries.append(try check(item)) }
    // Empty tensors stand where their neighbours meet; by end, then, and stable by the header.
    let ends = entries.map { $0.start + $0.count * $0.type.size }
    let order = entries.indices.sorted { a, b in
      (entries[a].start, ends[a], a) < (entries[b].start, ends[b], b)
    }
    var place = 0
    for index in order {
      guard entries[index].start == place else {
        throw BundleError(
          .badTensor,
          "The tensor \"\(entries[index].name)\" starts at byte \(entries[index].start) of the "
            + "data where \(place) was due: tensors may neither overlap nor leave gaps.")
      }
      place = ends[index]
    }
    guard place == bytes.count - dataStart else {
      throw BundleError(
        place > bytes.count - dataStart ? .truncated : .badTensor,
        "The tensors take \(place) bytes and the file has \(bytes.count - dataStart) after its "
          + "header.")
    }
    return Header(tensors: order.map { entries[$0] }, metadata: metadata, dataStart: dataStart)
  }

  private static func check(
    _ item: SafetensorsHeaderParser.Item
  ) throws(BundleError) -> Entry {
    guard let type = ElementType(rawValue: item.type) else {
      throw BundleError(
        .badTensor,
        "The tensor \"\(item.name)\" has elements of type \"\(item.type)\"; this version reads "
          + ElementType.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    let (start, end) = item.offsets
    guard start <= end, let count = elementCount(item.shape),
      case let (size, overflow) = count.multipliedReportingOverflow(by: type.size), !overflow,
      size == end - start
    else {
      throw BundleError(
        .badTensor,
        "The tensor \"\(item.name)\" of type \(type.rawValue) and shape \(item.shape) does not "
          + "fit the bytes from \(start) to \(end).")
    }
    return Entry(name: item.name, type: type, shape: item.shape, count: count, start: start)
  }

  // MARK: Elements

  /// Decodes elements whose place was checked.
  static func elements(
    of type: ElementType, in bytes: Span<UInt8>, at start: Int, count: Int
  ) -> TensorArchive.Elements {
    switch type {
    case .float64:
      .float64(
        decode(count) { Double(bitPattern: little(bytes, at: start + 8 * $0, bytes: 8)) })
    case .float32:
      .float32(
        decode(count) {
          Float(
            bitPattern: UInt32(truncatingIfNeeded: little(bytes, at: start + 4 * $0, bytes: 4)))
        })
    case .int64:
      .int64(
        decode(count) { Int64(bitPattern: little(bytes, at: start + 8 * $0, bytes: 8)) })
    case .int32:
      .int32(
        decode(count) {
          Int32(truncatingIfNeeded: little(bytes, at: start + 4 * $0, bytes: 4))
        })
    case .uint8: .uint8(decode(count) { bytes[start + $0] })
    }
  }

  /// Appends the little-endian bytes of elements.
  static func append(_ elements: TensorArchive.Elements, to result: inout [UInt8]) {
    switch elements {
    case .float64(let values): for value in values { append(value.bitPattern, 8, &result) }
    case .float32(let values):
      for value in values { append(UInt64(value.bitPattern), 4, &result) }
    case .int64(let values):
      for value in values { append(UInt64(bitPattern: value), 8, &result) }
    case .int32(let values):
      for value in values { append(UInt64(UInt32(bitPattern: value)), 4, &result) }
    case .uint8(let values): result += values
    }
  }

  /// Appends the lowest bytes of an integer, lowest first.
  static func append(_ value: UInt64, bytes count: Int, to result: inout [UInt8]) {
    append(value, count, &result)
  }

  @inline(__always)
  private static func append(_ value: UInt64, _ count: Int, _ result: inout [UInt8]) {
    var rest = value
    for _ in 0..<count {
      result.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  @inline(__always)
  private static func little(_ bytes: Span<UInt8>, at place: Int, bytes count: Int) -> UInt64 {
    var value: UInt64 = 0
    for k in 0..<count { value |= UInt64(bytes[place + k]) << UInt64(8 * k) }
    return value
  }

  private static func decode<Element>(_ count: Int, _ element: (Int) -> Element) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(count)
    for index in 0..<count { result.append(element(index)) }
    return result
  }
}
