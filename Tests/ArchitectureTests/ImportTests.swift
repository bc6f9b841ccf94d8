import Testing

/// The floor table against the imports of every file.
@Suite struct ImportTests {
  let table: FloorTable
  let files: [SourceFile]
  let rules: ImportRules

  init() throws {
    table = FloorTable(manifest: try SourceFile.read("Package.swift"))
    files = try SourceFile.sources.get()
    rules = ImportRules(table: table)
  }

  @Test("The table lists every target folder that holds Swift files, and none besides")
  func tableIsWhole() {
    #expect(Set(files.map(\.target)) == Set(table.floors.map(\.name)))
    #expect(Set(table.systemLibraries) == ["CLAPACK", "CZlib"])
    #expect(table.targetsInC == ["CCandorKernels"])
  }

  @Test("The table itself leads downwards only")
  func entriesLeadDown() { #expect(rules.upwardEntries() == []) }

  @Test("A target imports only what its entry lists")
  func importsAreListed() { #expect(rules.unlisted(in: files) == []) }

  @Test("A target imports lower floors only")
  func importsLeadDown() { #expect(rules.upward(in: files) == []) }

  @Test("Other people's modules have one door each and are imported there alone")
  func doors() {
    #expect(rules.sharedDoors() == [])
    #expect(rules.besideTheDoor(in: files) == [])
  }

  @Test("Nothing else is imported than ours, what has a door, and the toolchain")
  func nothingUnknown() { #expect(rules.unknown(in: files) == []) }

  @Test("LAPACK's C symbols are seen by two files")
  func lapack() {
    #expect(
      rules.imports(of: "CLAPACK", outside: ["BLAS.swift", "LAPACK.swift"], in: files) == [])
  }

  @Test("zlib's C symbols are seen by one file")
  func zlib() {
    #expect(rules.imports(of: "CZlib", outside: ["GzipStream.swift"], in: files) == [])
  }

  @Test("Our kernels in C are seen by their Swift sides alone")
  func kernelsInC() {
    #expect(
      rules.imports(
        of: "CCandorKernels",
        outside: [
          "VectorLevel.swift", "SeparatorKernel.swift", "DecimalKernel.swift",
          "DistinctNumbersKernel.swift", "RecordKernel.swift", "ScoringKernel.swift",
        ], in: files) == [])
  }

  @Test("Explanations know no family of models")
  func explanationsAreBlindToModels() {
    #expect(rules.imports(of: "CandorModels", by: "CandorExplanation", in: files) == [])
    #expect(table.floor(named: "CandorExplanation")?.ours.contains("CandorModels") == false)
  }
}

/// Planted texts: the rules find what they are there to find.
@Suite struct ImportRuleTests {
  static let manifest = """
    let yaml = Target.Dependency.product(
      name: "Yaml", package: "yaml")
    let libraries: [Floor] = [
      Floor(name: "Low", level: 1, ours: ["CBlas"]),
      Floor(
        name: "Models", level: 4,
        ours: [
          "Low",
        ], embeds: ["a.json"]),
      Floor(name: "Views", level: 4, ours: ["Low"], doors: [yaml], embeds: ["b.json"]),
    ]
    let tool = Floor(name: "Tool", level: 9, ours: ["Low", "Views"])
    targets: [.systemLibrary(name: "CBlas"), .target(name: "CLoops")]
    """
  let rules = ImportRules(table: FloorTable(manifest: manifest))

  private func file(_ path: String, _ text: String) -> [SourceFile] {
    [SourceFile(path: "Sources/" + path, text: text)]
  }

  @Test("The parser reads names, levels, lists and doors over any line breaks")
  func parser() {
    #expect(
      rules.table.floors == [
        .init(name: "Low", level: 1, ours: ["CBlas"], doors: []),
        .init(name: "Models", level: 4, ours: ["Low"], doors: []),
        .init(name: "Views", level: 4, ours: ["Low"], doors: ["Yaml"]),
        .init(name: "Tool", level: 9, ours: ["Low", "Views"], doors: []),
      ])
    #expect(rules.table.systemLibraries == ["CBlas"])
    #expect(rules.table.targetsInC == ["CLoops"])
    #expect(rules.table.level(of: "CLoops") == 0)
  }

  @Test("Every form of import is seen, comments and literals are not")
  func importForms() {
    let text = """
      import A
      public import B
        @_exported public import C
      @testable import D
      import struct E.Inner
      import F; import G
      // import H
      let text = "import I"
      /* import J */ import K
      let important = 1
      """
    #expect(
      SourceFile(path: "Sources/X/x.swift", text: text).imports.map(\.module)
        == ["A", "B", "C", "D", "E", "F", "G", "K"])
  }

  @Test("An import that the entry does not list is found")
  func unlisted() {
    #expect(
      rules.unlisted(in: file("Tool/T.swift", "import Low\nimport Models"))
        == ["Sources/Tool/T.swift:2: Tool imports Models"])
    #expect(rules.unlisted(in: file("Low/L.swift", "public import CBlas\nimport Yaml")) == [])
  }

  @Test("An import of an equal or a higher floor is found")
  func upward() {
    #expect(rules.upward(in: file("Views/V.swift", "import Models")).count == 1)
    #expect(rules.upward(in: file("Low/L.swift", "package import Views")).count == 1)
    #expect(rules.upward(in: file("Views/V.swift", "import Low")) == [])
  }

  @Test("An entry that leads upwards or nowhere is found")
  func upwardEntries() {
    let manifest = """
      Floor(name: "A", level: 2, ours: ["B", "Gone"])
      Floor(name: "B", level: 2, ours: [])
      """
    #expect(
      ImportRules(table: FloorTable(manifest: manifest)).upwardEntries()
        == ["A on floor 2 lists B", "A on floor 2 lists Gone"])
  }

  @Test("Another door for a third-party module is found, in code and in the table")
  func doors() {
    #expect(rules.besideTheDoor(in: file("Low/L.swift", "import Yaml")).count == 1)
    #expect(rules.besideTheDoor(in: file("Views/V.swift", "import Yaml")) == [])
    let twice =
      Self.manifest + "\nFloor(name: \"More\", level: 5, ours: [\"Low\"], doors: [yaml])"
    #expect(ImportRules(table: FloorTable(manifest: twice)).sharedDoors() == ["Yaml"])
  }

  @Test("A module that nobody declared is found")
  func unknown() {
    #expect(rules.unknown(in: file("Low/L.swift", "import Foundation\nimport Logging")).count == 1)
  }

  @Test("A file or a target that must not see a module is found")
  func singleFiles() {
    let planted = file("Low/Other.swift", "import CBlas")
    #expect(rules.imports(of: "CBlas", outside: ["Blas.swift"], in: planted).count == 1)
    #expect(rules.imports(of: "CBlas", outside: ["Other.swift"], in: planted) == [])
    #expect(rules.imports(of: "CBlas", by: "Low", in: planted).count == 1)
    #expect(rules.imports(of: "CBlas", by: "Views", in: planted) == [])
  }
}
