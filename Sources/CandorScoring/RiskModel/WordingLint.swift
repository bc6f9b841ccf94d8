import Foundation

/// Looks through the wording of reasons for what a notice must not say.
///
/// A statement that a decision rests on internal standards or policies, or that the applicant did not
/// reach a qualifying score, is not specific (12 CFR 1002.9(b)(2)). Words of direction are held to the
/// applicant's own case (`DirectionWord`).
public enum WordingLint {
  /// Phrases that name no measurable factor, by language tag; English in lower case.
  static let vaguePhrases: [String: [String]] = [
    "en": [
      "internal standard", "internal polic", "our polic", "our standard", "credit polic",
      "lending polic", "qualifying score", "credit score too low", "score too low",
      "insufficient score", "low score", "other reason", "other factor", "various factor",
      "various reason", "overall assessment", "general assessment", "the model", "the algorithm",
      "the system", "not creditworthy", "creditworthiness",
    ],
    "zh-Hans": [
      "内部标准", "内部政策", "内部规定", "信贷政策", "评分不足", "评分过低", "综合评分", "综合评估",
      "其他原因", "其他因素", "多种因素", "模型判定", "系统判定", "算法", "信用不良", "资信不足",
    ],
  ]

  /// Words that alone name nothing.
  static let emptyWords: [String: [String]] = [
    "en": ["other", "others", "miscellaneous", "general", "score", "risk", "policy"],
    "zh-Hans": ["其他", "其它", "综合", "评分", "风险", "政策"],
  ]

  /// The part of a wording that names no measurable factor.
  ///
  /// - Parameters:
  ///   - text: The wording.
  ///   - language: Its language tag; other languages than `en` and `zh-Hans` have no list.
  /// - Returns: The vague phrase found, the whole text where it is empty or names nothing; nil where
  ///   the wording passes.
  public static func vaguePhrase(in text: String, language: String) -> String? {
    let plain = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    if plain.isEmpty || emptyWords[language]?.contains(plain) == true { return text }
    return vaguePhrases[language]?.first { plain.contains($0) }
  }
}

/// What a wording says about the size of a factor.
public enum DirectionWord: String, Sendable, Codable {
  /// The value is said to be high, long or many.
  case high
  /// The value is said to be low, short or few.
  case low

  private static let words: [DirectionWord: [String: [String]]] = [
    .high: [
      "en": ["too high", "too large", "too many", "too long", "excessive", "high ", "too much"],
      "zh-Hans": ["过高", "过大", "过多", "过长", "偏高", "偏大", "偏多"],
    ],
    .low: [
      "en": ["too low", "too small", "too few", "too short", "insufficient", "low ", "lack of"],
      "zh-Hans": ["过低", "过小", "过少", "过短", "偏低", "偏少", "不足", "缺乏"],
    ],
  ]

  /// The direction that a wording names, nil where it names none or both.
  ///
  /// - Parameters:
  ///   - text: The wording.
  ///   - language: Its language tag.
  public init?(in text: String, language: String) {
    let plain = text.lowercased()
    let found = [DirectionWord.high, .low].filter { direction in
      Self.words[direction]?[language]?.contains { word in
        // A word of one piece, such as "low ", begins the text or follows a space: not "below ".
        word.hasSuffix(" ")
          ? plain.hasPrefix(word) || plain.contains(" " + word) : plain.contains(word)
      } ?? false
    }
    guard found.count == 1, let only = found.first else { return nil }
    self = only
  }
}
