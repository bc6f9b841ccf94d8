import CandorData
import CandorScoring
import Testing

@Suite("The registry of families") struct FamilyRegistryTests {
  private var registry: FamilyRegistry {
    var registry = FamilyRegistry()
    registry.register(SumScorer.self)
    registry.register(OtherScorer.self)
    return registry
  }

  @Test("A family is read under its own name")
  func known() throws {
    let scorer = SumScorer(weights: [1, -0.25])
    let found = try registry.load(family: "weighted-sum", archive: scorer.archive)
    #expect(found as? SumScorer == scorer)
    #expect(registry.familyNames == ["another-family", "weighted-sum"])
  }

  @Test("An unknown family is refused in a sentence that names it and the known ones")
  func unknown() {
    let error = #expect(throws: ScoringError.self) {
      try registry.load(family: "magic", archive: TensorArchive())
    }
    #expect(error?.code == .unknownFamily)
    #expect(
      error?.description
        == "The model is of family \"magic\"; this version knows another-family, weighted-sum.")
  }

  @Test("What the family says of a bad archive is passed on")
  func badArchive() {
    let error = #expect(throws: ScoringError.self) {
      try registry.load(family: "weighted-sum", archive: TensorArchive())
    }
    #expect(error?.code == .invalidModel)
    #expect(error?.description.contains("\"weights\"") == true)
  }
}

/// A second family, so that names have an order.
private struct OtherScorer: PersistableScorer {
  static let familyName = "another-family"
  private let scorer: SumScorer
  var inputWidth: Int { scorer.inputWidth }
  var marginScale: MarginScale { .distance }
  var archive: TensorArchive { scorer.archive }
  init(archive: TensorArchive) throws(ScoringError) { scorer = try SumScorer(archive: archive) }
  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) { try scorer.margins(of: rows, into: &output) }
}
