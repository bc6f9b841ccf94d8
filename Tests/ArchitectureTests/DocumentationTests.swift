import Testing

/// A library's landing page.
struct LandingPage {
  /// The page's text.
  let text: String

  /// The symbols that the page links to, by their first component.
  var links: [String] {
    text.matches(of: #/(?:^|[^`])``([A-Za-z]\w*(?:\([\w:]*\))?)[^`]*``/#).map { String($0.1) }
  }
}

extension SourceFile {
  /// The names of public types and the base names of public functions at the top level.
  var publicNames: [String] {
    let pattern =
      #/
      ^(?:@\w+ \s+)* public \s+ (?:(?:indirect|final) \s+)*
      (?:struct|enum|protocol|class|func|typealias) \s+ (\w+)
      /#
    return code.lines(with: ["public"]).compactMap { line in
      line.text.firstMatch(of: pattern).map { String($0.1) }
    }
  }
}

/// The landing page of every library against the library itself.
@Suite struct DocumentationTests {
  static let libraries =
    (try? SourceFile.read("Package.swift")).map {
      FloorTable(manifest: $0).floors.map(\.name).filter { $0 != "CandorCLI" }
    } ?? []

  @Test("Every library has a page with its name, an overview, an example and topics")
  func pages() throws {
    #expect(Self.libraries.count >= 13)
    for name in Self.libraries {
      let text = try SourceFile.read("Sources/\(name)/\(name).docc/\(name).md")
      #expect(text.hasPrefix("# ``\(name)``\n\n"), "\(name)")
      for part in ["## Overview", "```swift", "import \(name)", "## Topics"] {
        #expect(text.contains("\n\(part)\n"), "\(name) lacks \(part)")
      }
    }
  }

  @Test("A page links to nothing that its library does not have", arguments: libraries)
  func links(_ name: String) throws {
    let page = LandingPage(text: try SourceFile.read("Sources/\(name)/\(name).docc/\(name).md"))
    let known = Set(
      try SourceFile.sources.get().filter { $0.target == name }.flatMap(\.publicNames) + [name])
    let unknown = page.links.filter { link in
      !known.contains(String(link.prefix { $0 != "(" }))
    }
    #expect(unknown == [])
    let topics = page.text.split(separator: "\n## Topics\n").last.map(String.init) ?? ""
    let listed = LandingPage(text: topics).links
    #expect(Set(listed).count == listed.count, "a symbol is listed twice")
  }

  @Test("Public names and links are found as they are written")
  func parsing() {
    let file = SourceFile(
      path: "Sources/A/B.swift",
      text: """
        public struct One {
          public struct Inner {}
        }
        public indirect enum Two {}
        @frozen public struct Three {}
        public func four(_ x: Int) {}
        struct Five {}
        // public struct Six {}
        public protocol Seven {}
        """)
    #expect(file.publicNames == ["One", "Two", "Three", "four", "Seven"])
    let page = LandingPage(text: "See ``One``, ``four(_:)`` and ``Two/case``; not `Code`.")
    #expect(page.links == ["One", "four(_:)", "Two"])
  }
}
