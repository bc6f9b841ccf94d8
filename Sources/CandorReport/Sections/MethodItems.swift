import CandorDocument
import CandorExplanation

/// Two methods of contributions side by side, for the decision on which they agree least.
enum MethodItems {
  static func items(
    for second: IndividualInput.SecondMethod, beside one: IndividualInput.Case
  ) -> [ReportItem] {
    [.paragraph(sentence(second, one)), .table(table(second, one))]
  }

  private static func sentence(
    _ second: IndividualInput.SecondMethod, _ one: IndividualInput.Case
  ) -> Message {
    let (own, other) = (one.explanation, second.explanation)
    let first = own.ranked.first?.source ?? NumberStyle.missing
    let otherFirst = other.ranked.first?.source ?? NumberStyle.missing
    var arguments: [String: Value] = [
      "n": .count(second.compared),
      "rank": .number(second.agreement.rankCorrelation, .fixed(2)),
      "signs": .number(second.agreement.signAgreement, .percent(0)),
      "own": .message(ExplanationNames.method(own.method)),
      "other": .message(ExplanationNames.method(other.method)),
      "first": .text(first),
    ]
    guard first != otherFirst else { return key("individual.methodsSameFirst", arguments) }
    arguments["otherFirst"] = .text(otherFirst)
    return key("individual.methodsDiffer", arguments)
  }

  /// Factors in the order of the method of the reasons, with their places in both.
  private static func table(
    _ second: IndividualInput.SecondMethod, _ one: IndividualInput.Case
  ) -> ReportTable {
    let (own, other) = (one.explanation, second.explanation)
    var places: [String: Int] = [:]
    for (place, attribution) in other.ranked.enumerated() {
      places[attribution.source] = place + 1
    }
    func total(_ name: String, _ value: (Explanation) -> Double) -> [Value] {
      [
        .key(name), .empty, .number(value(own), format: .fixed(3)), .empty,
        .number(value(other), format: .fixed(3)), .empty,
      ]
    }
    return ReportTable(
      title: key("individual.methods"),
      columns: [
        .left("column.feature"), .left("column.ownValue"),
        .init(ExplanationNames.method(own.method)), .right("column.place"),
        .init(ExplanationNames.method(other.method)), .right("column.place"),
      ],
      rows: [total("series.startValue") { $0.baseValue }]
        + own.ranked.enumerated().map { place, attribution in
          let source = attribution.source
          return [
            .text(source), one.values[source].map { .text($0) } ?? .empty,
            DecisionItems.contribution(attribution), .count(place + 1),
            other.attribution(of: source).map(DecisionItems.contribution)
              ?? .text(NumberStyle.missing),
            places[source].map(Value.count) ?? .empty,
          ]
        } + [total("series.applicant") { $0.explainedValue }],
      note: key("individual.methodsNote"))
  }
}
