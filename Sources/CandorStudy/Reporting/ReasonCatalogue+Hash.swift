public import CandorIntegrity
public import CandorScoring

extension ReasonCatalogue {
  /// SHA-256 over subjects, codes and wordings: the version of the wording.
  public var wordingHash: Digest {
    Digest.of(
      text: entries.map { entry in
        let wording = entry.wording.keys.sorted().map { "\($0)=\(entry.wording[$0] ?? "")" }
        return "\(entry.subject)|\(entry.code ?? "")|\(wording.joined(separator: "|"))"
      }.joined(separator: "\n"))
  }
}
