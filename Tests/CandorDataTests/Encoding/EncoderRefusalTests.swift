import CandorData
import Foundation
import Testing

@Suite struct EncoderRefusalTests {
  @Test("What cannot be fitted or encoded is refused by a sentence")
  func refusals() throws {
    let table = try EncoderTests.mixed()
    let names = try Table(columns: [
      Column(name: "id", texts: (0..<50).map { "customer \($0)" }),
      Column(name: "inf", numbers: [Double](repeating: .infinity, count: 50)),
    ])
    let encoder = try Encoder.fit(table, features: ["amount", "housing"])
    var narrow = EncodingOptions()
    narrow.maximumLevels = 20
    var rare = EncodingOptions()
    rare.rareLevelShare = 1
    var clip = EncodingOptions()
    clip.winsorise = Winsorising(lower: 0.9, upper: 0.1)
    var bins = EncodingOptions()
    bins.numeric = .weightOfEvidence(maximumBins: 1)
    var misspelt = EncodingOptions()
    misspelt.perFeature = ["amuont": EncodingOptions.Override()]
    let faults: [(DataError.Code, () throws -> Void)] = [
      (.missingColumn, { _ = try Encoder.fit(table, features: ["amuont"]) }),
      (.badOption, { _ = try Encoder.fit(table, features: []) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount", "amount"]) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount"], rows: [6]) }),
      (.tooFewRows, { _ = try Encoder.fit(table, features: ["amount"], rows: []) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount"], weights: [1]) }),
      (
        .unknownTargetValue,
        { _ = try Encoder.fit(table, features: ["amount"], targets: [0, 1, 2, 0, 0, 0]) }
      ),
      (.badOption, { _ = try Encoder.fit(names, features: ["id"], options: narrow) }),
      (.notFinite, { _ = try Encoder.fit(names, features: ["inf"]) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount"], options: rare) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount"], options: clip) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount"], options: bins) }),
      (.badOption, { _ = try Encoder.fit(table, features: ["amount"], options: misspelt) }),
      (.missingColumn, { _ = try encoder.encode(names) }),
      (
        .wrongType,
        {
          _ = try encoder.encode(
            Table(columns: [
              Column(name: "amount", texts: ["a"]), Column(name: "housing", texts: ["a"]),
            ]))
        }
      ),
      (
        .notFinite,
        {
          _ = try encoder.encode(
            Table(columns: [
              Column(name: "amount", numbers: [.infinity]), Column(name: "housing", texts: ["a"]),
            ]))
        }
      ),
      (.badOption, { _ = try encoder.encode(table, rows: [-1]) }),
    ]
    for (index, (code, action)) in faults.enumerated() {
      let error = #expect(throws: DataError.self, "fault \(index)") { try action() }
      #expect(error?.code == code, "fault \(index): \(error?.description ?? "")")
    }
  }

  @Test("A feature with too many levels is refused with what a study's author can do")
  func tooManyLevels() throws {
    let names = try Table(columns: [
      Column(name: "id", texts: (0..<1001).map { "customer \($0)" })
    ])
    let error = #expect(throws: DataError.self) { try Encoder.fit(names, features: ["id"]) }
    let text = try #require(error?.description)
    for part in ["\"id\"", "1001 levels", "1000", "role: ignored", "rare_levels: 0.01"] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(!text.contains("maximumLevels"))
  }

  @Test("A tampered encoder that would divide by zero is not read")
  func tampered() throws {
    let table = try Table(columns: [Column(name: "x", numbers: [1, 2, 3])])
    var options = EncodingOptions()
    options.scaling = .minMax
    let encoder = try Encoder.fit(table, features: ["x"], options: options)
    let text = try #require(String(data: try JSONEncoder().encode(encoder), encoding: .utf8))
    let tampered = text.replacingOccurrences(of: "\"scale\":2", with: "\"scale\":0")
    #expect(tampered != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Encoder.self, from: Data(tampered.utf8))
    }
  }
}
