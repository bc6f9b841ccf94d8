/// The stability index of one characteristic, and where the whole population sits now.
///
/// The index is that of `PopulationStability` on the characteristic's own bins. Categories that the
/// reference does not know are named: a model has never seen them.
public struct CharacteristicStability: Sendable, Equatable, Codable {
  /// The name of the characteristic.
  public let name: String
  /// The index with its bins.
  public let index: PopulationStability
  /// Categories that only the current sample has, in order of name.
  public let newCategories: [String]
  /// Categories that only the reference has, in order of name.
  public let vanishedCategories: [String]

  /// The index of a numeric characteristic, NaN for missing; throws where a sample is empty.
  public init(
    name: String, reference: [Double], current: [Double], referenceWeights: [Double]? = nil,
    currentWeights: [Double]? = nil, bins: Int = 10
  ) throws(EvaluationError) {
    self.name = name
    index = try PopulationStability(
      reference: reference, current: current, referenceWeights: referenceWeights,
      currentWeights: currentWeights, bins: bins)
    newCategories = []
    vanishedCategories = []
  }

  /// The index of a characteristic with categories, nil for missing; throws where a sample is
  /// empty.
  public init(
    name: String, referenceCategories: [String?], currentCategories: [String?],
    referenceWeights: [Double]? = nil, currentWeights: [Double]? = nil
  ) throws(EvaluationError) {
    self.name = name
    index = try PopulationStability(
      referenceCategories: referenceCategories, currentCategories: currentCategories,
      referenceWeights: referenceWeights, currentWeights: currentWeights)
    newCategories = index.bins.filter { $0.referenceRows == 0 }.compactMap(\.label)
    vanishedCategories = index.bins.filter { $0.currentRows == 0 }.compactMap(\.label)
  }
}
