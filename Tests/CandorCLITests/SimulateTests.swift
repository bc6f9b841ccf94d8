import CandorTestSupport
import Foundation
import Testing

@Suite("candor simulate loans")
struct SimulateTests {
  private func isSame(_ one: Data, _ other: Data) -> Bool { one == other }

  @Test("Writes a file that init takes, the same bytes at any number of threads and to a pipe")
  func workflow() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let arguments = ["simulate", "loans", "--rows", "5000", "--seed", "7", "--features", "23"]
    let outcome = try folder.run(arguments + ["--output", "new/loans.csv", "--threads", "2"])
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.errors.contains("5000 rows, 24 columns"))
    #expect(try folder.files() == ["new/loans.csv"])
    let pipe = try folder.run(arguments + ["--threads", "1"])
    #expect(pipe.status == 0 && pipe.errors.isEmpty)
    #expect(isSame(Data(pipe.output.utf8), try folder.read("new/loans.csv")))
    let study = try folder.run(["init", "new/loans.csv", "--target", "default", "--bad", "1"])
    #expect(study.status == 0, "\(study)")
    #expect(study.output.contains("debt_to_income"))
  }

  @Test("Every planted part is written, and the true effects beside the data")
  func planted() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let outcome = try folder.run([
      "simulate", "loans", "--rows", "50", "--drift", "--bias", "--proxies", "--truth",
      "--identifier", "--effects", "effects.json", "-o", "loans.csv", "--quiet",
    ])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    let text = String(decoding: try folder.read("loans.csv"), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 51)
    #expect(lines[0].hasPrefix("loan_id,period,group,amount,"))
    #expect(lines[0].hasSuffix(",phone_plan,default,true_pd,true_log_odds"))
    #expect(lines[1].hasPrefix("1,20"))
    let object = try JSONSerialization.jsonObject(with: folder.read("effects.json"))
    let effects = try #require(object as? [String: Any])
    #expect((effects["features"] as? [Any])?.count == 31)
    #expect(effects["drift"] != nil && effects["group"] != nil)
  }

  @Test("Ctrl-C takes back what was written so far")
  func interrupted() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let outcome = try folder.run(
      ["simulate", "loans", "--rows", "5000000", "--output", "loans.csv"], interruptedAfter: 0.5)
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("Interrupted; nothing was written."))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
  }

  @Test("Replaces a file only when told to")
  func force() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    try folder.write("mine", to: "loans.csv")
    let arguments = ["simulate", "loans", "--rows", "3", "--output", "loans.csv"]
    let refused = try folder.run(arguments)
    #expect(refused.status == 73)
    #expect(refused.errors.contains("--force"))
    #expect(isSame(try folder.read("loans.csv"), Data("mine".utf8)))
    let forced = try folder.run(arguments + ["--force"])
    #expect(forced.status == 0, "\(forced)")
    #expect(try folder.read("loans.csv").count > 300)
    #expect(try folder.files() == ["loans.csv"])
  }

  @Test(
    "Wrong options end in a sentence, an exit code and no file",
    arguments: [
      (["--rows", "0"], 64, "--rows must be at least 1; found 0."),
      (["--rows", "10", "--features", "9"], 64, "--features must be between 10 and 200; found 9."),
      (["--rows", "10", "--features", "201"], 64, "found 201."),
      (["--rows", "many"], 64, "many"), ([], 64, "--rows"),
      (["--rows", "3", "--seed", "-1"], 64, "--seed"),
      (["--rows", "3", "--output", "."], 73, "folder"),
      (["--rows", "3", "--output", ""], 73, "empty name"),
      (["--rows", "3", "--output", "a.csv", "--effects", "."], 73, "folder"),
      (["--rows", "3", "--output", "a.csv", "--effects", "a.csv"], 73, "a.csv"),
    ] as [([String], Int32, String)])
  func refused(_ options: [String], _ status: Int32, _ sentence: String) throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let outcome = try folder.run(["simulate", "loans"] + options)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(try folder.files() == [])
  }
}
