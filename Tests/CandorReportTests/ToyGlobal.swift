import CandorData
import CandorExplanation
import CandorReport
import CandorScoring
import Foundation

/// What section 12 says of the toy portfolio, and a second method beside a decision.
extension ToyReport {
  /// A condition as only a surrogate tree makes one, read from JSON here.
  private static func condition(
    _ feature: String, lower: Double? = nil, upper: Double? = nil, levels: [String]? = nil,
    missing: Bool = false
  ) -> [String: Any] {
    var fields: [String: Any] = [
      "feature": feature, "holdsLowerEnd": false, "includesMissing": missing,
    ]
    if let lower { fields["lower"] = lower }
    if let upper { fields["upper"] = upper }
    if let levels { fields["levels"] = levels }
    return fields
  }

  private static func agreement(rSquared: Double) -> [String: Any] {
    [
      "rSquared": rSquared, "fittedRSquared": 0.75, "rows": 600, "cutOff": 0.4,
      "decisionAgreement": 0.875, "constantAgreement": 0.625, "areaUnderCurve": 0.9,
    ]
  }

  private static func decoded<Found: Decodable>(
    _ type: Found.Type, _ fields: [String: Any]
  ) throws -> Found {
    try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: fields))
  }

  /// Four leaves; the first two stand under one condition.
  static func tree(rSquared: Double = 0.7) throws -> GlobalSurrogateTree {
    let low = condition("duration_months", upper: 24)
    let high = condition("duration_months", lower: 24, upper: 48, missing: true)
    let rules: [[String: Any]] = [
      [low, condition("savings", levels: ["none"])],
      [low, condition("savings", levels: ["a", "b"], missing: true)],
      [high], [condition("duration_months", lower: 48)],
    ].enumerated().map { place, conditions in
      [
        "conditions": conditions, "value": 0.1, "modelMean": [0.1, 0.3, 0.5, 0.9][place],
        "modelSpread": 0.05, "share": [0.25, 0.25, 0.375, 0.125][place],
      ]
    }
    let agreement = agreement(rSquared: rSquared)
    let warnings = try decoded(SurrogateAgreement.self, agreement).warnings()
    return try decoded(
      GlobalSurrogateTree.self,
      [
        "scale": "probability", "sampleName": "test", "sampleHash": "ab", "settings": [],
        "rules": rules, "agreement": agreement,
        "warnings": try JSONSerialization.jsonObject(with: JSONEncoder().encode(warnings)),
      ])
  }

  static func dropColumn() throws -> DropColumnImportance {
    try decoded(
      DropColumnImportance.self,
      [
        "sampleName": "test", "rowCount": 600, "full": 0.78, "refitCount": 2,
        "players": [
          [
            "source": "duration_months", "importance": 0.0625, "refits": [0.0615, 0.0635],
            "rowStandardError": 0.01, "refitStandardError": 0.001, "standardError": 0.01005,
            "lower": 0.0428, "upper": 0.0822, "pValue": 0.00001,
          ]
        ],
      ])
  }

  static func surrogates(_ affine: Affine) throws -> SurrogateInput {
    var input = SurrogateInput(rows: 600, allRows: 900)
    input.tree = try tree()
    input.scorecard = try GlobalScorecard.fit(
      to: affine.model,
      sample: Background(name: "test", rows: try encoded(test.rows)), cutOff: 0)
    input.local = SurrogateInput.Local(
      applicants: 200, median: 0.8125, lowTenth: 0.55, least: 0.25, shareBelow: 0.125,
      limit: 0.6, backgroundName: "training", backgroundRows: 150, designRows: 5000)
    return input
  }

  static func global(
    _ importance: PermutationImportance, surrogate: GlobalSurrogate?, affine: Affine
  ) throws -> GlobalInput {
    var forest = GlobalInput.Family(family: "forest", features: importance)
    forest.outOfBag = importance
    var input = GlobalInput(
      families: [
        GlobalInput.Family(
          family: "logistic", features: importance, groups: importance, surrogate: surrogate),
        forest,
      ], champion: "logistic",
      agreements: [
        GlobalInput.Agreement(
          first: "logistic", second: "forest", rankCorrelation: 0.9, topOverlap: 0.75, top: 4)
      ])
    var behaviour = BehaviourInput()
    behaviour.dropColumn = .measured(
      try dropColumn(), RefitExtent(family: "logistic", fits: 4, rows: 500, allRows: 900))
    behaviour.surrogates = try surrogates(affine)
    input.behaviour = behaviour
    return input
  }

  /// The contributions of a decision with the first two factors exchanged.
  static func secondMethod(
    of one: IndividualInput.Case
  ) throws -> IndividualInput.SecondMethod {
    let own = one.explanation
    var values = own.attributions.map(\.value)
    let order = values.indices.sorted { abs(values[$0]) > abs(values[$1]) }
    values.swapAt(order[0], order[1])
    let other = Explanation(
      method: .pathDependentTreeShapley, scale: own.scale,
      background: try Affine().reference, baseValue: own.baseValue,
      explainedValue: own.explainedValue,
      attributions: zip(own.attributions, values).map {
        Attribution(source: $0.source, value: $1, standardError: nil)
      }, fidelity: own.fidelity)
    return IndividualInput.SecondMethod(
      explanation: other, agreement: try MethodAgreement.between(own, other), compared: 60)
  }
}
