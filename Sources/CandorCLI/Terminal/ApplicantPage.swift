import CandorData
import CandorDocument
import CandorExplanation
import CandorReport
import CandorScoring
import CandorStudy

/// One applicant's explanation as a terminal, a document or a program reads it.
struct ApplicantPage {
  let row: Int
  let identifier: String?
  let explanation: ApplicantExplanation
  let model: RiskModel
  let reference: String
  let language: LanguageChoice
  /// Contributions by a method of the caller's choice, shown in place of those of the reasons.
  var chosen: Explanation?
  /// SHA-256 of the model's file.
  var modelHash: String?
  /// SHA-256 of the wording of reasons.
  var wordingHash = ""

  var documentLanguage: Language {
    language == .en ? .english : .simplifiedChinese
  }

  /// The page as lines of at most 80 columns.
  func lines() throws -> [String] {
    let localizer = try ReportStrings.localizer(documentLanguage)
    func text(_ key: String) throws -> String { try localizer.string(Message.key(key)) }
    let scored = explanation.scored
    let refused = scored.decision == .refuse
    let decision = try text(refused ? "value.refused" : "value.approved")
    var lines = [
      "\(try text("individual.row")) \(row)"
        + (identifier.map { " (\(VisibleText.line($0)))" } ?? "")
        + ": PD \(Numbers.percent(scored.probability)), "
        + "\(try text("individual.points")) \(Numbers.decimal(scored.points, 0)), "
        + Terminal.coloured(decision, refused ? .risk : .safety)
        + " (\(try text("individual.cutOff")) \(Numbers.percent(explanation.cutOff)))"
    ]
    lines += try reasonLines(localizer)
    lines.append("")
    lines.append("\(try text("individual.contributions")) (log-odds):")
    if let chosen {
      lines += wrapped(try localizer.string(ReportPhrases.method(chosen.method)), indent: "  ")
    }
    lines += try bars(localizer)
    lines.append("")
    lines += try changeLines(localizer)
    lines += try evidenceLines(localizer)
    lines += wrapped("\(try text("individual.reference")): \(try referenceText(localizer))")
    for notice in explanation.notices { lines += wrapped("! \(notice.sentence)") }
    return lines
  }

  private func reasonLines(_ localizer: Localizer) throws -> [String] {
    switch explanation.reasons {
    case nil: return []
    case .referToPerson(let sentence)?: return ["", "! \(sentence)"].flatMap(wrapped)
    case .reasons(let reasons, let review)?:
      var lines = ["", try localizer.string(Message.key("individual.reasons")) + ":"]
      for (place, reason) in reasons.reasons.enumerated() {
        let code = model.catalogue.entry(for: reason.subject)?.code.map { "[\($0)] " } ?? ""
        let wording = model.catalogue.wording(for: reason.subject, language: language.tag)
        lines += wrapped("\(place + 1). \(code)\(wording)", indent: "  ")
      }
      lines += wrapped(
        try localizer.string(
          Message.key(
            "individual.changeProbability",
            arguments: ["p": .number(reasons.changeProbability, format: .percent(1))])),
        indent: "  ")
      if let sufficiency = explanation.sufficiency {
        lines += wrapped(
          try localizer.string(ReportPhrases.sufficiency(sufficiency)), indent: "  ")
      }
      for cause in review {
        lines += wrapped("! " + (try localizer.string(ReportPhrases.review(cause))), indent: "  ")
      }
      return lines
    }
  }

  /// What would turn the decision, and who is like this applicant and was approved.
  private func changeLines(_ localizer: Localizer) throws -> [String] {
    var lines: [String] = []
    if let recourse = explanation.recourse {
      lines += wrapped(
        try localizer.string(
          Message.key(
            recourse.counterfactuals.isEmpty
              ? "recourse.\(recourse.verdict.rawValue)" : "recourse.changes"))
          + (recourse.counterfactuals.isEmpty ? "" : ":"))
      for (place, one) in recourse.counterfactuals.enumerated() {
        let changes = one.changes.map { "\($0.feature) \($0.from.text) → \($0.to.text)" }
        lines += wrapped(
          "\(place + 1). \(changes.joined(separator: "; ")): PD "
            + Numbers.percent(one.probability), indent: "  ")
      }
      lines.append("")
    }
    if let nearest = explanation.comparable?.items.first {
      lines += wrapped(try localizer.string(ReportPhrases.comparable(nearest)))
    }
    if let anchor = explanation.anchor {
      lines += wrapped(try localizer.string(ReportPhrases.anchor(anchor)))
      if let warning = ReportPhrases.anchorWarning(anchor) {
        lines += wrapped("! " + (try localizer.string(warning)), indent: "  ")
      }
    }
    return lines
  }

  /// The reference in words: the study's own description is English.
  private func referenceText(_ localizer: Localizer) throws -> String {
    let name = explanation.shapley.backgroundName
    guard language != .en, let rows = model.reference(named: name) else { return reference }
    return try localizer.string(
      ReportPhrases.referenceRows(
        name: name, rows: rows.table.rowCount, hash: explanation.shapley.backgroundHash))
  }

  private func evidenceLines(_ localizer: Localizer) throws -> [String] {
    var lines: [String] = []
    for one in (chosen.map { [$0] } ?? []) + [explanation.shapley] + explanation.evidence {
      let method = try localizer.string(ReportPhrases.method(one.method))
      let evidence = try localizer.string(ReportPhrases.evidence(one.fidelity.evidence))
      lines += wrapped("\(method): \(evidence)")
      if !one.fidelity.warnings.isEmpty {
        let warnings = try localizer.string(ReportPhrases.warnings(one.fidelity.warnings))
        lines += wrapped("! \(warnings)", indent: "  ")
      }
    }
    return lines
  }

  private func wrapped(_ text: String) -> [String] { wrapped(text, indent: "") }

  private func wrapped(_ text: String, indent: String) -> [String] {
    LineBreaker.wrapped(text, indent: indent)
  }
}
