import CandorData
public import CandorEvaluation
import CandorNumerics
import CandorReport
public import CandorScoring

/// How well each feature, and the score, tells the groups of each protected column.
///
/// Measured on the training rows, so that a saved model can carry what was found: one half, drawn by
/// the seed, is fitted, the other judged.
public struct ProxyScreen: Sendable {
  /// One feature, or the score, against one group.
  public struct Line: Sendable, Equatable {
    /// The source feature; nil is the champion's score out of fold.
    public let feature: String?
    /// The protected column.
    public let attribute: String
    /// The group and how well it is told.
    public let power: ProxyPower
    /// The verdict by the limit.
    public let verdict: Verdict
  }

  /// Everything measured: features in the file's order, then the score, by column and group.
  public let lines: [Line]
  /// The limit: the study's, or Candor's default.
  public let limit: Limit

  /// The features that are strong proxies, in order.
  public var marks: [ProxyMark] {
    lines.compactMap { line in
      guard let feature = line.feature, line.verdict == .warn || line.verdict == .fail else {
        return nil
      }
      return ProxyMark(
        feature: feature, attribute: line.attribute, group: line.power.group,
        area: line.power.auc.value)
    }
  }

  /// Measures the features of a study, and a score on the training rows where it is given.
  static func run(study: Study, data: StudyData, score: [Double]? = nil) throws -> ProxyScreen {
    let rows = data.split.train
    let limit = study.limitsByName[.proxyPower] ?? Limit.Standard.proxyPower
    var generator = SeedTree(seed: study.seed).child("proxy halves").generator()
    let isFitted = rows.map { _ in generator.nextInteger(below: 2) == 0 }
    let columns = try data.protected.map { name in
      (name, try FairnessMeasurement.groups(by: name, rows: rows, study: study, data: data))
    }
    guard !columns.isEmpty else { return ProxyScreen(lines: [], limit: limit) }
    var lines: [Line] = []
    func add(_ feature: String?, _ levels: ProxyLevels) throws {
      // A protected column that is an input tells itself; the study's lawful basis speaks for it.
      for (attribute, groups) in columns where attribute != feature {
        let order = Set(groups.compactMap { $0 }).sorted()
        for power in try ProxyPower.measure(
          levels, groups: groups, order: order, isFitted: isFitted)
        {
          lines.append(
            Line(
              feature: feature, attribute: attribute, power: power,
              verdict: limit.judge(power.auc, sufficientData: power.isSufficient())))
        }
      }
    }
    for feature in data.features {
      try add(feature, levels(of: data.table.requiredColumn(feature), rows, isFitted: isFitted))
    }
    if let score { try add(nil, ProxyLevels(numbers: score, isFitted: isFitted)) }
    return ProxyScreen(lines: lines, limit: limit)
  }

  private static func levels(
    of column: Column, _ rows: [Int], isFitted: [Bool]
  ) -> ProxyLevels {
    if let codes = column.codes {
      return ProxyLevels(
        codes: rows.map { codes.codes[$0] }, count: codes.levels.levels.count)
    }
    let numbers = column.numbers ?? []
    return ProxyLevels(numbers: rows.map { numbers[$0] }, isFitted: isFitted)
  }

  /// What section 15 lays out.
  var input: ProxyInput {
    ProxyInput(
      lines: lines.map {
        ProxyInput.Line(
          feature: $0.feature, attribute: $0.attribute, power: $0.power, verdict: $0.verdict)
      }, limit: limit)
  }
}
