import CandorDocument

/// Sections that hold the institution's own answers, and the checks that nobody has done yet.
public enum SuppliedSections {
  /// Section 2: what the model is for.
  public static func purpose(_ answers: SuppliedAnswers) -> ReportSection {
    ReportSection(.purpose, [.paragraph(key("supplied.intro"))] + answers.items(for: .purpose))
  }

  /// Section 3: who answers for it.
  public static func governance(_ answers: SuppliedAnswers) -> ReportSection {
    ReportSection(
      .governance,
      [.paragraph(key("supplied.intro"))] + answers.items(for: .governance)
        + [.notice(.note, key("governance.unsigned"))])
  }

  /// Section 16: noise and stress.
  public static func robustness(_ answers: SuppliedAnswers) -> ReportSection {
    ReportSection(
      .robustness,
      answers.items(for: .robustness) + [
        notComputed([
          "check.inputNoise", "check.extraMissing", "check.covariateShift", "check.weakSegments",
          "check.macroScenarios", "check.seedVariation",
        ])
      ])
  }

  /// Section 18: uncertainty of single PDs, and where the model holds.
  public static func uncertainty() -> ReportSection {
    ReportSection(
      .uncertainty,
      [notComputed(["check.pdIntervals", "check.conformal", "check.outOfDomain"])])
  }

  /// Section 20: where people come in.
  public static func oversight(_ answers: SuppliedAnswers) -> ReportSection {
    ReportSection(
      .oversight,
      answers.items(for: .oversight) + [
        .notTested([
          NotTestedCheck(key("check.overrides"), because: key("reason.noDecisionLog"))
        ])
      ])
  }

  /// Section 21: how it will be watched.
  public static func monitoring(_ answers: SuppliedAnswers) -> ReportSection {
    ReportSection(
      .monitoring,
      answers.items(for: .monitoring) + [
        notComputed(["check.monitoringSampleSize", "check.breachSimulation"])
      ])
  }

  static func notComputed(_ checks: [String]) -> ReportItem {
    .notTested(checks.map { NotTestedCheck(key($0), because: key("reason.notComputed")) })
  }
}
