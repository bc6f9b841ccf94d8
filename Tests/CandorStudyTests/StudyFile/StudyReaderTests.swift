import Candor
import CandorData
import CandorScoring
import CandorStudy
import CandorTestSupport
import Foundation
import Testing

@Suite("Reading study files")
struct StudyReaderTests {
  private func read(_ text: String) throws -> Study {
    try StudyReader.read(text: text, file: "study.yaml")
  }

  private func complaint(_ text: String) -> StudyError? {
    do {
      _ = try StudyReader.read(text: text, file: "study.yaml")
      return nil
    } catch {
      return error
    }
  }

  private let smallest = """
    data: {path: loans.csv}
    target: {column: default, bad: 1}
    """

  @Test("Two lines are a study, and everything else has a default")
  func smallestStudy() throws {
    let study = try read(smallest)
    #expect(study.name == "loans.csv")
    #expect(study.target.bad == "1")
    #expect(study.models.map(\.family) == ["logistic", "svm", "forest", "network"])
    #expect(study.split == .stratified(testShare: 0.3))
    #expect(study.champion == "best")
    #expect(study.explain.dropColumns == 3)
  }

  @Test("Every part of a study is read")
  func fullStudy() throws {
    let study = try read(
      """
      name: Full
      data: {path: a.csv, missing: ["", "?"], delimiter: tab, encoding: gb18030}
      target: {column: y, bad: bad, good: good}
      columns:
        age: {role: protected, bands: [25, 40]}
        grade: {type: ordinal, levels: [a, b]}
        amount: {direction: increasing, thousands: ","}
      groups: {size: [amount, grade]}
      reasons: {size: {code: R1, en: "Size of the loan", zh: "贷款规模"}}
      preparation: {winsorise: [0.01, 0.99], scaling: robust, categories: weight-of-evidence,
        numeric_imputation: mean, categorical_imputation: most-frequent, rare_levels: 0.02}
      split: {kind: time, column: month, from: 2024-01}
      folds: 3
      models: {forest: {trees: 50}, network: {hidden: [8, 4]}}
      champion: forest
      calibration: isotonic
      policy: {cutoff: {approval_rate: 0.7}}
      points: {base_points: 500, points_to_double_odds: 50}
      explain: {drop_columns: 0}
      limits: {auc: {at_least: 0.7}}
      governance: {owner: Retail}
      report: {languages: [en, zh]}
      notes: [one, two]
      seed: 7
      """)
    #expect(study.data.options.delimiter == "\t")
    #expect(study.data.options.encoding == .gb18030)
    #expect(study.columns["age"]?.role == .protected)
    #expect(study.columns["age"]?.bands == [25, 40])
    #expect(study.columns["grade"]?.declaration.levels == ["a", "b"])
    #expect(study.groups == [FeatureGroup(name: "size", members: ["amount", "grade"])])
    #expect(study.reasons.first?.wording["zh-Hans"] == "贷款规模")
    #expect(study.preparation.winsorise == 0.01...0.99)
    #expect(study.preparation.scaling == .robust)
    #expect(study.preparation.categories == .weightOfEvidence)
    #expect(study.preparation.numericImputation == .mean)
    #expect(study.preparation.categoricalImputation == .mostFrequent)
    #expect(study.preparation.rareLevels == 0.02)
    #expect(study.split == .time(column: "month", from: "2024-01"))
    #expect(study.models.map(\.family) == ["forest", "network"])
    #expect(study.models[0].options == [ModelOption(name: "trees", value: .number(50))])
    #expect(study.policy == .approvalRate(0.7))
    #expect(study.points.basePoints == 500)
    #expect(study.explain.dropColumns == 0)
    #expect(study.limits == [Study.MeasureLimit(measure: "auc", atLeast: 0.7)])
    #expect(study.notes == ["one", "two"])
    #expect(study.seed == 7)
  }

  @Test(
    "A misspelt key is refused with its line and the nearest known one",
    arguments: [
      ("data: {path: a}\ntarget: {column: y, bad: 1}\nmodls: {}", 3, "`models`"),
      ("data: {pth: a}\ntarget: {column: y, bad: 1}", 1, "`path`"),
      (
        "data: {path: a}\ntarget: {column: y, bad: 1}\nmodels:\n  forest: {tres: 5}", 4, "`trees`"
      ),
      ("data: {path: a}\ntarget: {column: y, bad: 1}\nlimits: {acu: {at_least: 1}}", 3, "`auc`"),
    ])
  func unknownKeys(text: String, line: Int, nearest: String) throws {
    let error = try #require(complaint(text))
    #expect(error.code == .unknownKey)
    #expect(error.line == line)
    #expect(error.message.contains(nearest), "\(error)")
  }

  @Test(
    "A value out of its range is refused with its line",
    arguments: [
      "folds: 1", "folds: many", "seed: -1", "split: {test: 0.99}", "champion: forrest",
      "policy: {cutoff: {pd: 2}}", "policy: {cutoff: {pd: 0.1, approval_rate: 0.5}}",
      "columns: {a: {role: featre}}", "columns: {a: {type: ordinal}}",
      "groups: {g: [a], h: [a]}", "report: {languages: [fr]}", "models: {forest: {trees: 0}}",
      "models: {svm: {loss: absolute}}", "preparation: {winsorise: [0.9, 0.1]}",
      "limits: {auc: {}}", "explain: {drop_columns: -1}", "explain: {drop_columns: some}",
    ])
  func ranges(part: String) throws {
    let error = try #require(complaint(smallest + "\n" + part))
    #expect(error.line == 3, "\(error)")
    #expect(error.description.hasPrefix("study.yaml:3: "))
  }

  @Test(
    "Text that is not YAML, or nothing, is refused",
    arguments: ["", "data: [", "a: b: c", "data: {path: a}", "target: {column: y, bad: 1}"])
  func notAStudy(text: String) {
    #expect(complaint(text) != nil)
  }

  @Test("A protected column is refused as an input, unless its lawful basis is written down")
  func protectedInputs() throws {
    let input = smallest + "\ncolumns: {age: {role: protected}}\nfeatures: [age, amount]"
    let error = try #require(complaint(input))
    #expect(error.code == .protectedInput)
    #expect(error.message.contains("\"age\""))
    let group = smallest + "\ncolumns: {age: {role: protected}}\ngroups: {g: [age, amount]}"
    #expect(complaint(group)?.code == .protectedInput)
    let lawful =
      smallest
      + "\ncolumns: {age: {role: protected, lawful_basis: \"12 CFR 1002.6(b)(2)\"}}"
      + "\nfeatures: [age, amount]"
    #expect(try read(lawful).features == ["age", "amount"])
  }

  @Test("Comments, layout and the order of keys leave the hash unchanged; a value changes it")
  func hashes() throws {
    let first = try read("data: {path: a.csv}\ntarget: {column: y, bad: 1}\nfolds: 4")
    let second = try read(
      "# a comment\nfolds: 4\ntarget:\n  bad: 1\n  column: y\ndata:\n  path: a.csv")
    let third = try read("data: {path: a.csv}\ntarget: {column: y, bad: 1}\nfolds: 5")
    #expect(first.hash == second.hash)
    #expect(first.hash != third.hash)
    var reseeded = first
    reseeded.seed += 1
    #expect(first.hash != reseeded.hash)
  }

  @Test("The page about study files names every key, measure's option and family's option")
  func documentation() throws {
    let page = try String(
      contentsOf: ReferenceValues.packageRoot.appendingPathComponent("Documentation/StudyFile.md"),
      encoding: .utf8)
    for key in StudyReader.keys { #expect(page.contains("`\(key)`"), "\(key)") }
    for family in ModelLibrary.familyKeys {
      #expect(page.contains("`\(family)`"))
      for option in ModelLibrary.optionNames(of: family) {
        #expect(page.contains("`\(option)`"), "\(family) \(option)")
      }
    }
  }
}
