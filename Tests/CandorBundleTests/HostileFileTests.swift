import CandorBundle
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Hostile safetensors files")
struct HostileFileTests {
  /// A file of this header, padded, and this many zero bytes of data.
  private func file(_ header: [UInt8], data: Int, length: UInt64? = nil) -> [UInt8] {
    let promised = length ?? UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: promised >> (8 * UInt64($0))) } + header
      + [UInt8](repeating: 0, count: data)
  }

  private func file(_ header: String, data: Int) -> [UInt8] {
    file(Array(header.utf8), data: data)
  }

  private func tensor(
    _ name: String = "a", type: String = "F64", shape: String = "[1]", offsets: String = "[0,8]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test("Sound headers in unusual dress are read")
  func soundHeaders() throws {
    let headers: [(String, Int)] = [
      ("{}", 0), ("{ }   ", 0), ("{\(tensor())}", 8), ("{\t\(tensor())\n}\r\n ", 8),
      ("{\(tensor("b", offsets: "[8,16]")),\(tensor())}", 16),
      ("{\(tensor(shape: "[]"))}", 8), ("{\(tensor(shape: "[0,7]", offsets: "[0,0]"))}", 0),
      ("{\(tensor()),\(tensor("e", shape: "[0]", offsets: "[8,8]"))}", 8),
      ("{\(tensor("e", shape: "[0]", offsets: "[0,0]")),\(tensor())}", 8),
      ("{\(tensor("\\ud83d\\ude00\\u0041"))}", 8), ("{\"__metadata__\":{}}", 0),
      ("{\(tensor(shape: "[1, 1 ,1]", offsets: " [ 0 , 8 ] "))}", 8),
    ]
    for (header, data) in headers {
      _ = try SafetensorsFile(bytes: file(header, data: data))
    }
    let escaped = try SafetensorsFile(
      bytes: file("{\(tensor("\\ud83d\\ude00\\u0041\\n"))}", data: 8))
    #expect(escaped.tensors[0].name == "😀A\n")
  }

  @Test("Every hostile header is refused with a sentence")
  func hostileHeaders() {
    let headers: [(String, Int)] = [
      // No JSON object, or not one alone.
      ("", 0), ("[]", 0), (" {}", 0), ("{", 0), ("{}x", 0), ("{}{}", 0), ("{,}", 0),
      ("{\"a\"}", 0), ("{\"a\":}", 0), ("{\"a\":null}", 0), ("{\"a\":{}}", 0), ("nul", 0),
      ("{\(tensor()),}", 8), ("{\(tensor())\(tensor("b"))}", 8),
      (String(repeating: "{\"a\":", count: 10_000), 0),
      (String(repeating: "[", count: 100_000), 0),
      ("{\"a\":" + String(repeating: "[", count: 50_000), 0),
      // Names.
      ("{\(tensor()),\(tensor())}", 8),
      ("{\(tensor()),\(tensor("b", offsets: "[8,16]")),\(tensor("\\u0061"))}", 16),
      ("{\"__metadata__\":{},\"__metadata__\":{}}", 0),
      ("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0),
      ("{\"__metadata__\":{\"a\":1}}", 0), ("{\"__metadata__\":[]}", 0),
      ("{\(tensor("__metadata__"))}", 8),
      ("{\(tensor("\\ud83d"))}", 8), ("{\(tensor("\\ude00\\ud83d"))}", 8),
      ("{\(tensor("\\ud83d\\u0041"))}", 8), ("{\(tensor("\\x"))}", 8),
      ("{\(tensor("\\u12g4"))}", 8), ("{\(tensor("a\nb"))}", 8), ("{\"a", 0), ("{\"a\\", 0),
      ("{\"a\\u12", 0),
      // Members of a tensor.
      ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1]}}", 8),
      ("{\"a\":{\"shape\":[1],\"data_offsets\":[0,8]}}", 8),
      ("{\"a\":{\"dtype\":\"F64\",\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8),
      ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8],\"x\":[1]}}", 8),
      ("{\(tensor(type: "F16", offsets: "[0,2]"))}", 2), ("{\(tensor(type: "f64"))}", 8),
      ("{\(tensor(type: ""))}", 8),
      // Numbers.
      ("{\(tensor(shape: "[1.0]"))}", 8), ("{\(tensor(shape: "[1e0]"))}", 8),
      ("{\(tensor(shape: "[-1]"))}", 8), ("{\(tensor(shape: "[01]"))}", 8),
      ("{\(tensor(shape: "[+1]"))}", 8), ("{\(tensor(shape: "[true]"))}", 8),
      ("{\(tensor(shape: "[\"1\"]"))}", 8), ("{\(tensor(shape: "[1,]"))}", 8),
      ("{\(tensor(shape: "[[1]]"))}", 8), ("{\(tensor(shape: "1"))}", 8),
      ("{\(tensor(shape: "[9223372036854775808]"))}", 8),
      ("{\(tensor(shape: "[99999999999999999999999999999999999999]"))}", 8),
      ("{\(tensor(offsets: "[0,8,8]"))}", 8), ("{\(tensor(offsets: "[8]"))}", 8),
      ("{\(tensor(offsets: "[]"))}", 8),
      // Sizes that overflow or lie.
      ("{\(tensor(shape: "[9223372036854775807]"))}", 8),
      ("{\(tensor(shape: "[2305843009213693952]"))}", 8),
      ("{\(tensor(shape: "[2305843009213693953]"))}", 8),
      ("{\(tensor(shape: "[4294967296,4294967296]", offsets: "[0,0]"))}", 0),
      ("{\(tensor(shape: "[0,4611686018427387904,4]", offsets: "[0,0]"))}", 0),
      ("{\(tensor(shape: "[4611686018427387904,4,0]", offsets: "[0,0]"))}", 0),
      ("{\(tensor(shape: "[2]"))}", 8), ("{\(tensor(shape: "[2]", offsets: "[0,16]"))}", 8),
      ("{\(tensor(shape: "[1000000000]", offsets: "[0,8000000000]"))}", 8),
      ("{\(tensor(offsets: "[8,0]"))}", 8),
      ("{\(tensor(offsets: "[9223372036854775800,9223372036854775807]"))}", 8),
      // Gaps, overlaps, surplus.
      ("{\(tensor(offsets: "[8,16]"))}", 16), ("{\(tensor())}", 9), ("{\(tensor())}", 7),
      ("{}", 1), ("{\(tensor()),\(tensor("b"))}", 8), ("{\(tensor()),\(tensor("b"))}", 16),
      ("{\(tensor()),\(tensor("b", offsets: "[4,12]"))}", 12),
      ("{\(tensor()),\(tensor("b", offsets: "[16,24]"))}", 24),
      ("{\(tensor()),\(tensor("e", shape: "[0]", offsets: "[4,4]"))}", 8),
      ("{\(tensor()),\(tensor("e", shape: "[0]", offsets: "[9,9]"))}", 8),
    ]
    for (header, data) in headers {
      expectRefusal(file(header, data: data), "\(header.prefix(120))")
    }
    for bytes: [UInt8] in [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE6, 0xA8],
    ] {
      let header = Array("{\"__metadata__\":{\"".utf8) + bytes + Array("\":\"\"}}".utf8)
      expectRefusal(file(header, data: 0), "bytes that are not UTF-8: \(bytes)")
    }
  }

  @Test("Promised header lengths beyond the file or the limit are refused before they are used")
  func hostileLengths() {
    let header = Array("{}".utf8)
    for length: UInt64 in [3, 1 << 20, 100_000_000, 100_000_001, 1 << 40, 1 << 63, .max, .max - 7] {
      expectRefusal(file(header, data: 0, length: length), "length \(length)")
    }
    for count in 0..<10 { expectRefusal([UInt8](repeating: 0, count: count), "\(count) zeros") }
    expectRefusal([UInt8](repeating: 0xFF, count: 64), "ones")
  }

  @Test("Truncations at every byte are refused")
  func truncations() throws {
    let bytes = try example()
    for count in 0..<bytes.count { expectRefusal(Array(bytes.prefix(count)), "first \(count)") }
    expectRefusal(bytes + [0], "one byte more")
  }

  /// Random damage never stops the program; a damaged file that is still read is read as what it
  /// says: its header is JSON with the same names for Foundation's reader too, and what was read is
  /// written and read again unchanged.
  @Test("Random damage of a thousand seeds is refused or read as what the file says")
  func randomDamage() throws {
    let sound = try example()
    var refused = 0
    for seed in 0..<1000 {
      var generator = SeedTree(seed: 61).child(seed).generator()
      var bytes = sound
      for _ in 0...generator.nextInteger(below: 4) {
        let headerOnly = generator.nextInteger(below: 2) == 0
        let place = generator.nextInteger(below: headerOnly ? min(400, bytes.count) : bytes.count)
        switch generator.nextInteger(below: 6) {
        case 0: bytes[place] ^= 1 << UInt8(generator.nextInteger(below: 8))
        case 1: bytes[place] = UInt8(generator.nextInteger(below: 256))
        case 2: bytes[place] = Array("0123456789{}[],:\"\\ ".utf8)[generator.nextInteger(below: 19)]
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(UInt8(generator.nextInteger(below: 256)), at: place)
        default: bytes.removeLast(generator.nextInteger(below: 16))
        }
      }
      do {
        let file = try SafetensorsFile(bytes: bytes)
        let again = try SafetensorsFile(bytes: file.bytes())
        #expect(again.bytes() == file.bytes())
        let size = file.tensors.reduce(0) { $0 + storage($1.tensor.elements) }
        #expect(size < bytes.count)
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let object = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
        let names = try #require(object as? [String: Any]).keys.filter { $0 != "__metadata__" }
        #expect(names.sorted() == file.tensors.map(\.name).sorted())
      } catch is BundleError {
        refused += 1
      }
    }
    // Damage to element bytes alone cannot be seen by the layout; the rest must be.
    #expect(refused > 600 && refused < 1000)
  }

  private func storage(_ elements: TensorArchive.Elements) -> Int {
    switch elements {
    case .float64, .int64: elements.count * 8
    case .float32, .int32: elements.count * 4
    case .uint8: elements.count
    }
  }

  private func example() throws -> [UInt8] {
    try SafetensorsFile(
      tensors: [
        ("weights", .init(shape: [2, 3], elements: .float64([1, 2, 3, 4, 5, 6]))),
        ("codes", .init(shape: [5], elements: .int32([1, -1, 2, -2, 3]))),
        ("none", .init(shape: [0, 4], elements: .float32([]))),
        ("flags", .init(shape: [3], elements: .uint8([0, 1, 255]))),
      ], metadata: ["candor": "{\"format\":1}", "note": "naïve 模型"]
    ).bytes()
  }

  private func expectRefusal(_ bytes: [UInt8], _ what: String) {
    do {
      _ = try SafetensorsFile(bytes: bytes)
      Issue.record("Accepted: \(what)")
    } catch {
      #expect(error.description.hasSuffix("."), "\(what)")
    }
  }
}
