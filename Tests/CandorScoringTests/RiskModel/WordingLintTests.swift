import CandorScoring
import Testing

@Suite("Wording of reasons")
struct WordingLintTests {
  @Test(
    "Phrases that name no measurable factor are found in both languages",
    arguments: [
      ("Does not meet our internal standards", "en"), ("Score too low", "en"), ("Other", "en"),
      ("  ", "en"), ("内部标准不符", "zh-Hans"), ("综合评分不足", "zh-Hans"), ("其他", "zh-Hans"),
    ])
  func vague(text: String, language: String) {
    #expect(WordingLint.vaguePhrase(in: text, language: language) != nil)
  }

  @Test(
    "Wording that names a factor passes",
    arguments: [
      ("Balance of the checking account", "en"), ("Instalment plans with other lenders", "en"),
      ("Late payments on the card in the last six months", "en"),
      ("在其他机构的分期付款", "zh-Hans"), ("本笔贷款还款负担与收入之比", "zh-Hans"),
    ])
  func specific(text: String, language: String) {
    #expect(WordingLint.vaguePhrase(in: text, language: language) == nil)
  }

  @Test(
    "Words of direction are read, and two that contradict each other say nothing",
    arguments: [
      ("Instalments too high for the income", "en", DirectionWord.high),
      ("Insufficient savings", "en", .low), ("High number of enquiries", "en", .high),
      ("还款分期占收入比例过高", "zh-Hans", .high), ("储蓄不足", "zh-Hans", .low),
      ("Amount of savings", "en", nil), ("Income below the instalment", "en", nil),
      ("Follow the rules", "en", nil), ("Income too low, instalments too high", "en", nil),
    ] as [(String, String, DirectionWord?)])
  func direction(text: String, language: String, expected: DirectionWord?) {
    #expect(DirectionWord(in: text, language: language) == expected)
  }
}
