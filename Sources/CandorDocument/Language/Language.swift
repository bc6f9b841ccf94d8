/// A language in which documents are written.
public enum Language: String, Sendable, Hashable, Codable, CaseIterable {
  /// English.
  case english = "en"
  /// Chinese in simplified script.
  case simplifiedChinese = "zh-Hans"

  /// The language that a short code names (`en`, `zh`, `zh-Hans`, `zh-CN`), nil for others.
  public init?(code: String) {
    switch code.lowercased() {
    case "en", "english": self = .english
    case "zh", "zh-hans", "zh-cn", "zh_cn", "zh-hans-cn": self = .simplifiedChinese
    default: return nil
    }
  }

  /// The name of the language in itself.
  public var ownName: String {
    switch self {
    case .english: "English"
    case .simplifiedChinese: "简体中文"
    }
  }

  /// What stands between the items of a list in running text.
  public var listSeparator: String {
    switch self {
    case .english: ", "
    case .simplifiedChinese: "、"
    }
  }
}
