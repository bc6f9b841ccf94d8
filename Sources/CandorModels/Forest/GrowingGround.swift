import CandorData
import CandorNumerics
import CandorScoring

/// One tree as grown: nodes level by level, so that the k-th inner node's children stand at
/// `2 k + 1` and `2 k + 2`, and structure needs no pointers.
struct GrownTree: Sendable, Equatable {
  /// At an inner node `column · 256 + bin`, with bit 30 set where missing cells go left (a row goes
  /// left where its bin is at most that; of a column of level codes the bin is 0); at a leaf -1.
  var codes: [Int32] = []
  /// For each inner node on a column of level codes, in the order of the nodes, a bit for each bin
  /// that goes right.
  var sets: [SIMD4<UInt64>] = []
  /// The weight of the drawn rows in each leaf, in the order of the nodes.
  var leafCover: [Double] = []
  /// The value of each leaf.
  var leafValue: [Double] = []

  /// The code of an inner node.
  static func code(column: Int32, bin: UInt8, missingGoesLeft: Bool) -> Int32 {
    column << 8 | Int32(bin) | (missingGoesLeft ? missingBit : 0)
  }

  /// Set in a code where missing cells go left.
  static let missingBit: Int32 = 1 << 30

  /// The column that a code tests.
  static func column(_ code: Int32) -> Int { Int((code & ~missingBit) >> 8) }
}

/// What all trees of a forest share while they grow.
struct GrowingGround: Sendable {
  /// The rows in bins.
  let binned: BinnedMatrix
  /// The number of levels of each column of level codes, 0 for a column of numbers.
  let levels: [Int]
  /// For each column 1 where the margin must not fall, -1 where it must not rise, else 0.
  let directions: [Double]
  /// What is learnt.
  let task: LearningTask
  /// One for each bad row, zero elsewhere; all zero in a regression.
  let isBad: [UInt8]
  /// The weight and the target of each row (see `leafValue`), or empty where rows count one each and
  /// are good or bad.
  let values: [SIMD2<Double>]
  /// The options.
  let options: ForestOptions
  /// Regression: targets are kept as `target · 2^-exponent − centre`, so that sums and squares
  /// neither overflow nor lose what tells neighbours apart.
  private let centre: Double
  private let exponent: Int
  private let cancellation: Cancellation?

  /// Bins the rows and puts weights and targets into shape.
  ///
  /// - Throws: `TrainingError` where balanced class weights meet an outcome without weight.
  init(
    _ training: TrainingRows, options: ForestOptions, context: TrainingContext
  ) throws(TrainingError) {
    let width = training.rows.width
    let counts = training.featureMap.levelCounts
    binned = BinnedMatrix(
      training.rows, levelCounts: counts, maximumBins: options.bins, threads: context.threads)
    levels = (0..<width).map { counts[$0] ?? 0 }
    directions = (0..<width).map { column in
      guard options.monotone, let direction = training.directions[column] else { return 0 }
      return direction == .increasing ? 1 : -1
    }
    task = training.task
    self.options = options
    cancellation = context.cancellation
    let targets = training.targets
    switch training.task {
    case .classification:
      centre = 0
      exponent = 0
      isBad = targets.map { $0 == 1 ? 1 : 0 }
      let weights = try options.classWeights.rowWeights(
        targets: targets, weights: training.weights)
      values = weights.map { zip($0, targets).map { SIMD2($0, $1) } } ?? []
    case .regression:
      let largest = targets.reduce(0) { max($0, $1.magnitude) }
      let exponent = largest > 0 ? Int(largest.exponent) + 1 : 0
      let scaled = targets.map { Double(sign: .plus, exponent: -exponent, significand: $0) }
      let centre = OrderedReduction.sum(scaled) / Double(scaled.count)
      self.exponent = exponent
      self.centre = centre
      isBad = [UInt8](repeating: 0, count: targets.count)
      let weights = training.weights
      values = scaled.indices.map { SIMD2(weights?[$0] ?? 1, scaled[$0] - centre) }
    }
  }

  /// The number of rows.
  var rows: Int { binned.rows }

  /// Whether somebody asked the fit to end.
  var isCancelled: Bool { cancellation?.isCancelled ?? false }

  /// A leaf's value from the mean of its rows' targets.
  func leafValue(_ mean: Double) -> Double {
    task == .classification
      ? mean : Double(sign: .plus, exponent: exponent, significand: mean + centre)
  }

  /// The draws without the rows that weigh nothing; rows of weight once each where no drawn row has
  /// any.
  func weighed(_ draws: [UInt8]) -> [UInt8] {
    guard !values.isEmpty else { return draws }
    let kept = draws.indices.map { values[$0].x > 0 ? draws[$0] : 0 }
    return kept.contains { $0 > 0 } ? kept : values.map { $0.x > 0 ? 1 : 0 }
  }
}
