import CandorData
import CandorScoring

/// A scorer that was written and read back scores to the bit as before, and writes the same again.
enum SaveAndLoad {
  static let check = ScorerCheck(
    "a saved and loaded scorer gives equal bits",
    persistable: { scorer, rows in roundTrip(scorer, rows) })

  private static func roundTrip<Model: PersistableScorer>(
    _ scorer: Model, _ rows: EncodedRows
  ) -> [String] {
    var findings: [String] = []
    let name = Model.familyName
    if name.isEmpty || !name.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "-" }) {
      findings.append("the family name \"\(name)\" is not lower-case words joined by hyphens")
    }
    let archive = scorer.archive
    for (name, tensor) in archive.tensors.sorted(by: { $0.key < $1.key })
    where tensor.shape.reduce(1, *) != tensor.elements.count {
      findings.append("tensor \(name) has \(tensor.elements.count) elements for \(tensor.shape)")
    }
    let loaded: Model
    do throws(ScoringError) {
      loaded = try Model(archive: archive)
    } catch {
      return findings + ["what the scorer wrote cannot be read: \(error.description)"]
    }
    if loaded.inputWidth != scorer.inputWidth || loaded.marginScale != scorer.marginScale {
      findings.append("width or margin scale differ after loading")
    }
    if loaded.archive != archive { findings.append("the loaded scorer writes another archive") }
    return findings
      + Trial.withMargins(scorer, rows) { before in
        Trial.withMargins(loaded, rows) { after in
          Trial.difference(after, from: before, "the loaded scorer")
        }
      }
  }
}
