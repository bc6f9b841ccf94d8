import CandorData
import CandorNumerics
import CandorScoring

/// How recourse is sought for one model, with what does not depend on the applicant.
enum RecourseSolver: Sendable {
  case linear(coefficients: [Double])
  case trees(TreeMoves, testsByColumn: [[Int]])
  case search

  /// The name of the method.
  var method: Recourse.Method {
    switch self {
    case .linear: .linear
    case .trees: .trees
    case .search: .search
    }
  }

  /// The cheapest ways to be approved, and the applicant with the options that they pick from.
  func answer(
    for applicant: Applicant, margin: Double, model: RecourseModel, options: RecourseOptions,
    seeds: SeedTree, threads: Int, clock: RecourseClock
  ) throws(ExplanationError) -> (Applicant, SolverAnswer) {
    switch self {
    case .linear(let coefficients):
      let answer = LinearRecourse.answer(
        for: applicant, coefficients: coefficients, margin: margin, model: model,
        options: options, clock: clock)
      return (applicant, answer)
    case .trees(let trees, let testsByColumn):
      return TreeBranchAndBound.answer(
        for: applicant, trees: trees, testsByColumn: testsByColumn, margin: margin, model: model,
        recourse: options, threads: threads, clock: clock)
    case .search:
      let answer = try RecourseSearch.answer(
        for: applicant, margin: margin, model: model, options: options, seeds: seeds,
        threads: threads, clock: clock)
      return (applicant, answer)
    }
  }
}

extension MethodSelection {
  /// The best way to seek recourse that a model allows: exact where it is linear, by its trees where
  /// it has some, else by search.
  static func recourseSolver(for model: RecourseModel) -> RecourseSolver {
    if let scorer = model.scorer as? any LinearScorer {
      return .linear(coefficients: scorer.coefficients)
    }
    // Trees whose sets hold more level codes than a mask has bits are sought through like any model.
    guard let scorer = model.scorer as? any TreeEnsembleScorer,
      let trees = try? TreeMoves(scorer.ensemble, width: scorer.inputWidth)
    else { return .search }
    var tests = [[Int]](repeating: [], count: scorer.inputWidth)
    for (number, test) in trees.tests.enumerated() { tests[Int(test.column)].append(number) }
    return .trees(trees, testsByColumn: tests)
  }
}
