public import CandorData
public import CandorScoring

/// One promise of the scorer contract, with the capability that it belongs to.
///
/// The initialisers that take a capability are the one place of the suite where a scorer is asked
/// what it is.
public struct ScorerCheck: Sendable {
  /// What holds where the check passes, in a few words.
  public let name: String
  /// The capabilities without which the check does not apply.
  public let needs: Capabilities
  private let findings: @Sendable (any Scorer, EncodedRows) -> [String]

  /// A check of every scorer.
  init(_ name: String, every findings: @escaping @Sendable (any Scorer, EncodedRows) -> [String]) {
    self.name = name
    needs = []
    self.findings = findings
  }

  init(
    _ name: String,
    differentiable check: @escaping @Sendable (any DifferentiableScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .differentiable
    findings = { scorer, rows in
      (scorer as? any DifferentiableScorer).map { check($0, rows) } ?? []
    }
  }

  init(
    _ name: String,
    layered check: @escaping @Sendable (any LayeredScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .layered
    findings = { scorer, rows in (scorer as? any LayeredScorer).map { check($0, rows) } ?? [] }
  }

  init(
    _ name: String, linear check: @escaping @Sendable (any LinearScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .linear
    findings = { scorer, rows in (scorer as? any LinearScorer).map { check($0, rows) } ?? [] }
  }

  init(
    _ name: String,
    additive check: @escaping @Sendable (any AdditiveScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .additive
    findings = { scorer, rows in (scorer as? any AdditiveScorer).map { check($0, rows) } ?? [] }
  }

  init(
    _ name: String,
    trees check: @escaping @Sendable (any TreeEnsembleScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .treeEnsemble
    findings = { scorer, rows in
      (scorer as? any TreeEnsembleScorer).map { check($0, rows) } ?? []
    }
  }

  init(
    _ name: String,
    outOfBag check: @escaping @Sendable (any OutOfBagScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .outOfBag
    findings = { scorer, rows in (scorer as? any OutOfBagScorer).map { check($0, rows) } ?? [] }
  }

  init(
    _ name: String,
    persistable check: @escaping @Sendable (any PersistableScorer, EncodedRows) -> [String]
  ) {
    self.name = name
    needs = .persistable
    findings = { scorer, rows in
      (scorer as? any PersistableScorer).map { check($0, rows) } ?? []
    }
  }

  /// Tries a scorer on rows; a check whose capability the scorer lacks finds nothing.
  ///
  /// - Parameters:
  ///   - scorer: The scorer.
  ///   - rows: At least two rows of the scorer's width.
  /// - Returns: What was found broken.
  public func violations(of scorer: any Scorer, rows: EncodedRows) -> [Violation] {
    findings(scorer, rows).map { Violation(check: name, finding: $0) }
  }
}
