import CandorDocument
import CandorExplanation

/// The parts of section 12 beside permutation importance on held-out rows: on out-of-bag rows, and by
/// fits without a feature.
enum ImportanceItems {
  /// A forest's importance on the training rows that each tree did not see, beside the held-out one.
  static func outOfBag(_ outOfBag: PermutationImportance, beside family: GlobalInput.Family)
    -> ReportTable
  {
    ReportTable(
      title: key("global.outOfBag", ["family": FamilyName.value(family.family)]),
      columns: [
        .right("column.rankBand"), .left("column.feature"), .left("column.outOfBag"),
        .left("column.heldOut"), .right("column.heldOutBand"),
      ],
      rows: outOfBag.players.map { player in
        let held = family.features.player(player.source)
        return [
          .count(player.band), .text(player.source), estimate(player), estimate(held),
          held.map { .count($0.band) } ?? .text(NumberStyle.missing),
        ]
      },
      note: key(
        "global.outOfBagNote",
        [
          "rows": .count(outOfBag.rowCount), "bads": .count(outOfBag.badCount),
          "repeats": .count(outOfBag.repeatCount),
          "auc": .number(outOfBag.unpermuted, format: .fixed(3)),
          "heldAUC": .number(family.features.unpermuted, format: .fixed(3)),
          "heldRows": .count(family.features.rowCount),
        ]))
  }

  /// Fits without a feature, or why there are none.
  static func items(
    for dropColumn: BehaviourInput.DropColumn, contrast: ImportanceContrast?
  ) -> [ReportItem] {
    func notTested(_ reason: Message) -> [ReportItem] {
      [.notTested([NotTestedCheck(key("check.dropColumn"), because: reason)])]
    }
    switch dropColumn {
    case .notAsked: return notTested(key("reason.notAsked"))
    case .failed(let sentence): return notTested(.text(sentence))
    case .measured(let importance, let extent):
      return [
        .subheading(key("global.dropColumn")), .paragraph(key("global.dropColumnIntro")),
        .table(table(importance, extent, contrast)),
      ]
    }
  }

  private static func table(
    _ importance: DropColumnImportance, _ extent: RefitExtent, _ contrast: ImportanceContrast?
  ) -> ReportTable {
    var arguments: [String: Value] = [
      "fits": .count(extent.fits), "seeds": .count(importance.refitCount),
      "total": .count(extent.allRows), "held": .count(importance.rowCount),
      "auc": .number(importance.full, format: .fixed(3)),
    ]
    let isPart = extent.rows < extent.allRows
    if isPart { arguments["rows"] = .count(extent.rows) }
    return ReportTable(
      title: key("global.dropColumnTable", ["family": FamilyName.value(extent.family)]),
      columns: [
        .left("column.feature"), .left("column.dropColumn"), .right("column.pValue"),
        .right("column.rowError"), .right("column.refitError"), .left("column.marginal"),
        .left("column.conditional"),
      ],
      rows: importance.players.map { player in
        [
          .text(player.source),
          .estimate(
            player.importance, lower: player.lower, upper: player.upper, format: .fixed(4)),
          .number(player.pValue, format: .pValue),
          .number(player.rowStandardError, format: .fixed(4)),
          .number(player.refitStandardError, format: .fixed(4)),
          estimate(contrast?.marginal.player(player.source)),
          estimate(contrast?.conditional.player(player.source)),
        ]
      },
      note: key(isPart ? "global.dropColumnPart" : "global.dropColumnNote", arguments))
  }

  private static func estimate(_ player: PermutationImportance.Player?) -> Value {
    player.map {
      .estimate($0.importance, lower: $0.lower, upper: $0.upper, format: .fixed(4))
    } ?? .text(NumberStyle.missing)
  }
}
