/// Column names that often mean a protected characteristic: a hint for a person, never a rule.
enum ProtectedNames {
  /// Words of names that are written with spaces, underscores or hyphens.
  private static let words: Set<String> = [
    "sex", "gender", "age", "race", "ethnicity", "ethnic", "religion", "nationality", "foreign",
    "marital", "marriage", "disability", "pregnant", "pregnancy", "birth", "birthdate", "dob",
  ]

  /// Parts of names that are written without spaces.
  private static let parts = ["性别", "年龄", "民族", "婚姻", "宗教", "国籍", "出生", "残疾"]

  /// Whether a name suggests a protected characteristic.
  static func suggests(_ name: String) -> Bool {
    name.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
      || parts.contains { name.contains($0) }
  }
}
