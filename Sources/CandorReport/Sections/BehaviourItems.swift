import CandorDocument
import CandorExplanation
import CandorScoring

/// The part of section 12 on the champion's behaviour: what it tells beyond other features, in which
/// direction, how evenly, and together with what.
enum BehaviourItems {
  /// The most pairs of features in the table of interactions.
  private static let pairs = 10

  static func items(for input: BehaviourInput) -> [ReportItem] {
    var items: [ReportItem] = []
    if let contrast = input.contrast { items += self.items(for: contrast) }
    if let dropColumn = input.dropColumn {
      items += ImportanceItems.items(for: dropColumn, contrast: input.contrast)
    }
    if let swarm = input.swarm { items += self.items(for: swarm) }
    items += EffectFigures.items(for: input)
    if !input.directions.isEmpty { items += self.items(for: input.directions) }
    if let interactions = input.interactions, !interactions.pairs.isEmpty {
      items += self.items(for: interactions)
    }
    return items
  }

  private static func items(for contrast: ImportanceContrast) -> [ReportItem] {
    var items: [ReportItem] = [
      .subheading(key("behaviour.contrast")), .paragraph(key("behaviour.contrastIntro")),
      .table(
        ReportTable(
          title: key("behaviour.contrastTable"),
          columns: [
            .left("column.feature"), .left("column.marginal"), .left("column.conditional"),
            .left("column.marginalLessConditional"), .left("column.viewsDisagree"),
            .left("column.cluster"),
          ],
          rows: contrast.players.map { player in
            [
              .text(player.source), estimate(contrast.marginal.player(player.source)),
              estimate(contrast.conditional.player(player.source)),
              .estimate(
                player.difference, lower: player.lower, upper: player.upper, format: .fixed(4)),
              player.disagrees ? .strong(.key("value.yes")) : .key("value.no"),
              .names(player.cluster.filter { $0 != player.source }),
            ]
          },
          note: key(
            "behaviour.contrastNote", ["cut": .number(contrast.clusters.cut, format: .fixed(1))]))),
    ]
    if !contrast.clusterImportances.isEmpty {
      items.append(
        .table(
          ReportTable(
            title: key("behaviour.clusters"),
            columns: [
              .left("column.cluster"), .left("column.importanceTogether"),
              .right("column.sumOfMembers"), .left("column.creditArbitrary"),
            ],
            rows: contrast.clusterImportances.map {
              [
                .names($0.members),
                .estimate($0.importance, lower: $0.lower, upper: $0.upper, format: .fixed(4)),
                .number($0.sumOfMembers, format: .fixed(4)),
                $0.isCreditArbitrary ? .strong(.key("value.yes")) : .key("value.no"),
              ]
            }, note: key("behaviour.clustersNote"))))
    }
    return items
  }

  private static func estimate(_ player: PermutationImportance.Player?) -> Value {
    player.map {
      .estimate($0.importance, lower: $0.lower, upper: $0.upper, format: .fixed(4))
    } ?? .text(NumberStyle.missing)
  }

  private static func items(for swarm: BehaviourInput.Swarm) -> [ReportItem] {
    let title = key("figure.swarm", ["n": .count(swarm.applicants)])
    return [
      .subheading(key("behaviour.swarm")),
      .paragraph(
        key(
          "behaviour.swarmIntro",
          [
            "method": .message(ExplanationNames.method(swarm.method)),
            "n": .count(swarm.applicants), "background": .code(swarm.background),
            "rows": .count(swarm.backgroundRows),
          ])),
      .figure(
        ReportFigure(
          name: "shapley-summary", caption: title,
          chart: .beeswarm(
            BeeswarmChart(
              title: title, description: title, axis: Axis(label: key("axis.logOdds")),
              rows: swarm.rows, low: key("series.lowValue"), high: key("series.highValue"),
              none: key("series.noOrder"))))),
    ]
  }

  private static func items(for checks: [DirectionCheck]) -> [ReportItem] {
    [
      .subheading(key("behaviour.directions")),
      .table(
        ReportTable(
          title: key("behaviour.directionTable"),
          columns: [
            .left("column.feature"), .left("column.declared"), .left("column.coverage"),
            .right("column.points"), .right("column.shareTouched"),
            .left("column.largestViolation"), .right("column.meanViolation"),
            .left("column.holds"),
          ],
          rows: checks.map { check in
            [
              .text(check.feature), .key("value.\(check.direction.rawValue)"),
              .key("coverage.\(check.coverage.rawValue)"), .count(check.pointCount),
              .number(check.shareTouched, format: .percent(1)),
              check.largest.map {
                .message(
                  key(
                    "behaviour.violation",
                    [
                      "size": .number($0.size, format: .fixed(3)), "from": .text($0.from.label),
                      "to": .text($0.to.label),
                    ]))
              } ?? .text(NumberStyle.missing),
              .number(check.meanViolation, format: .fixed(3)),
              check.holds ? .key("value.yes") : .strong(.key("value.no")),
            ]
          },
          note: key(
            "behaviour.directionNote",
            ["n": .count(checks[0].rowCount), "sample": .code(checks[0].sampleName)]))),
    ]
  }

  private static func items(for interactions: InteractionH) -> [ReportItem] {
    [
      .subheading(key("behaviour.interactions")),
      .table(
        ReportTable(
          title: key("behaviour.interactionTable"),
          columns: [
            .left("column.feature"), .left("column.secondFeature"), .left("column.interactionSize"),
            .left("column.h"), .left("column.hUnstable"),
          ],
          rows: interactions.pairs.prefix(pairs).map { entry in
            [
              .text(entry.first), .text(entry.second ?? NumberStyle.missing),
              .estimate(
                entry.size.value, lower: entry.size.lower, upper: entry.size.upper,
                format: .fixed(3)),
              entry.h.map {
                .estimate($0.value, lower: $0.lower, upper: $0.upper, format: .fixed(2))
              } ?? .text(NumberStyle.missing), .answer(entry.isUnstable),
            ]
          },
          note: key(
            "behaviour.interactionNote",
            ["n": .count(interactions.rowCount), "pairs": .count(interactions.pairs.count)]))),
    ]
  }
}
