import Candor
import CandorBundle
import CandorData
import CandorDocument
import CandorEvaluation
import CandorIntegrity
import CandorNumerics
import CandorReport
import CandorScoring

extension StudyReport {
  static func closingInput(
    _ result: StudyResult, bundleHash: Digest, command: String, answers: SuppliedAnswers
  ) -> IntegrityInput {
    var hashes: [(label: Message, hash: String)] = [
      (ReportPhrases.hash(ofData: result.data.path), result.data.hash.hex),
      (ReportPhrases.hash(of: .table), TableHash.rowOrderFree(of: result.data.table).hex),
      (ReportPhrases.hash(of: .study), result.study.hash.hex),
      (ReportPhrases.hash(of: .limits), result.study.limitsHash.hex),
      (ReportPhrases.hash(of: .catalogue), result.championModel.catalogue.wordingHash.hex),
      (ReportPhrases.hash(of: .bundle), bundleHash.hex),
    ]
    for reference in result.championModel.references {
      hashes.append((ReportPhrases.hash(ofReference: reference.name), reference.hash))
    }
    return IntegrityInput(
      command: command, verifyCommand: "candor verify report",
      checks: [
        (ReportPhrases.reproduced(.bundleRoundTrip), result.bundleRoundTrip ? .pass : .fail)
      ],
      versions: versions, hashes: hashes, seed: result.study.seed, answers: answers)
  }

  static var versions: [(name: String, version: String)] {
    [
      ("Candor", CandorVersion.current), ("Swift", compiler), ("OpenBLAS", BLAS.configuration),
    ]
  }

  private static var compiler: String {
    #if swift(>=6.4)
      "6.4 or later"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  static func manifestFields(
    of result: StudyResult, bundleHash: Digest, command: String
  ) -> [String: String] {
    var fields = [
      "command": command, "data": result.data.path, "data sha256": result.data.hash.hex,
      "study sha256": result.study.hash.hex, "limits sha256": result.study.limitsHash.hex,
      "bundle sha256": bundleHash.hex, "seed": String(result.study.seed),
    ]
    for version in versions { fields["version, \(version.name)"] = version.version }
    return fields
  }
}
