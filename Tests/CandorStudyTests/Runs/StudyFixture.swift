import CandorStudy
import Foundation

/// A made-up portfolio: two informative features, one category, a period, a customer, a protected
/// column, and a target that depends on the features through a fixed pattern.
struct StudyFixture {
  var rows = 400
  /// Replaces the outcome of a row; rows count from zero.
  var outcome: (Int, Bool) -> Bool = { $1 }
  /// Replaces the income of a row.
  var income: (Int, Int) -> Int = { $1 }
  /// Replaces the grade of a row.
  var grade: (Int, String) -> String = { $1 }
  var weight: (Int) -> Int = { _ in 1 }
  /// Replaces the sex of a row.
  var sex: (Int, String) -> String = { $1 }
  /// How often a row is written.
  var repeats: (Int) -> Int = { _ in 1 }

  /// The first period of the test part: a quarter of the rows.
  static let testPeriod = 2004

  var csv: String {
    var lines = ["income,debt,grade,year,customer,sex,w,bad"]
    for row in 0..<rows {
      let income = 20 + (row * 37) % 81
      let debt = (row * 53) % 47
      let grade = ["a", "b", "c"][(row * 7) % 3]
      let noise = (row * 7919 + 13) % 100
      let isBad = outcome(row, debt * 2 + noise > income + 70)
      let line =
        "\(self.income(row, income)),\(debt),\(self.grade(row, grade)),\(2001 + row * 4 / rows),c\(row / 3),"
        + "\(sex(row, row % 2 == 0 ? "f" : "m")),\(weight(row)),\(isBad ? 1 : 0)"
      for _ in 0..<repeats(row) { lines.append(line) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static let byTime = """
    data: {path: loans.csv}
    target: {column: bad, bad: 1}
    columns:
      sex: {role: protected}
      customer: {role: identifier}
      w: {role: ignored}
    split: {kind: time, column: year, from: 2004}
    models: {logistic: {}, forest: {trees: 20}}
    explain: {rows: 50, repeats: 2, permutations: 64}
    """

  /// Reads the study and the portfolio from a folder that is removed afterwards.
  func load(_ study: String) throws -> (study: Study, data: StudyData) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("candor-study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(csv.utf8).write(to: folder.appendingPathComponent("loans.csv"))
    let read = try StudyReader.read(text: study, file: "study.yaml")
    return (read, try StudyData.load(read, relativeTo: folder))
  }
}
