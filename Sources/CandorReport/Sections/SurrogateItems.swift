import CandorDocument
import CandorExplanation

/// The part of section 12 on simple models of the champion: how far they hold, and what they say.
enum SurrogateItems {
  /// How many features of the scorecard are listed.
  private static let shownFeatures = 8

  static func items(for input: SurrogateInput) -> [ReportItem] {
    var items: [ReportItem] = []
    var sheet = FindingSheet(prefix: "GLOB")
    let sample = ReportPhrases.partOfTest(input.rows, of: input.allRows)
    func add(_ fit: Message, _ decisions: Message, _ agreement: SurrogateAgreement) {
      sheet.add(
        fit, number: agreement.rSquared, .fixed(3), sample: sample, rows: input.rows, bads: nil,
        method: key("method.otherHalf"))
      sheet.add(
        decisions, number: agreement.decisionAgreement, .percent(1), sample: sample,
        rows: input.rows, bads: nil, method: key("method.otherHalf"))
    }
    if let tree = input.tree {
      add(key("measure.treeFit"), key("measure.treeDecisions"), tree.agreement)
    }
    if let scorecard = input.scorecard {
      add(key("measure.scorecardFit"), key("measure.scorecardDecisions"), scorecard.agreement)
    }
    if let local = input.local {
      sheet.add(
        key("measure.localBelow", ["limit": .number(local.limit, format: .fixed(1))]),
        number: local.shareBelow, .percent(1),
        sample: ReportPhrases.partOfTest(local.applicants, of: input.allRows),
        rows: local.applicants, bads: nil, method: key("method.unseenParts"))
    }
    if !sheet.findings.isEmpty {
      items += [.paragraph(key("surrogates.intro")), .findings(sheet.findings)]
    }
    if input.tree != nil || input.scorecard != nil { items.append(.table(fidelity(input))) }
    if let tree = input.tree { items.append(.table(rules(of: tree))) }
    if let scorecard = input.scorecard { items.append(.table(points(of: scorecard))) }
    if let local = input.local { items.append(.table(localTable(local))) }
    if !input.failures.isEmpty {
      items.append(
        .notTested(
          input.failures.map {
            NotTestedCheck(key("surrogate.\($0.kind.rawValue)"), because: .text($0.sentence))
          }))
    }
    return items
  }

  private static func fidelity(_ input: SurrogateInput) -> ReportTable {
    func row(
      _ name: Message, _ scale: ExplainedScale, _ agreement: SurrogateAgreement,
      _ warnings: [FidelityWarning]
    ) -> [Value] {
      [
        .message(name), .message(ExplanationNames.scale(scale)),
        .number(agreement.rSquared, format: .fixed(3)),
        .number(agreement.fittedRSquared, format: .fixed(3)),
        .number(agreement.decisionAgreement, .percent(1)),
        .number(agreement.constantAgreement, .percent(1)),
        .number(agreement.areaUnderCurve, .fixed(3)), ExplanationNames.warnings(warnings),
      ]
    }
    var rows: [[Value]] = []
    if let tree = input.tree {
      rows.append(
        row(
          key("surrogates.treeOf", ["n": .count(tree.rules.count)]), tree.scale, tree.agreement,
          tree.warnings))
    }
    if let scorecard = input.scorecard {
      rows.append(
        row(
          key("surrogate.scorecard"), scorecard.scale, scorecard.agreement, scorecard.warnings))
    }
    return ReportTable(
      title: key("surrogates.fidelity"),
      columns: [
        .left("column.surrogate"), .left("column.scale"), .right("column.rSquaredUnseen"),
        .right("column.rSquaredFitted"), .right("column.sameDecision"),
        .right("column.constantDecision"), .right("column.refusalAUC"),
        .left("column.warnings"),
      ], rows: rows,
      note: key(
        "surrogates.fidelityNote",
        ["rows": .count(input.rows), "total": .count(input.allRows)]))
  }

  private static func localTable(_ local: SurrogateInput.Local) -> ReportTable {
    let below = Value.number(local.shareBelow, format: .percent(1))
    return ReportTable(
      title: key("surrogates.local"),
      columns: [
        .right("column.applicants"), .right("column.rSquaredMedian"),
        .right("column.rSquaredLow"), .right("column.rSquaredLeast"),
        .right("column.belowLimit"),
      ],
      rows: [
        [
          .count(local.applicants), .number(local.median, format: .fixed(2)),
          .number(local.lowTenth, format: .fixed(2)), .number(local.least, format: .fixed(2)),
          local.shareBelow > 0 ? .strong(below) : below,
        ]
      ],
      note: key(
        "surrogates.localNote",
        [
          "rows": .count(local.designRows), "background": .code(local.backgroundName),
          "n": .count(local.backgroundRows), "limit": .number(local.limit, format: .fixed(1)),
        ]))
  }

  /// The features by how much their cells differ.
  private static func points(of scorecard: GlobalScorecard) -> ReportTable {
    let order = scorecard.features.enumerated().sorted {
      let (a, b) = ($0.element.spread, $1.element.spread)
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    return ReportTable(
      title: key("surrogates.points"),
      columns: [
        .left("column.feature"), .right("column.cells"), .right("column.fewestPoints"),
        .right("column.mostPoints"), .right("column.spread"),
      ],
      rows: order.prefix(shownFeatures).map { feature in
        let points = feature.cells.compactMap(\.points)
        return [
          .text(feature.source), .count(feature.cells.count), .number(points.min(), .fixed(0)),
          .number(points.max(), .fixed(0)), .number(feature.spread, format: .fixed(3)),
        ]
      },
      note: key(
        "surrogates.pointsNote",
        [
          "shown": .count(min(shownFeatures, order.count)), "total": .count(order.count),
          "average": .number(scorecard.averagePoints, .fixed(0)),
        ]))
  }
}

// MARK: - Rules

extension SurrogateItems {
  /// One line of an indented list of rules.
  struct Line: Equatable {
    /// How far it is indented.
    let depth: Int
    /// What holds here beside the lines above it.
    let conditions: [SurrogateCondition]
    /// The rules below it; one for a leaf.
    let rules: Range<Int>
  }

  /// Leaves that begin with the same condition stand together under it.
  static func lines(of rules: [GlobalSurrogateTree.Rule]) -> [Line] {
    lines(of: rules, in: rules.indices, from: 0, depth: 0)
  }

  private static func lines(
    of rules: [GlobalSurrogateTree.Rule], in range: Range<Int>, from used: Int, depth: Int
  ) -> [Line] {
    var found: [Line] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let own = Array(rules[start].conditions.dropFirst(used))
      var end = start + 1
      while let first = own.first, end < range.upperBound,
        rules[end].conditions.dropFirst(used).first == first
      { end += 1 }
      if end - start > 1 {
        // What all of them ask stands in one line.
        var shared = 1
        while shared < own.count,
          rules[start..<end].allSatisfy({
            $0.conditions.dropFirst(used + shared).first == own[shared]
          })
        { shared += 1 }
        found.append(
          Line(depth: depth, conditions: Array(own.prefix(shared)), rules: start..<end))
        found += lines(of: rules, in: start..<end, from: used + shared, depth: depth + 1)
      } else {
        found.append(Line(depth: depth, conditions: own, rules: start..<end))
      }
      start = end
    }
    return found
  }

  private static func rules(of tree: GlobalSurrogateTree) -> ReportTable {
    ReportTable(
      title: key("surrogates.rules"),
      columns: [
        .left("column.rule"), .right("column.applicantShare"), .right("column.meanPD"),
        .right("column.pdSpread"),
      ],
      rows: lines(of: tree.rules).map { line in
        let rules = tree.rules[line.rules]
        let share = rules.reduce(0) { $0 + $1.share }
        let mean = rules.reduce(0) { $0 + $1.share * $1.modelMean }
        let isLeaf = rules.count == 1
        let leaf = rules[line.rules.lowerBound]
        let text = text(of: line)
        return [
          isLeaf ? .strong(text) : text, .number(share, format: .percent(1)),
          .number(share > 0 ? mean / share : nil, .percent(1)),
          isLeaf ? .number(leaf.modelSpread, format: .percent(1)) : .empty,
        ]
      },
      note: key("surrogates.rulesNote", ["n": .count(tree.rules.count)]))
  }

  private static func text(of line: Line) -> Value {
    let conditions: Message =
      line.conditions.isEmpty
      ? key("surrogates.always")
      : line.conditions.dropFirst().reduce(words(line.conditions[0])) { text, condition in
        key(
          "condition.and", ["first": .message(text), "second": .message(words(condition))])
      }
    let indent = String(repeating: "— ", count: line.depth)
    return line.depth == 0
      ? .message(conditions)
      : .message(
        key("surrogates.indented", ["indent": .text(indent), "rule": .message(conditions)]))
  }

  /// A condition in the reader's language.
  static func words(_ condition: SurrogateCondition) -> Message {
    let feature = Value.text(condition.feature)
    var message: Message
    if let levels = condition.levels {
      guard let first = levels.first else { return key("condition.isMissing", ["name": feature]) }
      message =
        levels.count == 1
        ? .text("\(condition.feature) = \(first)")
        : key("condition.oneOf", ["name": feature, "levels": .list(levels.map(Value.text))])
    } else {
      message = condition.range.map { .text($0) } ?? key("condition.isPresent", ["name": feature])
    }
    return condition.includesMissing
      ? key("condition.orMissing", ["condition": .message(message)]) : message
  }
}
