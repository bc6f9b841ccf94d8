import CandorNumerics

/// Watches the steps of an unpenalised logistic fit for separation: a direction along which every
/// row's fitted probability moves to its outcome, or stays, without end.
///
/// Such a direction exists exactly where the maximum-likelihood estimate does not (Albert and
/// Anderson, "On the existence of maximum likelihood estimates in logistic regression models",
/// Biometrika 71, 1984, doi:10.1093/biomet/71.1.1). Newton's steps converge to it, moving the
/// nearest separated row by one in log-odds a step; the watch therefore tests the step itself.
struct SeparationWatch {
  /// What was found.
  struct Finding: Equatable {
    /// Whether every row is separated, not only some.
    let isComplete: Bool
    /// How many rows are separated.
    let rows: Int
    /// The columns (of the design, the column of ones left out) that make the direction.
    let columns: [Int]
  }

  /// Steps before this one are still far from the limit.
  static let firstStep = 4
  /// A row may move away from its outcome by this much in log-odds and count as staying.
  static let slack = 1e-5
  /// A row that moves to its outcome by this much a step, twice running, has no resting place.
  static let stride = 0.5

  private let targets: [Double]
  private let design: StandardisedDesign
  private let threads: Int
  private var sightings = 0
  private(set) var finding: Finding?

  init(targets: [Double], design: StandardisedDesign, threads: Int) {
    self.targets = targets
    self.design = design
    self.threads = threads
  }

  /// Looks at one step; true where separation is certain.
  mutating func observe(_ step: NewtonSolver.Step) -> Bool {
    guard step.iteration >= Self.firstStep else { return false }
    let direction = zip(step.point, step.previous).map { $0 - $1 }
    var moves = design.design.margins(
      at: design.coordinates.designPoint(direction), threads: threads)
    for r in moves.indices where targets[r] == 0 { moves[r] = -moves[r] }
    let least = moves.min() ?? 0
    let most = moves.max() ?? 0
    guard least >= -Self.slack, most >= Self.stride else {
      sightings = 0
      return false
    }
    sightings += 1
    guard sightings >= 2 else { return false }
    let reach = design.kept.indices.map {
      abs(direction[$0 + 1]) / design.scales[$0] * design.ranges[$0]
    }
    let largest = reach.max() ?? 0
    finding = Finding(
      isComplete: least > 0.1, rows: moves.count { $0 > 0.1 },
      columns: reach.indices.filter { reach[$0] >= 0.1 * largest })
    return true
  }
}
