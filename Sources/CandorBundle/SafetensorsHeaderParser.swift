/// Reads the JSON of a safetensors header and nothing wider.
///
/// General JSON readers keep one of two members of the same name without a word, take 1.0 for an
/// integer and nest without end; two programs could then read two models from one file. This one
/// knows the only form that the layout has and refuses the rest. No recursion; memory is bounded by
/// the header's length.
struct SafetensorsHeaderParser {
  /// What the header says of one tensor, not yet checked against the file.
  struct Item {
    let name: String
    let type: String
    let shape: [Int]
    let offsets: (start: Int, end: Int)
  }

  private let bytes: [UInt8]
  private let end: Int
  private var place: Int

  /// Reads the bytes of this range.
  init(bytes: [UInt8], range: Range<Int>) {
    self.bytes = bytes
    place = range.lowerBound
    end = range.upperBound
  }

  /// The tensors in the order of the header, and the texts of `__metadata__`.
  mutating func parse() throws(BundleError) -> (items: [Item], metadata: [String: String]) {
    guard place < end, bytes[place] == UInt8(ascii: "{") else {
      throw fault("the header starts with something else than {")
    }
    var items: [Item] = []
    var metadata: [String: String]?
    var names = Set<String>()
    try members { parser, name throws(BundleError) in
      guard names.insert(name).inserted else {
        throw parser.fault("the name \"\(name)\" is there twice")
      }
      if name == SafetensorsFile.metadataName {
        metadata = try parser.texts()
      } else {
        items.append(try parser.item(name))
      }
    }
    skipSpace()
    guard place == end else { throw fault("something follows the closing }") }
    return (items, metadata ?? [:])
  }

  // MARK: Parts

  private mutating func item(_ name: String) throws(BundleError) -> Item {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try members { parser, key throws(BundleError) in
      switch key {
      case "dtype" where type == nil: type = try parser.string()
      case "shape" where shape == nil: shape = try parser.integers()
      case "data_offsets" where offsets == nil: offsets = try parser.integers()
      default: throw parser.fault("the member \"\(key)\" of a tensor is unknown or there twice")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw fault("a tensor needs dtype, shape and two data_offsets")
    }
    return Item(name: name, type: type, shape: shape, offsets: (offsets[0], offsets[1]))
  }

  private mutating func texts() throws(BundleError) -> [String: String] {
    var result: [String: String] = [:]
    try members { parser, key throws(BundleError) in
      guard result.updateValue(try parser.string(), forKey: key) == nil else {
        throw parser.fault("the name \"\(key)\" is there twice")
      }
    }
    return result
  }

  /// Reads `{"key": value, …}`; the function reads the value.
  private mutating func members(
    _ value: (inout SafetensorsHeaderParser, String) throws(BundleError) -> Void
  ) throws(BundleError) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try value(&self, key)
    } while accept(",")
    try expect("}")
  }

  private mutating func integers() throws(BundleError) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if accept("]") { return result }
    repeat { result.append(try integer()) } while accept(",")
    try expect("]")
    return result
  }

  private mutating func integer() throws(BundleError) -> Int {
    skipSpace()
    let start = place
    var value = 0
    while place < end, case let digit = Int(bytes[place]) - 48, (0...9).contains(digit) {
      let (tens, first) = value.multipliedReportingOverflow(by: 10)
      let (next, second) = tens.addingReportingOverflow(digit)
      if first || second { throw fault("an integer is too large") }
      value = next
      place += 1
    }
    guard place > start, bytes[start] != 48 || place == start + 1 else {
      throw fault("a number is not a plain integer")
    }
    return value
  }

  private mutating func string() throws(BundleError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while place < end {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else {
          throw fault("a text is not UTF-8")
        }
        return result
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<32: throw fault("a text holds a bare control character")
      default: text.append(byte)
      }
    }
    throw fault("a text does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(BundleError) {
    guard place < end else { throw fault("a text does not end") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var value = try fourDigits()
      if (0xD800..<0xDC00).contains(value), end - place >= 2, bytes[place] == UInt8(ascii: "\\"),
        bytes[place + 1] == UInt8(ascii: "u")
      {
        place += 2
        let low = try fourDigits()
        guard (0xDC00..<0xE000).contains(low) else {
          throw fault("half a surrogate pair stands alone")
        }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw fault("half a surrogate pair stands alone")
      }
      text.append(contentsOf: UTF8.encode(scalar) ?? .init())
    default: throw fault("a text holds an unknown escape")
    }
  }

  private mutating func fourDigits() throws(BundleError) -> UInt32 {
    guard end - place >= 4 else { throw fault("a text does not end") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue else {
        throw fault("an escape has something else than four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      place += 1
    }
    return value
  }

  // MARK: Tokens

  private mutating func skipSpace() {
    while place < end {
      switch bytes[place] {
      case 32, 9, 10, 13: place += 1
      default: return
      }
    }
  }

  private mutating func accept(_ token: Unicode.Scalar) -> Bool {
    skipSpace()
    guard place < end, UInt32(bytes[place]) == token.value else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ token: Unicode.Scalar) throws(BundleError) {
    guard accept(token) else { throw fault("\(token) was due") }
  }

  private func fault(_ what: String) -> BundleError {
    BundleError(
      .badHeader, "The header of the file does not hold at its byte \(place - 8): \(what).")
  }
}
