import CandorTestSupport
import Foundation
import Testing

@Suite("The tool from a CSV to a decision")
struct WorkflowTests {
  private var german: String {
    ReferenceValues.examples.appendingPathComponent("german-credit/study.yaml").path
  }

  private var germanData: String {
    ReferenceValues.examples.appendingPathComponent("german-credit/german-credit.csv").path
  }

  /// A file that nobody prepared: semicolons, quoted delimiters, missing cells, text categories.
  private static var roughCSV: String {
    var lines = ["Name;Amount requested;Purpose;Opened;Income;Defaulted"]
    for row in 1...240 {
      let purpose = ["car; new", "\"home\"", "study", ""][row % 4].replacingOccurrences(
        of: "\"", with: "\"\"")
      let income = row % 9 == 0 ? "NA" : String(1000 + row * 37 % 4000)
      let bad = (row * 7919) % 10 < (row % 4 == 0 ? 5 : 2)
      lines.append(
        "Person \(row);\(100 + row * 53 % 9000);\"\(purpose)\";2024-0\(row % 9 + 1)-1\(row % 9);"
          + "\(income);\(bad ? "yes" : "no")")
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  @Test("init alone makes a study that report takes, on a file that nobody prepared")
  func initThenReport() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Self.roughCSV, to: "rough data.csv")
    let made = try folder.run([
      "init", "rough data.csv", "--target", "Defaulted", "--bad", "yes", "-o", "study.yaml",
    ])
    #expect(made.status == 0, "\(made)")
    let study = String(decoding: try folder.read("study.yaml"), as: UTF8.self)
    #expect(study.contains("categorical"))
    #expect(study.contains("identifier"))
    let outcome = try folder.run(["report", "study.yaml", "--output", "report", "--quiet"])
    #expect(outcome.status == 0, "\(outcome)")
    let files = try folder.files(below: "report")
    for name in ["report.md", "report.json", "report.html", "manifest.json"] {
      #expect(files.contains(name), "\(files)")
    }
    let verified = try folder.run(["verify", "report"])
    #expect(verified.status == 0, "\(verified)")
  }

  @Test("A network's losses are drawn in 80 columns, and a finished training leaves no snapshot")
  func lossCurve() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let outcome = try folder.run([
      "train", german, "--model", "network", "-o", "m.candor", "--snapshot", "state",
    ])
    #expect(outcome.status == 0, "\(outcome)")
    let lines = outcome.errors.split(separator: "\n")
    for name in ["training loss", "validation loss"] {
      let line = try #require(lines.first { $0.contains(name) })
      #expect(line.count <= 80 && line.contains("(epoch "), "\(line)")
      #expect(line.count { "▁▂▃▄▅▆▇█".contains($0) } == 16, "\(line)")
    }
    #expect(try folder.files() == ["m.candor"])
  }

  @Test("A bundle scores, explains, evaluates and shows itself")
  func bundleVerbs() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let trained = try folder.run(["train", german, "--model", "svm", "-o", "m.candor"])
    #expect(trained.status == 0, "\(trained)")

    let scored = try folder.run(["score", "m.candor", germanData, "--reasons", "4"])
    #expect(scored.status == 0, "\(scored.errors)")
    let lines = scored.output.split(separator: "\n")
    #expect(lines.count == 1001)
    #expect(
      lines[0]
        == "row,pd,log_odds,points,decision,reasons_status,reason_1,reason_2,reason_3,reason_4")
    let refused = lines.filter { $0.contains(",refuse,") }
    #expect(!refused.isEmpty)
    for line in refused {
      let isForPerson = line.hasSuffix(",refuse,person,,,,")
      let hasReason =
        [",refuse,given,", ",refuse,unsettled,"].contains(where: line.contains)
        && !line.hasSuffix(",,,,")
      #expect(isForPerson != hasReason, "\(line)")
    }
    #expect(lines.filter { $0.contains(",approve,") }.allSatisfy { $0.hasSuffix(",approve,,,,,") })

    let piped = try folder.run(
      ["score", "m.candor", "-", "--reasons", "4"],
      input: Data(contentsOf: URL(fileURLWithPath: germanData)))
    #expect(piped.output == scored.output)

    let explained = try folder.run(["explain", "m.candor", germanData, "--row", "2"])
    #expect(explained.status == 0, "\(explained)")
    #expect(explained.output.contains("PD"))
    #expect(explained.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let json = try folder.run(["explain", "m.candor", germanData, "--row", "2", "--json"])
    #expect(json.status == 0)
    #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
    let several = try folder.run([
      "explain", "m.candor", germanData, "--row", "2", "--row", "11", "--row", "1", "--json",
    ])
    #expect(several.status == 0, "\(several)")
    let records = try #require(
      try JSONSerialization.jsonObject(with: Data(several.output.utf8)) as? [[String: Any]])
    #expect(records.compactMap { $0["row"] as? Int } == [2, 11, 1])
    for record in records {
      let isRefused = record["decision"] as? String == "refuse"
      #expect((record["reasonsStatus"] is String) == isRefused)
      #expect(
        (record["isSettled"] is Bool || record["referToPerson"] is String) == isRefused)
    }
    let markdown = try folder.run([
      "explain", "m.candor", germanData, "--row", "2", "--markdown", "--language", "zh",
    ])
    #expect(markdown.status == 0, "\(markdown)")
    #expect(markdown.output.contains("|"))
    let outside = try folder.run(["explain", "m.candor", germanData, "--row", "1001"])
    #expect(outside.status == 65)
    #expect(outside.errors.contains("1 to 1000"))

    let evaluated = try folder.run(["evaluate", "m.candor", germanData, "--json"])
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let evaluatedPipe = try folder.run(
      ["evaluate", "m.candor", "-", "--json"],
      input: Data(contentsOf: URL(fileURLWithPath: germanData)))
    #expect(evaluatedPipe.output == evaluated.output)
    let inspected = try folder.run(["inspect", "m.candor"])
    #expect(inspected.output.contains("linear-svm"))
    #expect(try folder.run(["verify", "m.candor"]).status == 0)
  }

  @Test("An applicant is found by identifier, and explained alike wherever it stands")
  func byIdentifier() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    #expect(
      try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"]).status == 0)
    let lines = Fault.rows().split(separator: "\n").map(String.init)
    let named = ([lines[0] + ",id"] + lines.dropFirst().enumerated().map { "\($1),A\($0 + 1)" })
    try folder.write(named.joined(separator: "\n"), to: "named.csv")
    let byRow = try folder.run(["explain", "m.candor", "loans.csv", "--row", "7", "--json"])
    let byName = try folder.run([
      "explain", "m.candor", "named.csv", "--id", "A7", "--id-column", "id", "--json",
    ])
    #expect(byRow.status == 0, "\(byRow)")
    #expect(byName.status == 0, "\(byName)")
    let first = try record(byRow.output)
    let second = try record(byName.output)
    #expect(first["pd"] as? Double == second["pd"] as? Double)
    #expect(try canonical(first["contributions"]) == canonical(second["contributions"]))
  }

  private func canonical(_ value: Any?) throws -> String {
    let array = try #require(value as? [Any])
    #expect(!array.isEmpty)
    let bytes = try JSONSerialization.data(withJSONObject: array, options: [.sortedKeys])
    return String(decoding: bytes, as: UTF8.self)
  }

  private func record(_ json: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
  }

  @Test("Levels that training never saw are scored and said")
  func unseenLevels() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    #expect(
      try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"]).status == 0)
    try folder.write("grade,amount\nc,100\na,50\n", to: "new.csv")
    let outcome = try folder.run(["score", "m.candor", "new.csv"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.split(separator: "\n").count == 3)
    #expect(outcome.errors.contains("grade") && outcome.errors.contains("\"c\""))
  }

  @Test("init says how the file must be read, and leaves out what a model cannot take")
  func initOptions() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    // "等级" in GB 18030; a grade of many names; numbers with a code for missing.
    var bytes: [UInt8] = [0xB5, 0xC8, 0xBC, 0xB6] + Array(",branch,income,default\r\n".utf8)
    for row in 1...2400 {
      let income = row % 20 == 0 ? "unknown" : String(1000 + row * 37 % 4000)
      bytes += Array("\(row % 3),b\(row % 1200)x,\(income),\(row % 4 == 0 ? 1 : 0)\r\n".utf8)
    }
    try Data(bytes).write(to: folder.url.appendingPathComponent("loans.csv"))
    let made = try folder.run([
      "init", "loans.csv", "--target", "default", "--bad", "1", "--encoding", "gb18030", "-o",
      "study.yaml",
    ])
    #expect(made.status == 0, "\(made)")
    let study = String(decoding: try folder.read("study.yaml"), as: UTF8.self)
    #expect(study.contains("\n  encoding: gb18030\n"))
    #expect(study.contains("\n  branch: {role: ignored}\n"))
    #expect(study.contains("\n  income: {type: numeric, missing: [unknown]}\n"))
    let trained = try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"])
    #expect(trained.status == 0, "\(trained)")
  }

  @Test("Outputs never overwrite the inputs, a foreign file or a foreign folder")
  func noOverwriting() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    for arguments in [
      ["train", "study.yaml", "--model", "logistic", "-o", "study.yaml"],
      ["train", "study.yaml", "--model", "logistic", "-o", "loans.csv"],
      ["init", "loans.csv", "--target", "default", "--bad", "1", "-o", "loans.csv", "--force"],
      ["report", "study.yaml", "--output", "."],
      ["report", "study.yaml", "--output", ""],
      ["report", "study.yaml", "--output", "loans.csv"],
    ] {
      let outcome = try folder.run(arguments)
      #expect(outcome.status == 73, "\(arguments): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
    #expect(try folder.files() == ["loans.csv", "study.yaml"])
    #expect(try folder.read("loans.csv") == Data(Fault.rows().utf8))
    #expect(try folder.read("study.yaml") == Data(Fault.plainStudy.utf8))
  }

  @Test("An evaluation counts rows by their weights, and says where the data have none")
  func weights() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    // Each row twice in the one file, and once with a weight of two in the other.
    let lines = Fault.rows().split(separator: "\n").map(String.init)
    let weighted = [lines[0] + ",weight"] + lines.dropFirst().map { $0 + ",2" }
    try folder.write(weighted.joined(separator: "\n") + "\n", to: "loans.csv")
    let twice = [lines[0]] + lines.dropFirst() + lines.dropFirst()
    try folder.write(twice.joined(separator: "\n") + "\n", to: "twice.csv")
    try folder.write(
      """
      data: {path: loans.csv}
      target: {column: default, bad: 1}
      columns: {weight: {role: weight}}
      """, to: "study.yaml")
    let trained = try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"])
    #expect(trained.status == 0, "\(trained)")
    let one = try folder.run(["evaluate", "m.candor", "loans.csv", "--json"])
    #expect(one.status == 0, "\(one)")
    #expect(one.errors.contains("trained on") && !one.errors.contains("\"weight\""))
    let two = try folder.run(["evaluate", "m.candor", "twice.csv", "--json"])
    #expect(two.status == 0, "\(two)")
    #expect(two.errors.contains("\"weight\""))
    let cells = ["refusedBads", "refusedGoods", "approvedBads", "approvedGoods"]
    var total = 0.0
    for measure in cells {
      let counts = try [one, two].map { outcome -> Double in
        let confusion = try #require(try record(outcome.output)["confusion"] as? [String: Any])
        return try #require(confusion[measure] as? Double)
      }
      #expect(counts[0] == counts[1], "\(measure)")
      total += counts[0]
    }
    #expect(total == 80)
  }

  @Test("Control characters of data do not reach the terminal")
  func controlCharacters() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write(Fault.rows(), to: "loans.csv")
    try folder.write(Fault.plainStudy, to: "study.yaml")
    #expect(
      try folder.run(["train", "study.yaml", "--model", "logistic", "-o", "m.candor"]).status == 0)
    try folder.write("grade,amount\n\u{1B}[2Jb\u{9B}1m,100\n", to: "new.csv")
    let outcome = try folder.run(["explain", "m.candor", "new.csv", "--row", "1"])
    #expect(outcome.status == 0, "\(outcome)")
    for text in [outcome.output, outcome.errors] {
      #expect(
        text.unicodeScalars.allSatisfy {
          $0 == "\n" || $0.properties.generalCategory != .control
        })
    }
    #expect(outcome.output.contains("\\u{1B}[2Jb\\u{9B}1m"))
  }
}
