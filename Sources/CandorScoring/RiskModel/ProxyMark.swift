/// A source feature that tells a protected group from the others well: a strong proxy.
public struct ProxyMark: Sendable, Equatable, Codable {
  /// The source feature.
  public let feature: String
  /// The protected column.
  public let attribute: String
  /// The group of that column that it tells from the others.
  public let group: String
  /// The area under the ROC curve of telling the group, on rows that nothing was fitted on.
  public let area: Double

  /// Joins a feature to the group that it tells.
  ///
  /// - Parameters:
  ///   - feature: The source feature.
  ///   - attribute: The protected column.
  ///   - group: The group of that column.
  ///   - area: The area under the ROC curve of telling the group.
  public init(feature: String, attribute: String, group: String, area: Double) {
    self.feature = feature
    self.attribute = attribute
    self.group = group
    self.area = area
  }
}
