/// The version of this copy of Candor, as bundles and reports carry it.
public enum CandorVersion {
  /// The version by semantic versioning (https://semver.org).
  public static let current = "0.1.0"
}
