import CandorTestSupport
import Foundation
import Testing

@Suite("Explaining decisions")
struct ExplainTests {
  private static let examples = ReferenceValues.examples.appendingPathComponent("german-credit")
  private let study = examples.appendingPathComponent("study.yaml").path
  private let data = examples.appendingPathComponent("german-credit.csv").path

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("Rows are named by ranges, conditions and all of them, in every format")
  func selections() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let trained = try folder.run([
      "train", study, "--model", "logistic", "-o", "m.candor", "--quiet",
    ])
    #expect(trained.status == 0, "\(trained)")
    let ranged = try folder.run(["explain", "m.candor", data, "--row", "2-3,11", "--json"])
    let records = try #require(
      try JSONSerialization.jsonObject(with: Data(ranged.output.utf8)) as? [[String: Any]])
    #expect(records.compactMap { $0["row"] as? Int } == [2, 3, 11])
    let chosen = try folder.run([
      "explain", "m.candor", data, "--where", "credit_amount >= 12000", "--where",
      "purpose = car (new)", "--format", "json",
    ])
    #expect(chosen.status == 0, "\(chosen)")
    let lines = try objects(chosen.output)
    #expect(!lines.isEmpty)
    let csv = String(decoding: try Data(contentsOf: URL(fileURLWithPath: data)), as: UTF8.self)
      .split(separator: "\n")
    for line in lines {
      let row = try #require(line["row"] as? Int)
      #expect(csv[row].contains("car (new)"))
      // One answer wherever a row is asked for, evidence apart.
      let single = try folder.run(["explain", "m.candor", data, "--row", "\(row)", "--json"])
      let own = try #require(
        try JSONSerialization.jsonObject(with: Data(single.output.utf8)) as? [String: Any])
      #expect(own["pd"] as? Double == line["pd"] as? Double)
      #expect(
        try JSONSerialization.data(
          withJSONObject: own["contributions"] ?? [], options: .sortedKeys)
          == JSONSerialization.data(
            withJSONObject: line["contributions"] ?? [], options: .sortedKeys))
    }
    let all = try folder.run(["explain", "m.candor", data, "--all", "--format", "json"])
    #expect(try objects(all.output).compactMap { $0["row"] as? Int } == Array(1...1000))
    let page = try folder.run(["explain", "m.candor", data, "--row", "2", "--format", "html"])
    #expect(page.output.hasPrefix("<!DOCTYPE html>") && page.output.contains("<svg"))
    // The decision comes first, by its row.
    let heading = try #require(page.output.range(of: "Decision 2: refused</h"))
    let table = try #require(page.output.range(of: "<table"))
    #expect(heading.upperBound < table.lowerBound)
  }

  @Test("Records are told apart by the bundle that made them")
  func records() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    for (seed, bundle) in [("1", "a.candor"), ("2", "b.candor")] {
      let trained = try folder.run([
        "train", study, "--model", "logistic", "-o", bundle, "--seed", seed, "--quiet",
      ])
      #expect(trained.status == 0, "\(trained)")
    }
    let explained = try folder.run([
      "explain", "a.candor", data, "--where", "credit_amount >= 12000", "--format", "json",
    ])
    let count = try objects(explained.output).count
    #expect(count > 1)
    try folder.write(explained.output, to: "records.jsonl")
    let own = try folder.run(["verify", "a.candor", "--records", "records.jsonl"])
    #expect(own.status == 0, "\(own)")
    let other = try folder.run(["verify", "b.candor", "--records", "records.jsonl"])
    #expect(other.status == 65, "\(other)")
    #expect(
      other.errors.split(separator: "\n").count { $0.contains("was made by the bundle") } == count)
    try folder.write(explained.output + "{}\n", to: "longer.jsonl")
    let longer = try folder.run(["verify", "a.candor", "--records", "longer.jsonl"])
    #expect(longer.status == 65)
    #expect(longer.errors.contains("line \(count + 1) of longer.jsonl is no record"))
  }

  @Test("A selection that makes no sense is refused by a sentence")
  func refused() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let trained = try folder.run([
      "train", study, "--model", "logistic", "-o", "m.candor", "--quiet",
    ])
    #expect(trained.status == 0, "\(trained)")
    for (arguments, status) in [
      ([], 64), (["--row", "3", "--all"], 64), (["--row", "9-3"], 64),
      (["--where", "credit_amount"], 64), (["--where", "colour = red"], 64),
      (["--where", "credit_amount > many"], 65), (["--row", "1-1001"], 65),
      (["--where", "credit_amount > 99999999", "--format", "text"], 65),
      (["--row", "1", "--json", "--markdown"], 64), (["--row", "0"], 65),
    ] as [([String], Int32)] {
      let outcome = try folder.run(["explain", "m.candor", data] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome)")
      #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
    }
  }

  @Test("Contributions come from any method that the model allows, reasons from one")
  func methods() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let trained = try folder.run([
      "train", study, "--model", "logistic", "-o", "m.candor", "--quiet",
    ])
    #expect(trained.status == 0, "\(trained)")
    func record(_ arguments: [String]) throws -> [String: Any] {
      let outcome = try folder.run(
        ["explain", "m.candor", data, "--row", "2", "--json"] + arguments)
      #expect(outcome.status == 0, "\(outcome)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let plain = try record([])
    for (method, name) in [
      ("conditional", "conditionalLinearShapley"), ("sampled", "sampledShapley"),
      ("kernel", "kernelShapley"), ("integrated-gradients", "integratedGradients"),
      ("expected-gradients", "expectedGradients"), ("surrogate", "localSurrogate"),
      ("gradient-times-difference", "gradientTimesDifference"), ("saliency", "gradient"),
      ("portfolio-surrogate", "localSurrogate"),
      ("smooth-gradient", "smoothGradient"),
    ] {
      let found = try record(["--method", method])
      #expect(found["method"] as? String == name)
      #expect(
        (found["reasons"] as? [[String: Any]])?.compactMap { $0["subject"] as? String }
          == (plain["reasons"] as? [[String: Any]])?.compactMap { $0["subject"] as? String })
    }
    let training = try record(["--background", "training"])
    #expect((training["reference"] as? [String: Any])?["name"] as? String == "training")
    // What could be changed is verified and keeps to the study's rules.
    let recourse = try #require(plain["recourse"] as? [String: Any])
    let ways = try #require(recourse["counterfactuals"] as? [[String: Any]])
    #expect(!ways.isEmpty && ways.allSatisfy { $0["isVerified"] as? Bool == true })
    let changed = ways.flatMap { $0["changes"] as? [[String: Any]] ?? [] }
      .compactMap { $0["feature"] as? String }
    #expect(Set(changed).isDisjoint(with: ["present_residence_since", "credit_history", "job"]))
    for (method, status) in [("path-dependent", 65), ("shaply", 64)] as [(String, Int32)] {
      let refused = try folder.run([
        "explain", "m.candor", data, "--row", "2", "--method", method,
      ])
      #expect(refused.status == status, "\(refused)")
    }
    let audit = try folder.run([
      "explain", "m.candor", data, "--row", "1-12", "--audit",
    ])
    #expect(audit.status == 0 && audit.output.contains("pass"), "\(audit)")
    #expect(audit.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(
    "One applicant fits a screen of 80 columns in both languages: waterfall, reasons and a rule")
  func screen() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let trained = try folder.run([
      "train", study, "--model", "network", "-o", "m.candor", "--quiet",
    ])
    #expect(trained.status == 0, "\(trained)")
    for language in ["en", "zh"] {
      let page = try folder.run([
        "explain", "m.candor", data, "--row", "2", "--language", language,
      ])
      #expect(page.status == 0, "\(page)")
      let lines = page.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 52)
      for line in lines {
        // East Asian characters are two columns wide.
        let width = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
        #expect(width <= 80, "\(line)")
      }
      #expect(lines.count { $0.contains("◆") } == 2)
      #expect(page.output.contains(language == "en" ? "Rule: " : "规则："))
    }
    let single = try folder.run(["explain", "m.candor", data, "--row", "2", "--json"])
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(single.output.utf8)) as? [String: Any])
    let rule = try #require(record["rule"] as? [String: Any])
    let precision = try #require((rule["precision"] as? [String: Any])?["value"] as? Double)
    #expect(precision > 0.9)
    // The layers of the net are told of where explanations are audited.
    let audit = try folder.run([
      "explain", "m.candor", data, "--row", "1-12", "--audit", "--json",
    ])
    let card = try #require(
      try JSONSerialization.jsonObject(with: Data(audit.output.utf8)) as? [String: Any])
    let layers = try #require(card["conductance"] as? [[String: Any]])
    #expect(!layers.isEmpty && layers.allSatisfy { $0["incomplete"] as? Int == 0 })
    #expect(card["rows"] != nil)
  }

  @Test("A portfolio streams in text too, and all its surrogates come from one design")
  func portfolio() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let trained = try folder.run([
      "train", study, "--model", "logistic", "-o", "m.candor", "--quiet",
    ])
    #expect(trained.status == 0, "\(trained)")
    let text = try folder.run([
      "explain", "m.candor", data, "--where", "credit_amount >= 12000", "--format", "text",
    ])
    let lines = try folder.run([
      "explain", "m.candor", data, "--where", "credit_amount >= 12000", "--json", "--method",
      "surrogate",
    ])
    let records = try objects(lines.output)
    #expect(!records.isEmpty)
    #expect(text.output.components(separatedBy: "Row of the data ").count == records.count + 1)
    for record in records {
      #expect(record["method"] as? String == "localSurrogate")
      let row = try #require(record["row"] as? Int)
      // An applicant has one answer whoever else is asked for.
      let alone = try folder.run([
        "explain", "m.candor", data, "--row", "\(row)", "--json", "--method",
        "portfolio-surrogate",
      ])
      let own = try #require(
        try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any])
      #expect(
        try JSONSerialization.data(
          withJSONObject: [own["contributions"], own["fidelity"]], options: .sortedKeys)
          == JSONSerialization.data(
            withJSONObject: [record["contributions"], record["fidelity"]], options: .sortedKeys))
    }
    let none = try folder.run([
      "explain", "m.candor", data, "--where", "credit_amount > 99999999", "--json",
    ])
    #expect(none.status == 0 && none.output.isEmpty && none.errors.contains("no row"))
    let page = try folder.run(["explain", "m.candor", data, "--all", "--format", "html"])
    #expect(page.status == 64 && page.output.isEmpty)
  }
}
