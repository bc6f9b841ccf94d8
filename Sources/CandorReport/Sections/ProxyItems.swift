import CandorDocument
public import CandorEvaluation

/// How well single features tell protected groups, as section 15 lays it out.
public struct ProxyInput: Sendable {
  /// One feature, or the score, against one group.
  public struct Line: Sendable {
    /// The source feature; nil is the score.
    public var feature: String?
    /// The protected column.
    public var attribute: String
    /// The group and how well it is told.
    public var power: ProxyPower
    /// The verdict by the limit.
    public var verdict: Verdict

    /// Joins a feature to what it tells.
    ///
    /// - Parameters:
    ///   - feature: The source feature; nil is the score.
    ///   - attribute: The protected column.
    ///   - power: The group and how well it is told.
    ///   - verdict: The verdict by the limit.
    public init(feature: String?, attribute: String, power: ProxyPower, verdict: Verdict) {
      self.feature = feature
      self.attribute = attribute
      self.power = power
      self.verdict = verdict
    }
  }

  /// Everything measured.
  public var lines: [Line]
  /// The limit that the verdicts come from.
  public var limit: Limit

  /// Joins lines to their limit.
  ///
  /// - Parameters:
  ///   - lines: Everything measured.
  ///   - limit: The limit that the verdicts come from.
  public init(lines: [Line], limit: Limit) {
    self.lines = lines
    self.limit = limit
  }
}

/// The part of section 15 about proxies.
enum ProxyItems {
  /// A group with fewer judged rows is not printed: the numbers would be about persons.
  private static let suppressBelow = GroupOptions().suppressBelow

  private static func visible(_ input: ProxyInput) -> [ProxyInput.Line] {
    input.lines.filter { $0.power.members >= suppressBelow && $0.power.others >= suppressBelow }
  }

  /// The strongest feature, as a finding; it has a verdict where the study sets a limit.
  static func add(_ input: ProxyInput, limit: Limit?, to sheet: inout FindingSheet) {
    let lines = visible(input).filter { $0.feature != nil && $0.power.isSufficient() }
    guard let strongest = lines.max(by: { $0.power.auc.value < $1.power.auc.value }) else { return }
    sheet.add(
      key(
        "measure.proxyPower",
        [
          "feature": .text(strongest.feature ?? NumberStyle.missing),
          "attribute": .text(strongest.attribute), "group": .text(strongest.power.group),
        ]), strongest.power.auc, .fixed(2), sample: key("part.training"),
      rows: strongest.power.members + strongest.power.others, bads: nil, limit: limit)
  }

  /// The strong proxies by name, and a table for each protected column.
  static func items(_ input: ProxyInput) -> [ReportItem] {
    let lines = visible(input)
    var items: [ReportItem] = []
    let strong = lines.filter {
      $0.feature != nil && ($0.verdict == .warn || $0.verdict == .fail)
    }
    if !strong.isEmpty {
      items.append(
        .notice(
          .warning,
          key(
            "fairness.strongProxies",
            [
              "names": .list(
                strong.map { line in
                  .message(
                    key(
                      "fairness.proxyName",
                      [
                        "feature": .text(line.feature ?? NumberStyle.missing),
                        "attribute": .text(line.attribute), "group": .text(line.power.group),
                      ]))
                })
            ])))
    }
    var attributes: [String] = []
    for line in lines where !attributes.contains(line.attribute) {
      attributes.append(line.attribute)
    }
    return items
      + attributes.map { attribute in
        .table(table(lines.filter { $0.attribute == attribute }, attribute, input.limit))
      }
  }

  private static func table(
    _ lines: [ProxyInput.Line], _ attribute: String, _ limit: Limit
  ) -> ReportTable {
    var groups: [String] = []
    var features: [String?] = []
    for line in lines {
      if !groups.contains(line.power.group) { groups.append(line.power.group) }
      if !features.contains(line.feature) { features.append(line.feature) }
    }
    return ReportTable(
      title: key("fairness.proxies", ["attribute": .code(attribute)]),
      columns: [.left("column.feature")]
        + groups.map { ReportTable.Column(.text($0), .left) } + [.left("column.verdict")],
      rows: features.map { feature in
        let own = lines.filter { $0.feature == feature }
        let verdict = own.map(\.verdict).max { rank($0) < rank($1) } ?? .notTested
        return [feature.map(Value.text) ?? .key("fairness.score")]
          + groups.map { group in
            .estimate(own.first { $0.power.group == group }?.power.auc, .fixed(2))
          } + [verdict.value]
      },
      note: key(
        "fairness.proxiesNote",
        [
          "rows": .count(lines.map { $0.power.members + $0.power.others }.max() ?? 0),
          "least": .count(GroupOptions().minimumRows), "limit": limit.value(.fixed(2)),
        ]))
  }

  private static func rank(_ verdict: Verdict) -> Int {
    switch verdict {
    case .fail: 4
    case .warn: 3
    case .pass: 2
    case .insufficientData: 1
    case .notTested, .notSupplied: 0
    }
  }
}
