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

  /// The page's width in terminal columns.
  private static let width = 80

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
    lines += bars()
    lines.append("")
    lines += try changeLines(localizer)
    lines += try evidenceLines(localizer)
    lines += wrapped("\(try text("individual.reference")): \(reference)")
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
    return lines
  }

  /// One bar a contribution, to the right where it raises the risk.
  private func bars() -> [String] {
    let attributions = (chosen ?? explanation.shapley).attributions
    let order = attributions.indices.sorted {
      let (a, b) = (attributions[$0], attributions[$1])
      return abs(a.value) == abs(b.value) ? $0 < $1 : abs(a.value) > abs(b.value)
    }
    let largest = order.first.map { abs(attributions[$0].value) } ?? 0
    let half = 12
    return order.map { position in
      let attribution = attributions[position]
      let length =
        largest > 0 ? Int((abs(attribution.value) / largest * Double(half)).rounded()) : 0
      let blank = String(repeating: " ", count: half - length)
      let bar = String(repeating: "█", count: length)
      let empty = String(repeating: " ", count: half)
      let picture =
        attribution.value >= 0
        ? empty + "│" + Terminal.coloured(bar, .risk) + blank
        : blank + Terminal.coloured(bar, .safety) + "│" + empty
      let error = attribution.standardError.map { $0 > 0 ? " ±\(Numbers.decimal($0, 2))" : "" }
      let value = Numbers.signed(attribution.value, 2)
      let values = explanation.values[position].map { $0.text ?? "–" }.joined(separator: "; ")
      let label = shortened(VisibleText.line("\(attribution.source) = \(values)"), to: 36)
      return "  " + label + String(repeating: " ", count: 36 - displayWidth(of: label)) + " "
        + picture + " " + value + (error ?? "")
    }
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

  private func shortened(_ text: String, to width: Int) -> String {
    var kept = ""
    var used = 0
    for character in text {
      let size = displayWidth(of: String(character))
      if used + size > width - 1, displayWidth(of: text) > width { return kept + "…" }
      kept.append(character)
      used += size
    }
    return kept
  }

  private func wrapped(_ text: String) -> [String] { wrapped(text, indent: "") }

  /// Breaks a sentence at spaces; text without spaces is broken where the line is full.
  private func wrapped(_ text: String, indent: String) -> [String] {
    var lines: [String] = []
    var line = indent
    for word in VisibleText.line(text).split(separator: " ") {
      let gap = line.allSatisfy({ $0 == " " }) ? "" : " "
      if displayWidth(of: line + gap + word) > Self.width, !gap.isEmpty {
        lines.append(line)
        line = indent + "  "
        line += word
      } else {
        line += gap + word
      }
      while displayWidth(of: line) > Self.width {
        var head = ""
        while let first = line.first, displayWidth(of: head + String(first)) <= Self.width {
          head.append(first)
          line.removeFirst()
        }
        lines.append(head)
        line = indent + "  " + line
      }
    }
    if !line.allSatisfy({ $0 == " " }) { lines.append(line) }
    return lines
  }
}
