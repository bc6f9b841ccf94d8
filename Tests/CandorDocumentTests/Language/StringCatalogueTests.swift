import CandorDocument
import Foundation
import Testing

@Suite struct StringCatalogueTests {
  private func localizer(_ json: String) throws -> Localizer {
    Localizer(catalogue: try StringCatalogue(language: .english, json: Data(json.utf8)))
  }

  @Test("Placeholders are filled with typed values, code stays code")
  func placeholders() throws {
    let localizer = try localizer(
      #"{"a": "{n} rows of `x` in {file}: {share}", "b": "inner"}"#)
    let message = Message.key(
      "a",
      arguments: [
        "n": .count(30000), "file": .code("a.csv"),
        "share": .list([.number(0.5, format: .percent(0)), .key("b"), .strong(.text("s"))]),
      ])
    #expect(try localizer.string(message) == "30,000 rows of x in a.csv: 50%, inner, s")
    #expect(try localizer.inlines(message).contains(.code("a.csv")))
    #expect(try localizer.inlines(message).contains(.strong([.text("s")])))
    #expect(try localizer.catalogue.placeholders(of: "a") == ["file", "n", "share"])
  }

  @Test("A missing key, a missing argument and a spare argument are errors")
  func errors() throws {
    let localizer = try localizer(#"{"a": "{n} rows"}"#)
    func code(_ message: Message) -> DocumentError.Code? {
      do {
        _ = try localizer.string(message)
        return nil
      } catch { return error.code }
    }
    #expect(code(.key("z")) == .missingKey)
    #expect(code(.key("a")) == .missingArgument)
    #expect(code(.key("a", arguments: ["n": .count(1), "m": .count(2)])) == .unusedArgument)
    #expect(code(.key("a", arguments: ["n": .count(1)])) == nil)
    #expect(throws: DocumentError.self) {
      try StringCatalogue(language: .english, json: Data("[1]".utf8))
    }
  }
}
