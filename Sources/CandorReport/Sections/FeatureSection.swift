import CandorDocument
public import CandorScoring

/// What section 6 lays out.
public struct FeatureRegisterInput: Sendable {
  /// A source feature.
  public struct Feature: Sendable {
    /// Its name.
    public var name: String
    /// Whether the model uses it.
    public var isUsed: Bool
    /// Its information value on the training rows.
    public var informationValue: Double?
    /// Its AUC alone on the training rows.
    public var auc: Double?
    /// The declared effect on PD (`increasing`, `decreasing`), nil where none was declared.
    public var declaredDirection: String?
    /// The effect observed, in the same words; nil where it has no one direction.
    public var observedDirection: String?
    /// What it means, in the study's words; nil where the study does not say.
    public var description: String?
    /// Whether the study says that an applicant cannot change it soon.
    public var isImmutable: Bool

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - isUsed: Whether the model uses it.
    ///   - informationValue: Its information value on the training rows.
    ///   - auc: Its AUC alone on the training rows.
    ///   - declaredDirection: The declared effect on PD.
    ///   - observedDirection: The effect observed.
    ///   - description: What it means, in the study's words.
    ///   - isImmutable: Whether the study says that an applicant cannot change it soon.
    public init(
      name: String, isUsed: Bool = true, informationValue: Double? = nil, auc: Double? = nil,
      declaredDirection: String? = nil, observedDirection: String? = nil,
      description: String? = nil, isImmutable: Bool = false
    ) {
      self.name = name
      self.isUsed = isUsed
      self.informationValue = informationValue
      self.auc = auc
      self.declaredDirection = declaredDirection
      self.observedDirection = observedDirection
      self.description = description
      self.isImmutable = isImmutable
    }
  }

  /// The features.
  public var features: [Feature]
  /// Groups and wordings.
  public var catalogue: ReasonCatalogue

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - features: The features.
  ///   - catalogue: Groups and wordings.
  public init(features: [Feature], catalogue: ReasonCatalogue) {
    self.features = features
    self.catalogue = catalogue
  }
}

/// Section 6: one row a source feature.
public enum FeatureSection {
  /// Lays the section out.
  ///
  /// - Parameter input: Features, groups and wordings.
  /// - Returns: The section.
  public static func build(_ input: FeatureRegisterInput) -> ReportSection {
    let rows = input.features.map { feature -> [Value] in
      let group = input.catalogue.groups.first { $0.members.contains(feature.name) }
      return [
        .text(feature.name), .text(feature.description ?? NumberStyle.missing),
        .answer(feature.isUsed),
        .number(feature.informationValue, .fixed(3)), .number(feature.auc, .fixed(3)),
        direction(feature.declaredDirection), direction(feature.observedDirection),
        .answer(feature.isImmutable), .text(group?.name ?? NumberStyle.missing),
      ]
    }
    let reasons = input.catalogue.entries.map { entry -> [Value] in
      [
        .text(entry.subject), .text(entry.code ?? NumberStyle.missing),
        .text(entry.wording["en"] ?? NumberStyle.missing),
        .text(entry.wording["zh-Hans"] ?? entry.wording["zh"] ?? NumberStyle.missing),
        .answer(entry.immutable),
      ]
    }
    var supplied = [
      SuppliedField(label: key("supplied.feature_lawful_basis"), answer: nil)
    ]
    // Descriptions stand in the register where the study gives them for every feature.
    if !input.features.allSatisfy({ $0.description?.isEmpty == false }) {
      supplied.insert(
        SuppliedField(label: key("supplied.feature_definitions"), answer: nil), at: 0)
    }
    return ReportSection(
      .features,
      [
        .table(
          ReportTable(
            title: key("features.register"),
            columns: [
              .left("column.feature"), .left("column.description"), .left("column.used"),
              .right("column.iv"),
              .right("column.singleAUC"), .left("column.declared"), .left("column.observed"),
              .left("column.immutable"), .left("column.group"),
            ], rows: rows, note: key("features.note"))),
        .table(
          ReportTable(
            title: key("features.reasons"),
            columns: [
              .left("column.subject"), .left("column.code"), .left("column.wordingEnglish"),
              .left("column.wordingChinese"), .left("column.immutable"),
            ], rows: reasons,
            note: reasons.isEmpty ? key("features.noReasons") : nil)),
        .supplied(supplied),
        SuppliedSections.notComputed([
          "check.correlation", "check.vif", "check.featureStability",
        ]),
      ])
  }

  private static func direction(_ word: String?) -> Value {
    switch word {
    case "increasing": .key("value.increasing")
    case "decreasing": .key("value.decreasing")
    default: .text(word ?? NumberStyle.missing)
    }
  }
}
