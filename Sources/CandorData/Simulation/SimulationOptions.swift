/// What `LoanSimulator` makes.
///
/// The features and the true risk of a row depend on the seed and the row's number, and on drift
/// where it is on; every other option only adds columns or changes how many are written.
public struct SimulationOptions: Sendable, Equatable, Codable {
  /// The seed: the same seed gives the same loans.
  public var seed: UInt64
  /// How many feature columns are written, 10 to 200.
  public var features: Int
  /// Adds `period`, a month of two years; amounts and the general risk rise with it.
  public var drift: Bool
  /// Adds the protected column `group`, and makes the recorded outcomes of group B worse than
  /// their true risk.
  public var bias: Bool
  /// Adds `group`, and columns that tell of it and have no effect of their own.
  public var proxies: Bool
  /// Adds `true_pd` and `true_log_odds`.
  public var truth: Bool
  /// Adds `loan_id`, the number of the row from one.
  public var identifier: Bool

  /// How many features may be asked for.
  public static let featureRange = 10...200

  /// Options with the defaults of `candor simulate loans`.
  public init(
    seed: UInt64 = 1, features: Int = 28, drift: Bool = false, bias: Bool = false,
    proxies: Bool = false, truth: Bool = false, identifier: Bool = false
  ) {
    self.seed = seed
    self.features = features
    self.drift = drift
    self.bias = bias
    self.proxies = proxies
    self.truth = truth
    self.identifier = identifier
  }

  /// Whether the column `group` is written.
  public var hasGroup: Bool { bias || proxies }

  /// The same options where they make sense; throws a sentence that names the option otherwise.
  public func validated() throws(DataError) -> SimulationOptions {
    guard Self.featureRange.contains(features) else {
      throw DataError(
        .badOption,
        "features must be between \(Self.featureRange.lowerBound) and "
          + "\(Self.featureRange.upperBound)", value: String(features))
    }
    return self
  }
}
