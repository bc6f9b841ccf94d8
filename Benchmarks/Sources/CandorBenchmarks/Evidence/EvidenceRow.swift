import Candor
import CandorStudy
import Foundation

/// Evidence on the example sets: every family of each study is trained, and every refused applicant of
/// the test part is explained. Prints tables in Markdown.
enum EvidenceRow {
  /// The studies, in the folder `examples`.
  static let studies = ["german-credit", "taiwan-credit"]

  static func run(
    examples: WorkDirectory, part: String?, threads: Int, quick: Bool
  ) throws {
    var residuals = MarkdownTable([
      "study, family", "method of the Shapley values", "applicants",
      "additivity residual, largest (99%)",
      "integrated gradients: completeness residual, largest (99%)",
    ])
    var agreements = MarkdownTable([
      "study, family", "beside the Shapley values", "applicants", "top five shared, %",
      "rank correlation", "equal signs, %",
    ])
    var reasons = MarkdownTable([
      "study, family", "refused of test rows", "with reasons", "settled", "referred to a person",
      "printed factors moved to the reference turn the mean decision, %",
    ])
    var recourse = MarkdownTable([
      "study, family", "refused", "with proposals", "proven impossible", "none found in the limits",
      "proposals", "approved when scored anew",
    ])
    var referrals: [String] = []
    for name in part.map({ [$0] }) ?? studies {
      let folder = "\(examples.path)/\(name)"
      let study = try StudyReader.read(file: "\(folder)/study.yaml")
      let data = try StudyData.load(study, relativeTo: URL(fileURLWithPath: folder))
      for request in study.models {
        let model = try StudyRun.train(
          family: request.family, study: study, data: data,
          options: RunOptions(threads: threads))
        let evidence = try FamilyEvidence(
          model, study: study, data: data, threads: threads, most: quick ? 20 : nil)
        let title = "\(study.name), \(request.family)"
        residuals.add(try evidence.residuals(title))
        for row in try evidence.agreements(title) { agreements.add(row) }
        let found = try evidence.reasons(title)
        reasons.add(found.cells)
        referrals += found.referrals
        recourse.add(try evidence.recourse(title))
        TruthRow.note("\(title) done")
      }
    }
    print(
      """
      candor-benchmarks evidence --work examples\(part.map { " --part \($0)" } ?? "")\
      \(quick ? " --quick" : ""), Candor \
      \(CandorVersion.current), the studies' own seeds.

      \(residuals.text)

      \(agreements.text)

      \(reasons.text)

      \(referrals.isEmpty ? "Nobody was referred for want of reasons." : referrals.joined(separator: "\n"))

      \(recourse.text)
      """)
  }
}
