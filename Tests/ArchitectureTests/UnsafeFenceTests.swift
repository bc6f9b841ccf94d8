import Testing

/// Where code may stand that the compiler cannot check, and what may stand nowhere.
enum UnsafeFence {
  /// Files outside kernels that may say `unsafe`, and why.
  static let files: [String: String] = [
    "BLAS.swift": "calls C with pointers to matrices",
    "LAPACK.swift": "calls C with pointers to matrices",
    "GzipStream.swift": "calls C with pointers to buffers",
    "MappedFile.swift": "maps a file into memory",
    "ParallelBlocks.swift": "shares one array between threads in disjoint blocks",
  ]

  static func isInside(_ file: SourceFile) -> Bool {
    file.name.hasSuffix("Kernel.swift") || files[file.name] != nil
  }

  /// `unsafe` in any spelling and any place of a word, and the ways round the checks of threads.
  static func violations(in file: SourceFile) -> [String] {
    isInside(file) ? [] : file.matches(of: #/[uU]nsafe|@unchecked/#, with: ["nsafe", "@unchecked"])
  }

  /// What can stop the program, or opens a module to its tests.
  static func forbidden(in file: SourceFile) -> [String] {
    file.matches(
      of: #/\btry!|\bfatalError\s*\(|\bas!|\bunsafeFlags\b|@testable\b/#,
      with: ["try!", "fatalError", "as!", "unsafeFlags", "@testable"])
  }
}

@Suite struct UnsafeFenceTests {
  @Test("Unsafe code stands in kernels and in the named files alone")
  func fence() throws {
    let found = try SourceFile.sources.get().flatMap(UnsafeFence.violations)
    #expect(found == [])
  }

  @Test("Threads are never told to trust a value, not even in kernels")
  func noUncheckedAnywhere() throws {
    let files = try SourceFile.sources.get()
    #expect(
      files.flatMap {
        $0.matches(of: #/@unchecked|nonisolated\(unsafe\)/#, with: ["@unchecked", "nonisolated"])
      } == [])
  }

  @Test("Nothing traps on purpose, and nothing is opened to tests")
  func nothingForbidden() throws {
    let files =
      try SourceFile.sources.get() + SourceFile.tests.get()
      + [SourceFile(path: "Package.swift", text: SourceFile.read("Package.swift"))]
    #expect(files.flatMap(UnsafeFence.forbidden) == [])
  }

  @Test(
    "A planted violation is found",
    arguments: [
      "let x = unsafe y", "values.withUnsafeBufferPointer { _ in }",
      "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1",
      "let s = \"\\(unsafe y)\"",
    ])
  func plantedUnsafe(_ text: String) {
    #expect(
      UnsafeFence.violations(in: SourceFile(path: "Sources/A/B.swift", text: text)).count == 1)
    #expect(
      UnsafeFence.violations(in: SourceFile(path: "Sources/A/BKernel.swift", text: text)) == [])
  }

  @Test(
    "A planted trap is found",
    arguments: [
      "let x = try! f()", "fatalError(\"no\")", "let y = x as! Int", "@testable import Candor",
      ".unsafeFlags([\"-O\"])", "print(\"\\(x as! Int)\")",
    ])
  func plantedTrap(_ text: String) {
    #expect(
      UnsafeFence.forbidden(in: SourceFile(path: "Sources/A/BKernel.swift", text: text)).count == 1)
  }

  @Test(
    "Words in comments and literals are no violation",
    arguments: [
      "// unsafe, fatalError( and try!", "let s = \"an unsafe word, try! it\"",
      "/* a /* nested */ unsafe */ let a = 1", "let s = #\"raw \" unsafe as! \"#",
      "let s = \"\"\"\n  unsafe \"quoted\" try!\n  \"\"\"", "let s = \"escaped \\\" unsafe\"",
      "let unsaved = 1 // as! Int",
    ])
  func wordsAreNoCode(_ text: String) {
    let file = SourceFile(path: "Sources/A/B.swift", text: text)
    #expect(UnsafeFence.violations(in: file) + UnsafeFence.forbidden(in: file) == [])
  }

  @Test("Blanking keeps lines, and code after a literal or comment")
  func blanking() {
    let source = "let a = \"x\\(f(\"y\", (1)))z\" + b\n/* c\n */ unsafe d #if e\n#\"\\n\"# f"
    #expect(
      SwiftCode(source).text
        == "let a =    (f(   , (1)))   + b\n    \n    unsafe d #if e\n       f")
  }
}
