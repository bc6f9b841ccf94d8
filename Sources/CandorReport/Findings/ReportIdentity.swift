public import CandorDocument

/// What a report is about, without any clock: times stand in the manifest alone.
public struct ReportIdentity: Sendable, Equatable, Codable {
  /// The report's own identifier, derived from its inputs.
  public let reportID: String
  /// The study's name.
  public let studyName: String
  /// The model's name.
  public let modelName: String?
  /// The institution's own identifier of the model.
  public let modelID: String?
  /// The model's version.
  public let modelVersion: String?
  /// The version of Candor.
  public let candorVersion: String
  /// SHA-256 of the data as received.
  public let dataHash: String
  /// SHA-256 of the study after normalisation.
  public let studyHash: String
  /// SHA-256 of the limits; nil where there are none.
  public let limitsHash: String?
  /// SHA-256 of the bundle that the report is about.
  public let bundleHash: String?
  /// The seed of the run.
  public let seed: UInt64
  /// The language whose wording prevails.
  public let authoritativeLanguage: Language
  /// The rulebook profiles that the study asks for; none is part of this version.
  public let profiles: [String]

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - reportID: The report's own identifier.
  ///   - studyName: The study's name.
  ///   - modelName: The model's name.
  ///   - modelID: The institution's own identifier of the model.
  ///   - modelVersion: The model's version.
  ///   - candorVersion: The version of Candor.
  ///   - dataHash: SHA-256 of the data as received.
  ///   - studyHash: SHA-256 of the study after normalisation.
  ///   - limitsHash: SHA-256 of the limits.
  ///   - bundleHash: SHA-256 of the bundle.
  ///   - seed: The seed of the run.
  ///   - authoritativeLanguage: The language whose wording prevails.
  ///   - profiles: The rulebook profiles that the study asks for.
  public init(
    reportID: String, studyName: String, modelName: String? = nil, modelID: String? = nil,
    modelVersion: String? = nil, candorVersion: String, dataHash: String, studyHash: String,
    limitsHash: String? = nil,
    bundleHash: String? = nil, seed: UInt64, authoritativeLanguage: Language = .english,
    profiles: [String] = []
  ) {
    self.reportID = reportID
    self.studyName = studyName
    self.modelName = modelName
    self.modelID = modelID
    self.modelVersion = modelVersion
    self.candorVersion = candorVersion
    self.dataHash = dataHash
    self.studyHash = studyHash
    self.limitsHash = limitsHash
    self.bundleHash = bundleHash
    self.seed = seed
    self.authoritativeLanguage = authoritativeLanguage
    self.profiles = profiles
  }
}
