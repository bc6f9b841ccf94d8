import CandorIntegrity
import Foundation
import Testing

@Suite("Hashes")
struct DigestTests {
  @Test("SHA-256 gives the example values of FIPS 180-4")
  func standardValues() {
    #expect(
      Digest.of(text: "abc").hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Digest.of([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Digest.of(text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(
      Digest.of(million).hex
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(Digest.of(Data(million)) == Digest.of(million))
    #expect(Digest.of(text: "abc").short == "ba7816bf8f01")
  }

  @Test("A hash built of pieces equals the hash of the whole")
  func pieces() {
    let text = String(repeating: "credit risk · ", count: 400)
    var builder = HashBuilder()
    for character in text { builder.update(String(character)) }
    #expect(builder.finish() == Digest.of(text: text))
    let before = builder.finish()
    builder.update([0])
    #expect(builder.finish() != before)
  }

  @Test("Numbers are hashed by their bit patterns, lowest byte first")
  func numbers() {
    let values = [0, -0.0, 1.5, .infinity, -1e-300] + (0..<20_000).map(Double.init)
    var bytes: [UInt8] = []
    for value in values {
      for byte in 0..<8 { bytes.append(UInt8(value.bitPattern >> (8 * UInt64(byte)) & 255)) }
    }
    var builder = HashBuilder()
    builder.update(doubles: values)
    #expect(builder.finish() == Digest.of(bytes))
    var integers = HashBuilder()
    integers.update(integer: -2)
    #expect(integers.finish() == Digest.of([254, 255, 255, 255, 255, 255, 255, 255]))
  }

  @Test("Files are hashed as their bytes, also beyond one piece; what is no file is refused")
  func files() throws {
    try withTemporaryDirectory { directory in
      for count in [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 >> 9) }
        let path = directory + "/file"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(try Digest.ofFile(path) == Digest.of(bytes))
      }
      #expect(throws: IntegrityError.self) { try Digest.ofFile(directory + "/absent") }
      #expect(throws: IntegrityError.self) { try Digest.ofFile(directory) }
    }
  }

  @Test("Hexadecimal digits and JSON are read back; other texts are refused")
  func readBack() throws {
    let digest = Digest.of(text: "x")
    #expect(try Digest(hex: digest.hex) == digest)
    #expect(try Digest(hex: digest.hex.uppercased()) == digest)
    let json = try JSONEncoder().encode([digest])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(digest.hex)\"]")
    #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
    for text in ["", "12", digest.hex + "0", "g" + digest.hex.dropFirst()] {
      #expect(throws: IntegrityError.self) { try Digest(hex: text) }
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([Digest].self, from: Data("[\"\(text)\"]".utf8))
      }
    }
  }

  @Test("Canonical JSON sorts keys, escapes as the standard says and is read back by Foundation")
  func canonicalJSON() throws {
    let value = CanonicalJSON.object([
      "b": .list([.integer(-3), .text("\u{1}\u{1F}\n\t\"\\/é😀\u{8}\u{C}\r")]), "a": .object([:]),
      "é": .list([]),
    ])
    #expect(
      value.compact
        == #"{"a":{},"b":[-3,"\u0001\u001f\n\t\"\\/é😀\b\f\r"],"é":[]}"#)
    for text in [value.compact, value.indented] {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let list = try #require(object["b"] as? [Any])
      #expect(list[1] as? String == "\u{1}\u{1F}\n\t\"\\/é😀\u{8}\u{C}\r")
    }
    #expect(CanonicalJSON.object(["x": .integer(1)]).indented == "{\n  \"x\": 1\n}\n")
  }
}

/// A directory for one test, removed at its end.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("candor-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  try body(directory.path)
}
