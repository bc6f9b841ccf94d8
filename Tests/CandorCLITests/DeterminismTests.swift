import CandorTestSupport
import Foundation
import Testing

@Suite("Same seed, same bytes")
struct DeterminismTests {
  private static let study = """
    name: Small
    data: {path: DATA}
    target: {column: credit, bad: bad, good: good}
    columns: {age: {role: protected, bands: [25, 40]}, sex: {role: protected},
      status_sex: {role: protected}, foreign_worker: {role: protected}}
    models:
      logistic: {}
      svm: {}
      forest: {trees: 40}
      network: {hidden: [16], epochs: 5}
    explain: {rows: 50, repeats: 3, permutations: 64}
    report: {languages: [en, zh]}
    """

  @Test("A report and its models have the same bytes at one thread and at two, times apart")
  func threads() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let data = ReferenceValues.examples.appendingPathComponent("german-credit/german-credit.csv")
    try folder.write(
      Self.study.replacingOccurrences(of: "DATA", with: data.path), to: "study.yaml")
    for threads in ["1", "2"] {
      let outcome = try folder.run([
        "report", "study.yaml", "--output", "with-\(threads)", "--threads", threads,
      ])
      #expect(outcome.status == 0, "\(outcome)")
    }
    let files = try folder.files(below: "with-1")
    #expect(files == (try folder.files(below: "with-2")))
    #expect(files.contains { $0.hasSuffix(".candor") })
    for file in files where file != "manifest.json" {
      // A plain truth value: the test library would otherwise work out a difference of megabytes.
      let isSame = try folder.read("with-1/\(file)") == folder.read("with-2/\(file)")
      #expect(isSame, "\(file) differs")
    }
    #expect(try clockless("with-1", folder) == clockless("with-2", folder))
  }

  @Test("Another seed gives another split, and so another report")
  func seeds() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let data = ReferenceValues.examples.appendingPathComponent("german-credit/german-credit.csv")
    try folder.write(
      Self.study.replacingOccurrences(of: "DATA", with: data.path), to: "study.yaml")
    for seed in ["1", "2"] {
      let outcome = try folder.run([
        "train", "study.yaml", "--model", "logistic", "--seed", seed, "-o", "m\(seed).candor",
      ])
      #expect(outcome.status == 0, "\(outcome)")
    }
    let isSame = try folder.read("m1.candor") == folder.read("m2.candor")
    #expect(!isSame)
  }

  private func clockless(_ report: String, _ folder: ToolFolder) throws -> String {
    let object = try JSONSerialization.jsonObject(with: folder.read("\(report)/manifest.json"))
    var manifest = object as? [String: Any] ?? [:]
    #expect(manifest["clock"] != nil)
    manifest["clock"] = nil
    let bytes = try JSONSerialization.data(withJSONObject: manifest, options: [.sortedKeys])
    return String(decoding: bytes, as: UTF8.self)
  }
}
