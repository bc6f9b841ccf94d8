import CandorDocument
public import CandorEvaluation
public import CandorExplanation

/// What was measured of printed reasons beyond each list's own evidence, as section 14 lays it out.
public struct ReasonProofInput: Sendable {
  /// The reasons of the applicants of one protected column's groups.
  public struct ByGroup: Sendable {
    /// The protected column.
    public var column: String
    /// Its groups.
    public var population: ReasonPopulation

    /// Joins a column to its groups.
    ///
    /// - Parameters:
    ///   - column: The protected column.
    ///   - population: Its groups.
    public init(column: String, population: ReasonPopulation) {
      self.column = column
      self.population = population
    }
  }

  /// All lists.
  public var population: ReasonPopulation
  /// The same by the groups of each protected column.
  public var byGroup: [ByGroup]
  /// How many lists were derived anew.
  public var examined: Int
  /// The share of printed factors that, alone, lower the risk when they move to the reference.
  public var directionAgrees: Estimate?
  /// The probability that a resampled reference changes the printed set.
  public var referenceChange: Estimate?
  /// The probability that a refit that refuses as well changes the printed set.
  public var refitChange: Estimate?
  /// The share of refits that approve the applicant.
  public var refitApproval: Estimate?
  /// The share of printed factors that the comparison with all applicants prints too.
  public var otherOverlap: Estimate?

  /// Joins the measurements.
  ///
  /// - Parameters:
  ///   - population: All lists.
  ///   - byGroup: The same by the groups of each protected column.
  ///   - examined: How many lists were derived anew.
  ///   - directionAgrees: The share of printed factors that lower the risk alone.
  ///   - referenceChange: The probability of another set under a resampled reference.
  ///   - refitChange: The probability of another set under a refit.
  ///   - refitApproval: The share of refits that approve.
  ///   - otherOverlap: The share of printed factors that the other accepted method prints too.
  public init(
    population: ReasonPopulation, byGroup: [ByGroup], examined: Int,
    directionAgrees: Estimate?, referenceChange: Estimate?, refitChange: Estimate?,
    refitApproval: Estimate?, otherOverlap: Estimate?
  ) {
    self.population = population
    self.byGroup = byGroup
    self.examined = examined
    self.directionAgrees = directionAgrees
    self.referenceChange = referenceChange
    self.refitChange = refitChange
    self.refitApproval = refitApproval
    self.otherOverlap = otherOverlap
  }
}

extension ReasonSection {
  /// The findings that prove or disprove printed reasons.
  static func addProof(
    _ proof: ReasonProofInput, _ input: ReasonInput, to sheet: inout FindingSheet
  ) {
    sheet.add(
      key("measure.directionAgrees"), proof.directionAgrees, .percent(1),
      sample: key(
        "sample.withReasons", ["n": .count(input.refusals), "total": .count(input.refused)]),
      rows: input.withReasons, bads: input.bads)
    let sample = key(
      "sample.examinedLists", ["n": .count(proof.examined), "total": .count(input.withReasons)])
    for (measure, estimate) in [
      ("measure.referenceChange", proof.referenceChange),
      ("measure.refitChange", proof.refitChange), ("measure.refitApproval", proof.refitApproval),
      ("measure.otherOverlap", proof.otherOverlap),
    ] {
      sheet.add(
        key(measure), estimate, .percent(1), sample: sample, rows: proof.examined, bads: nil)
    }
  }

  /// The population's outliers, and the reasons of each protected group.
  static func populationItems(_ proof: ReasonProofInput) -> [ReportItem] {
    var items: [ReportItem] = []
    let population = proof.population
    if proof.otherOverlap == nil, proof.examined > 0 {
      items.append(.paragraph(key("reasons.otherImpossible")))
    }
    if !population.neverPrinted.isEmpty {
      items.append(
        .paragraph(
          key(
            "reasons.neverPrinted",
            [
              "names": .list(population.neverPrinted.map(Value.text)),
              "n": .count(population.lists),
            ])))
    }
    if !population.overHalf.isEmpty {
      items.append(
        .notice(
          .warning,
          key("reasons.overHalf", ["names": .list(population.overHalf.map(Value.text))])))
    }
    for group in proof.byGroup where !group.population.groups.isEmpty {
      items.append(.table(table(group)))
    }
    return items
  }

  /// A cell with fewer applicants is not printed.
  private static let smallestCell = 10

  private static func table(_ input: ReasonProofInput.ByGroup) -> ReportTable {
    // Groups of few applicants would tell of persons.
    let shown = input.population.groups.filter { $0.lists >= smallestCell }
    let order = input.population.frequencies.filter { $0.count > 0 }.map(\.subject)
    return ReportTable(
      title: key("reasons.byGroup", ["column": .code(input.column)]),
      columns: [.left("column.subject")]
        + shown.map { group in
          ReportTable.Column(
            key("column.groupOf", ["name": .text(group.name), "n": .count(group.lists)]), .right)
        },
      rows: order.map { subject in
        [.text(subject)]
          + shown.map { group in
            .number(
              group.frequencies.first { $0.subject == subject }?.share, .percent(0))
          }
      },
      note: key(
        "reasons.byGroupNote",
        [
          "hidden": .count(input.population.groups.count - shown.count),
          "least": .count(smallestCell),
        ]))
  }
}
