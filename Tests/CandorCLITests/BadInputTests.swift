import CandorTestSupport
import Foundation
import Testing

/// One fault of a data file, and what the complaint must name.
struct Fault: Sendable, CustomTestStringConvertible {
  let name: String
  let csv: String
  var study: String = Fault.plainStudy
  let mentions: [String]

  var testDescription: String { name }

  static let plainStudy = """
    data: {path: loans.csv}
    target: {column: default, bad: 1}
    columns: {amount: {type: numeric}}
    models: {logistic: {}}
    """

  /// Forty rows without a fault: two features, and outcomes that get worse with the amount.
  static func rows(_ change: (Int, String) -> String = { _, row in row }) -> String {
    "amount,grade,default\n"
      + (1...40).map { change($0, row($0)) }
      .joined(separator: "\n") + "\n"
  }

  private static func row(_ number: Int) -> String {
    let isBad = (number * 23) % 40 + number > 42
    return "\(number * 10),\(number % 3 == 0 ? "a" : "b"),\(isBad ? 1 : 0)"
  }

  static let all: [Fault] = [
    Fault(
      name: "ragged row", csv: rows { $0 == 5 ? "50,a" : $1 },
      mentions: ["loans.csv:6", "2", "3"]),
    Fault(
      name: "unparsable number", csv: rows { $0 == 7 ? "7O,a,0" : $1 },
      mentions: ["loans.csv:8", "amount", "7O"]),
    Fault(
      name: "infinite number", csv: rows { $0 == 3 ? "inf,a,0" : $1 },
      mentions: ["loans.csv:4", "amount", "inf"]),
    Fault(
      name: "not a number", csv: rows { $0 == 3 ? "NaN,a,0" : $1 },
      mentions: ["loans.csv:4", "amount", "NaN"]),
    Fault(
      name: "unknown target value", csv: rows { $0 == 9 ? "90,a,perhaps" : $1 },
      mentions: ["loans.csv:10", "default", "perhaps"]),
    Fault(
      name: "target value that does not occur", csv: rows(),
      study: plainStudy.replacingOccurrences(of: "bad: 1", with: "bad: 2"),
      mentions: ["loans.csv", "default", "2"]),
    Fault(
      name: "one class only", csv: rows { row, _ in "\(row),a,1" },
      mentions: ["loans.csv", "default", "class"]),
    Fault(
      name: "missing target", csv: rows { $0 == 11 ? "110,a," : $1 },
      mentions: ["loans.csv:12", "default"]),
    Fault(
      name: "missing target column", csv: rows(),
      study: plainStudy.replacingOccurrences(of: "column: default", with: "column: defualt"),
      mentions: ["loans.csv", "defualt", "did you mean \"default\""]),
    Fault(
      name: "duplicate header",
      csv: rows().replacingOccurrences(of: "amount,grade", with: "grade,grade"),
      study: plainStudy.replacingOccurrences(
        of: "columns: {amount: {type: numeric}}\n", with: ""),
      mentions: ["loans.csv:1", "grade"]),
    Fault(name: "empty file", csv: "", mentions: ["loans.csv", "empty"]),
    Fault(
      name: "header without rows", csv: "amount,grade,default\n", mentions: ["loans.csv"]),
    Fault(name: "binary file", csv: "PK\u{3}\u{4}\0\0\0\0binary", mentions: ["loans.csv"]),
    Fault(
      name: "unclosed quote", csv: rows { $0 == 13 ? "\"130,a,0" : $1 },
      mentions: ["loans.csv:14"]),
    Fault(
      name: "column of the study that is not there", csv: rows(),
      study: plainStudy.replacingOccurrences(of: "{amount:", with: "{amuont:"),
      mentions: ["amuont", "did you mean \"amount\""]),
  ]
}

@Suite("Bad input")
struct BadInputTests {
  @Test(
    "Ends in one sentence, an exit code of sysexits and no file", arguments: Fault.all)
  func oneSentence(fault: Fault) throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(fault.csv, to: "loans.csv")
    try folder.write(fault.study, to: "study.yaml")
    let outcome = try folder.run(["report", "study.yaml", "--output", "report"])
    #expect((64...78).contains(outcome.status), "\(outcome)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("candor: "))
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    for word in fault.mentions {
      #expect(outcome.errors.contains(word), "\(word) in \(outcome.errors)")
    }
    #expect(try folder.files() == ["loans.csv", "study.yaml"])
  }

  @Test("A protected column as an input is refused, with what to do")
  func protectedInput() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(
      """
      data: {path: loans.csv}
      target: {column: default, bad: 1}
      columns: {grade: {role: protected}}
      features: [amount, grade]
      """, to: "study.yaml")
    let outcome = try folder.run(["report", "study.yaml", "--output", "report"])
    #expect(outcome.status == 78)
    #expect(outcome.errors.contains("study.yaml:4"))
    #expect(outcome.errors.contains("lawful_basis"))
    #expect(try folder.files() == ["loans.csv", "study.yaml"])
  }

  @Test("Data that need more memory than the limit are refused early with code 69")
  func memoryLimit() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    for line in [
      "report study.yaml --output report", "train study.yaml --model logistic --output m.candor",
      "compare study.yaml",
    ] {
      let outcome = try folder.run(
        line.split(separator: " ").map(String.init) + ["--memory-limit", "1M"])
      #expect(outcome.status == 69, "\(outcome)")
      #expect(outcome.errors.contains("loans.csv") && outcome.errors.contains("1 MB"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    let wrong = try folder.run(["compare", "study.yaml", "--memory-limit", "much"])
    #expect(wrong.status == 64)
    #expect(try folder.files() == ["loans.csv", "study.yaml"])
  }

  @Test("Ctrl-C ends a long run within a second with code 130, one sentence and no file")
  func interrupted() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(
      Fault.plainStudy.replacingOccurrences(
        of: "{logistic: {}}", with: "{network: {epochs: 100000, patience: none}}"),
      to: "study.yaml")
    let outcome = try folder.run(
      ["report", "study.yaml", "--output", "report"], interruptedAfter: 1.5)
    #expect(outcome.status == 130, "\(outcome)")
    #expect(outcome.errors == "candor: Interrupted; nothing was written.\n")
    #expect(try folder.files() == ["loans.csv", "study.yaml"])
  }

  @Test(
    "Files that are not there, and wrong usage, have their own exit codes",
    arguments: [
      ("report none.yaml --output r", 66),
      ("inspect none.candor", 66),
      ("verify none", 66),
      ("report", 64),
      ("explain m.candor a.csv", 64),
      ("explain m.candor a.csv --row 1 --permutations 63", 64),
      ("score m.candor a.csv --permutations 100001", 64),
      ("no-such-verb", 64),
    ] as [(String, Int32)])
  func exitCodes(line: String, status: Int32) throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let outcome = try folder.run(line.split(separator: " ").map(String.init))
    #expect(outcome.status == status, "\(outcome)")
    #expect(!outcome.errors.isEmpty)
    #expect(try folder.files().isEmpty)
  }

  @Test("A bundle that is cut short or altered is refused and never crashes")
  func hostileBundles() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    let trained = try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"])
    #expect(trained.status == 0, "\(trained)")
    let bytes = [UInt8](try folder.read("m.candor"))
    for length in [0, 4, 8, 60, bytes.count / 2, bytes.count - 1] {
      try Data(bytes.prefix(length)).write(to: folder.url.appendingPathComponent("cut.candor"))
      let outcome = try folder.run(["score", "cut.candor", "loans.csv"])
      #expect((64...78).contains(outcome.status), "\(length): \(outcome)")
    }
    for position in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
      var altered = bytes
      altered[position] ^= 0x55
      try Data(altered).write(to: folder.url.appendingPathComponent("altered.candor"))
      let outcome = try folder.run(["inspect", "altered.candor"])
      #expect(outcome.status == 0 || (64...78).contains(outcome.status), "\(position): \(outcome)")
    }
    // A byte of the numbers, which only the hash of the contents can see.
    let header = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    for position in [8 + header, (8 + header + bytes.count) / 2, bytes.count - 1] {
      var altered = bytes
      altered[position] ^= 1
      try Data(altered).write(to: folder.url.appendingPathComponent("altered.candor"))
      let outcome = try folder.run(["verify", "altered.candor"])
      #expect(outcome.status == 65, "\(position): \(outcome)")
      #expect(outcome.errors.contains("altered"))
    }
  }

  @Test(
    "Results that cannot be written end with EX_IOERR, a reader that has enough with 0",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func failedWrites() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    let trained = try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"])
    #expect(trained.status == 0, "\(trained)")
    try folder.write(
      "amount,grade\n" + String(repeating: "10,a\n", count: 50_000), to: "many.csv")
    #expect(try shell("\"$TOOL\" score m.candor loans.csv > /dev/full", in: folder) == 74)
    #expect(try shell("\"$TOOL\" inspect m.candor --json > /dev/full", in: folder) == 74)
    #expect(
      try shell(
        "{ \"$TOOL\" score m.candor many.csv; echo $? > status; } | head -1 > /dev/null", in: folder
      )
        == 0)
    #expect(String(decoding: try folder.read("status"), as: UTF8.self) == "0\n")
  }

  private func shell(_ script: String, in folder: ToolFolder) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = folder.url
    process.environment = ["TOOL": ToolFolder.tool.path, "PATH": "/usr/bin:/bin"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
