import CandorDocument
import Foundation
import Testing

@Suite struct JSONWriterTests {
  @Test("JSON has sorted keys, keeps NaN, and reads back as the same value")
  func roundTrip() throws {
    let value: [String: Value] = [
      "b": .number(0.1, format: .fixed(2)), "a": .number(.infinity, format: .percent(1)),
      "c": .message(.key("k", arguments: ["n": .count(3)])),
      "d": .list([.empty, .date("2026-11-24")]),
      "e": .estimate(1.5, lower: nil, upper: 2, format: .significant(4)),
      "f": .number(0.2, format: .pValue), "g": .range(1, 2, format: .integer),
    ]
    let bytes = try JSONWriter.bytes(of: value)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(try JSONWriter.value([String: Value].self, from: bytes) == value)
    #expect(text.contains("\"percent1\"") && text.contains("\"Infinity\""))
    let positions = ["a", "b", "c", "d"].map { text.range(of: "  \"\($0)\" : {")?.lowerBound }
    #expect(!positions.contains(nil))
    #expect(positions.compactMap { $0 } == positions.compactMap { $0 }.sorted())
    #expect(try JSONWriter.bytes(of: value) == bytes)
    #expect(throws: DocumentError.self) {
      try JSONWriter.value(NumberFormat.self, from: Data("\"fixed\"".utf8))
    }
  }
}
