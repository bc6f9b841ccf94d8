import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Mixed rows in every form: numbers and 0/1 blocks, some rows outside a block.
struct MixedDesign {
  let compact: EncodedRows
  let dense: EncodedRows
  let map: FeatureMap
  let targets: [Double]

  /// Draws rows with so many numeric columns and 0/1 blocks of these widths; the second block
  /// leaves rows out.
  init(count: Int, numeric: Int, levels: [Int], seed: UInt64) throws {
    var generator = SeedTree(seed: seed).child("mixed rows").generator()
    var blocks: [EncodedRows.Block] = []
    var sources: [FeatureMap.Source] = []
    var logOdds = [Double](repeating: -0.5, count: count)
    var width = 0
    // Blocks stand between numeric columns, so that places and order both count.
    for k in 0..<max(numeric, levels.count) {
      if k < numeric {
        let column = (0..<count).map { _ in generator.nextNormal() * Double(k + 1) + Double(k) }
        for r in 0..<count { logOdds[r] += (column[r] - Double(k)) / Double(k + 1) * 0.6 }
        blocks.append(.numbers(column))
        sources.append(.init(name: "x\(k)", columns: width..<width + 1))
        width += 1
      }
      if k < levels.count {
        let shift = k == 1 ? 1 : 0
        let places = (0..<count).map { _ in
          Int32(generator.nextInteger(below: levels[k] + shift) - shift)
        }
        for r in 0..<count { logOdds[r] += Double(places[r]) * 0.2 }
        blocks.append(.indicators(places, width: levels[k]))
        sources.append(.init(name: "l\(k)", columns: width..<width + levels[k]))
        width += levels[k]
      }
    }
    compact = try EncodedRows(blocks: blocks, count: count)
    dense = compact.dense
    map = FeatureMap(sources: sources, columnNames: (0..<width).map { "e\($0)" })
    targets = (0..<count).map { r in
      r < 2 ? Double(r) : (generator.nextUniform() < sigmoid(logOdds[r]) ? 1 : 0)
    }
  }

  func training(compact isCompact: Bool, weights: [Double]? = nil) throws -> TrainingRows {
    try TrainingRows(
      rows: isCompact ? compact : dense, targets: targets, weights: weights, featureMap: map)
  }
}

@Suite struct LinearDesignTests {
  @Test(
    "Every form of a design has the products of the dense matrix",
    arguments: [
      (40, 3, [2, 3]), (333, 5, [4, 7, 2]), (3000, 6, [3, 5, 8, 10]), (50, 0, [3, 4]), (70, 4, []),
    ] as [(Int, Int, [Int])])
  func products(count: Int, numeric: Int, levels: [Int]) throws {
    let mixed = try MixedDesign(count: count, numeric: numeric, levels: levels, seed: UInt64(count))
    let sources = mixed.map.sources.map(\.columns)
    for constant in [nil, 0.7] as [Double?] {
      let matrix = mixed.dense.matrix
      let full = Matrix(rows: count, columns: matrix.columns + (constant == nil ? 0 : 1)) { r, c in
        c < matrix.columns ? matrix[r, c] : constant ?? 0
      }
      let designs = [
        LinearDesign(mixed.compact, sources: sources, constant: constant),
        LinearDesign(mixed.dense, sources: sources, constant: constant),
        LinearDesign(mixed.dense, sources: [], constant: constant),
        LinearDesign(SparseMatrix(matrix), constant: constant),
      ]
      var generator = SeedTree(seed: 1).generator()
      let point = (0..<full.columns).map { _ in generator.nextNormal() }
      // Some rows count, some count against, some not at all.
      let weights = (0..<count).map { r in r % 3 == 0 ? 0 : generator.nextNormal() }
      let margins = try BLAS.product(full, point)
      let transposed = try BLAS.product(full, weights, transpose: true)
      let gram = try BLAS.weightedGram(full, weights: weights)
      for (form, design) in designs.enumerated() {
        #expect(design.width == full.columns)
        #expect(largestDisagreement(design.margins(at: point), margins) < 1e-11, "\(form)")
        #expect(largestDisagreement(design.transposedProduct(weights), transposed) < 1e-10)
        let found = design.gram(weights)
        #expect(largestDisagreement(found.values, gram.values) < 1e-10, "\(form)")
        for r in 0..<found.rows { for c in 0..<r { #expect(found[r, c] == found[c, r]) } }
      }
    }
  }

  @Test("Dense rows are taken apart into 0/1 blocks where that is cheaper")
  func recognition() throws {
    let mixed = try MixedDesign(count: 500, numeric: 4, levels: [20, 30], seed: 2)
    let sources = mixed.map.sources.map(\.columns)
    #expect(LinearDesign(mixed.dense, sources: sources, constant: nil).groupCount > 0)
    #expect(LinearDesign(mixed.dense, sources: [], constant: nil).groupCount == 0)
    let narrow = try MixedDesign(count: 500, numeric: 40, levels: [2], seed: 2)
    #expect(
      LinearDesign(narrow.dense, sources: narrow.map.sources.map(\.columns), constant: nil)
        .groupCount == 0)
  }

  @Test("Products have the same bits at any number of threads")
  func threads() throws {
    let mixed = try MixedDesign(count: 70_000, numeric: 2, levels: [3, 4], seed: 3)
    let design = LinearDesign(mixed.compact, sources: [], constant: 1)
    let point = (0..<design.width).map { 0.1 * Double($0) - 0.3 }
    let weights = mixed.targets.map { 0.3 + $0 }
    for threads in [2, 3] {
      #expect(design.margins(at: point) == design.margins(at: point, threads: threads))
      #expect(
        design.transposedProduct(weights) == design.transposedProduct(weights, threads: threads))
      #expect(design.gram(weights) == design.gram(weights, threads: threads))
    }
  }

  @Test("Compact rows score to the bits of dense ones, whatever the signs of zero")
  func scoringBits() throws {
    let mixed = try MixedDesign(count: 2500, numeric: 4, levels: [3, 5, 2], seed: 4)
    var generator = SeedTree(seed: 5).generator()
    for intercept in [0.25, 0.0, -0.0, .leastNonzeroMagnitude] {
      var coefficients = (0..<mixed.compact.width).map { _ in generator.nextNormal() }
      coefficients[0] = -0.0
      coefficients[2] = 0
      let model = LinearSVM(coefficients: coefficients, intercept: intercept)
      let dense = try model.margins(of: mixed.dense)
      #expect(try model.margins(of: mixed.compact).map(\.bitPattern) == dense.map(\.bitPattern))
      let sparse = try model.margins(of: SparseMatrix(mixed.dense.matrix))
      #expect(sparse.map(\.bitPattern) == dense.map(\.bitPattern))
      #expect(try model.terms(of: mixed.compact) == model.terms(of: mixed.dense))
    }
    let zeros = try EncodedRows(
      blocks: [.indicators([-1, 0], width: 2), .numbers([0, -0.0])], count: 2)
    let model = LinearSVM(coefficients: [-0.0, -0.0, -1], intercept: -0.0)
    #expect(
      try model.margins(of: zeros).map(\.bitPattern)
        == model.margins(of: zeros.dense).map(\.bitPattern))
  }

  static let learners: [any Learner] = [
    LinearSVMLearner(options: LinearSVMOptions(tolerance: 1e-12)),
    LinearSVMLearner(options: LinearSVMOptions(loss: .hinge)),
    LinearSVMLearner(options: LinearSVMOptions(penalty: .l1)),
    LinearSVMLearner(options: LinearSVMOptions(solver: .dualCoordinate, maximumPasses: 3000)),
    LogisticLearner(), LogisticLearner(options: LogisticOptions(ridge: 2)),
    LogisticLearner(options: LogisticOptions(penalty: .lasso, lambda: 4)),
    LogisticLearner(options: LogisticOptions(penalty: .elasticNet, lambda: 4)),
    LogisticLearner(options: LogisticOptions(firth: true)),
    LogisticLearner(options: LogisticOptions(standardErrors: .robust)),
  ]

  @Test("A fit on compact rows is that on dense ones", arguments: learners.indices)
  func equalFits(_ place: Int) throws {
    func compare<Family: Learner>(_ learner: Family) throws {
      for weights in [nil, (0..<400).map { Double($0 % 4) }] as [[Double]?] {
        let mixed = try MixedDesign(count: 400, numeric: 3, levels: [3, 6, 4], seed: 6)
        let compact = try learner.fit(
          mixed.training(compact: true, weights: weights), context: context())
        let dense = try learner.fit(
          mixed.training(compact: false, weights: weights), context: context())
        // Where columns depend on each other the coefficients may differ; the margins may not.
        let a = try compact.model.margins(of: mixed.compact)
        let b = try dense.model.margins(of: mixed.dense)
        #expect(largestDisagreement(a, b) < 3e-4)
        #expect(
          agree(
            compact.log.measures["objective"] ?? .nan, dense.log.measures["objective"] ?? 0,
            within: 1e-7))
        #expect(compact.log.converged && dense.log.converged)
        let errors = compact.log.coefficients.compactMap(\.standardError)
        let others = dense.log.coefficients.compactMap(\.standardError)
        #expect(errors.count == others.count)
        #expect(largestDisagreement(errors, others) < 1e-6)
      }
    }
    try compare(Self.learners[place])
  }

  @Test("A fit that starts on a part of the rows ends at the optimum, with equal bytes by threads")
  func sampledStart() throws {
    let mixed = try MixedDesign(count: 120_000, numeric: 2, levels: [3, 4], seed: 7)
    let training = try mixed.training(compact: true)
    let one = TrainingContext(seeds: SeedTree(seed: 1))
    let two = TrainingContext(seeds: SeedTree(seed: 2), threads: 2)
    let svm = try LinearSVMLearner().fit(training, context: one)
    #expect((svm.log.measures["steps on a sample"] ?? 0) > 0)
    #expect(svm.log.converged)
    #expect(try LinearSVMLearner().fit(training, context: two).model.archive == svm.model.archive)
    let ridge = LogisticLearner(options: LogisticOptions(ridge: 1))
    let logistic = try ridge.fit(training, context: one)
    #expect((logistic.log.measures["steps on a sample"] ?? 0) > 0)
    #expect((logistic.log.measures["gradient norm"] ?? 1) < 1e-3)
    #expect(try ridge.fit(training, context: two).model.archive == logistic.model.archive)
    // Another order of the rows draws another part of them.
    let order = Array((0..<120_000).reversed())
    let reversed = try TrainingRows(
      rows: training.rows.selecting(rows: order), targets: order.map { mixed.targets[$0] },
      featureMap: mixed.map)
    let other = try ridge.fit(reversed, context: one)
    #expect(largestDisagreement(other.model.coefficients, logistic.model.coefficients) < 1e-6)
    let otherSVM = try LinearSVMLearner().fit(reversed, context: one)
    #expect(largestDisagreement(otherSVM.model.coefficients, svm.model.coefficients) < 1e-5)
  }

  @Test("A fit that is asked to end throws", arguments: learners.indices)
  func cancelled(_ place: Int) throws {
    func check<Family: Learner>(_ learner: Family) throws {
      let mixed = try MixedDesign(count: 60, numeric: 2, levels: [3], seed: 8)
      let cancellation = Cancellation()
      cancellation.cancel()
      let error = #expect(throws: TrainingError.self) {
        try learner.fit(
          mixed.training(compact: true),
          context: TrainingContext(seeds: SeedTree(seed: 1), cancellation: cancellation))
      }
      #expect(error?.code == .cancelled)
    }
    try check(Self.learners[place])
  }

  @Test("Separation is found on compact rows, and a value that is not finite is refused")
  func compactFaults() throws {
    let mixed = try MixedDesign(count: 300, numeric: 2, levels: [4, 3], seed: 9)
    guard case .compact(var blocks) = mixed.compact.storage else {
      Issue.record("Not the kind that was looked for.")
      return
    }
    var targets = mixed.targets
    guard case .indicators(let places, _) = blocks[1] else {
      Issue.record("Not the kind that was looked for.")
      return
    }
    for r in targets.indices where places[r] == 2 { targets[r] = 1 }
    let map = mixed.map
    let log = try LogisticLearner().fit(
      TrainingRows(rows: mixed.compact, targets: targets, featureMap: map), context: context()
    ).log
    #expect(log.notices.contains { $0.hasPrefix("Quasi-complete separation") })
    guard case .numbers(var numbers) = blocks[0] else {
      Issue.record("Not the kind that was looked for.")
      return
    }
    numbers[7] = .infinity
    blocks[0] = .numbers(numbers)
    let rows = try EncodedRows(blocks: blocks, count: 300)
    let error = #expect(throws: TrainingError.self) {
      try LinearSVMLearner().fit(
        TrainingRows(rows: rows, targets: targets, featureMap: map), context: context())
    }
    #expect(error?.description.contains("row 7") == true)
    #expect(error?.description.contains("\"e0\"") == true)
  }
}
