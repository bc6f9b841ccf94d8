import CandorDocument
import CandorExplanation

/// The evidence beside the reasons of one decision, a sentence each.
enum IndividualEvidence {
  static func lines(for one: IndividualInput.Case) -> [Message] {
    var lines: [Message] = []
    if let deletion = one.deletion {
      lines.append(
        key(
          "individual.deletion",
          [
            "area": .number(deletion.area, format: .fixed(3)),
            "reversed": .number(deletion.reversedArea, format: .fixed(3)),
          ]))
    }
    for explanation in one.evidence {
      let error = explanation.attributions.compactMap(\.standardError).max()
      lines.append(
        key(
          "individual.evidence",
          [
            "method": .message(ExplanationNames.method(explanation.method)),
            "evidence": .message(ExplanationNames.evidence(explanation.fidelity.evidence)),
            "error": .number(error, .significant(3)),
            "warnings": ExplanationNames.warnings(explanation.fidelity.warnings),
          ]))
    }
    for agreement in one.agreements {
      lines.append(
        key(
          "individual.agreement",
          [
            "method": .message(ExplanationNames.method(agreement.second)),
            "top": .count(agreement.top),
            "overlap": .number(agreement.topOverlap, format: .percent(0)),
            "rank": .number(agreement.rankCorrelation, .fixed(2)),
            "signs": .number(agreement.signAgreement, .percent(0)),
          ]))
    }
    return lines
  }
}
