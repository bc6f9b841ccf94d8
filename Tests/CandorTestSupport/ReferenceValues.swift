public import Foundation

/// Reference values that another program computed, stored under `Tests/ReferenceData` with the
/// script that made them.
public enum ReferenceValues {
  /// The root of the package, found from this file's own place.
  public static let packageRoot: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the example data sets are.
  public static var examples: URL { packageRoot.appendingPathComponent("examples") }

  /// The bytes of a file below `Tests/ReferenceData`.
  public static func data(_ path: String) throws -> Data {
    try Data(
      contentsOf: packageRoot.appendingPathComponent("Tests/ReferenceData")
        .appendingPathComponent(path))
  }

  /// A JSON file below `Tests/ReferenceData`, decoded.
  public static func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from path: String
  ) throws -> Value {
    try JSONDecoder().decode(type, from: data(path))
  }
}
