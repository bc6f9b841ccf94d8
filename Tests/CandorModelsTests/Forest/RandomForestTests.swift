import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Testing

@Suite("Random forest")
struct RandomForestTests {
  private func smallForest() throws -> RandomForest {
    try ForestLearner(options: ForestOptions(trees: 3)).fit(
      FamilyCase.training(), context: TrainingContext(seeds: SeedTree(seed: 1))
    ).model
  }

  @Test("A checkerboard that no linear model can see is learnt")
  func checkerboard() throws {
    var aucs: [Double] = []
    for seed in 0..<4 as Range<UInt64> {
      let train = try checkerboardRows(1200, seed: seed)
      let test = try checkerboardRows(1200, seed: seed + 50)
      let forest = try ForestLearner(options: ForestOptions(trees: 100)).fit(
        train, context: TrainingContext(seeds: SeedTree(seed: seed), threads: 2)
      ).model
      aucs.append(areaUnderCurve(try forest.margins(of: test.rows), test.targets))
    }
    // One row in ten has the wrong label: the best that can be had is about 0.9.
    #expect(aucs.reduce(0, +) / 4 > 0.85)
  }

  @Test("Balanced class weights lift the margins of the rarer class")
  func classWeightsShiftMargins() throws {
    let training = try FamilyCase.training(rows: 400)
    let context = TrainingContext(seeds: SeedTree(seed: 3))
    func mean(_ weights: ClassWeights) throws -> Double {
      let options = ForestOptions(trees: 60, classWeights: weights)
      let forest = try ForestLearner(options: options).fit(training, context: context).model
      return try forest.margins(of: training.rows).reduce(0, +) / Double(training.count)
    }
    let badShare = training.targets.reduce(0, +) / Double(training.count)
    let plain = try mean(.none)
    let balanced = try mean(.balanced)
    let strict = try mean(.explicit(good: 1, bad: 10))
    let lenient = try mean(.explicit(good: 10, bad: 1))
    #expect(abs(plain - badShare) < 0.03)
    #expect(abs(balanced - 0.5) < 0.03)
    #expect(strict > lenient + 0.3)
  }

  @Test("Depth and leaf limits hold in every tree")
  func limitsHold() throws {
    let training = try FamilyCase.training(rows: 400)
    let options = ForestOptions(trees: 25, minimumLeaf: 9, maximumDepth: 3)
    let forest = try ForestLearner(options: options).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 1))
    ).model
    for tree in forest.ensemble.trees {
      var depth = [Int](repeating: 0, count: tree.nodeCount)
      for node in 0..<tree.nodeCount {
        if tree.left[node] >= 0 {
          depth[Int(tree.left[node])] = depth[node] + 1
          depth[Int(tree.right[node])] = depth[node] + 1
        } else {
          #expect(tree.cover[node] >= 9)
        }
      }
      #expect((depth.max() ?? 0) <= 3)
    }
  }

  @Test("Trees of weightless draws and rows of one kind fall back to a leaf")
  func weightlessDraws() throws {
    let plain = try FamilyCase.training(rows: 60)
    var weights = [Double](repeating: 0, count: 60)
    let bad = try #require(plain.targets.firstIndex(of: 1))
    let good = try #require(plain.targets.firstIndex(of: 0))
    weights[bad] = 1
    weights[good] = 3
    let training = try TrainingRows(
      rows: plain.rows, targets: plain.targets, weights: weights, featureMap: plain.featureMap)
    let forest = try ForestLearner(options: ForestOptions(trees: 50, minimumLeaf: 1)).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 1))
    ).model
    let margins = try forest.margins(of: plain.rows)
    #expect(margins.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test(
    "Hostile archives throw",
    arguments: [
      "no trees", "too many nodes", "too few nodes", "missing leaf", "no such column",
      "no such bin", "leaf code", "empty tree", "negative cover", "more bad than cover",
      "falling edges", "too many bins", "surplus edges", "child before parent", "wrong type",
    ])
  func hostileArchives(fault: String) throws {
    var archive = try smallForest().archive
    var sizes = try archive.int32s("tree-sizes")
    var nodes = try archive.int32s("nodes")
    var counts = try archive.int32s("edge-counts")
    var edges = try archive.doubles("edges")
    var cover = try archive.doubles("leaf-cover")
    var bad = try archive.doubles("leaf-bad")
    switch fault {
    case "no trees":
      sizes = []
      nodes = []
      cover = []
      bad = []
    case "too many nodes":
      nodes.append(-1)
      cover.append(1)
      bad.append(0)
    case "too few nodes": nodes.removeLast()
    case "missing leaf": cover.removeLast()
    case "no such column": nodes[0] = Int32(counts.count) << 8
    case "no such bin": nodes[0] = 3 << 8 | 200
    case "leaf code": nodes[nodes.count - 1] = -2
    case "empty tree": sizes.append(0)
    case "negative cover": cover[0] = -1
    case "more bad than cover": bad[0] = cover[0] + 1
    case "falling edges": edges[1] = edges[0]
    case "too many bins":
      counts[0] = 256
    case "surplus edges": edges.append(1e9)
    case "child before parent":
      // Five nodes: root, two leaves, then a split whose children would be nodes 3 and 4.
      sizes = [5]
      nodes = [0, -1, -1, 0, -1]
      cover = [1, 1, 1]
      bad = [0, 0, 0]
    default: break
    }
    archive.set("tree-sizes", sizes)
    archive.set("nodes", nodes)
    archive.set("edge-counts", counts)
    archive.set("edges", edges)
    archive.set("leaf-cover", cover)
    archive.set("leaf-bad", bad)
    if fault == "wrong type" { archive.set("nodes", nodes.map(Double.init)) }
    #expect(throws: ScoringError.self) { try RandomForest(archive: archive) }
  }

  @Test("A forest that could take more than 8 GB is refused with the options that would shrink it")
  func tooLarge() throws {
    let training = try FamilyCase.training(rows: 2000)
    let context = TrainingContext(seeds: SeedTree(seed: 1))
    // 100,000 trees · 3999 nodes · 40 bytes are 14.9 GB.
    var options = ForestOptions(trees: 100_000, minimumLeaf: 1)
    let error = #expect(throws: TrainingError.self) {
      try ForestLearner(options: options).fit(training, context: context)
    }
    let text = try #require(error?.description)
    #expect(error?.code == .badOption)
    for part in ["100000 trees", "minimum_leaf of 1", "2000 rows", "15 GB"] {
      #expect(text.contains(part), "\(text)")
    }
    // What bounds the nodes is counted: leaves, depth and the share of rows drawn.
    options.trees = 300
    options.maximumDepth = 1
    #expect(throws: Never.self) {
      try ForestLearner(options: options).fit(training, context: context)
    }
  }

  @Test("Progress rises to one")
  func progress() throws {
    let seen = LockedState([Double]())
    _ = try ForestLearner(options: ForestOptions(trees: 130)).fit(
      FamilyCase.training(rows: 50),
      context: TrainingContext(
        seeds: SeedTree(seed: 1), progress: { share in seen.withLock { $0.append(share) } }))
    let shares = seen.withLock { $0 }
    #expect(shares.count > 1 && shares == shares.sorted() && shares.last == 1)
  }
}

/// A four by four checkerboard on the unit square with one label in ten turned round.
func checkerboardRows(_ count: Int, seed: UInt64) throws -> TrainingRows {
  var generator = SeedTree(seed: seed).child("checkerboard").generator()
  var targets: [Double] = []
  let matrix = Matrix(rows: count, columns: 2) { _, _ in generator.nextUniform() }
  for r in 0..<count {
    let isBad = (Int(matrix[r, 0] * 4) + Int(matrix[r, 1] * 4)) % 2 == 0
    targets.append((generator.nextUniform() < 0.1) != isBad ? 1 : 0)
  }
  return try TrainingRows(
    rows: EncodedRows(matrix), targets: targets,
    featureMap: FeatureMap(
      sources: [.init(name: "x", columns: 0..<1), .init(name: "y", columns: 1..<2)],
      columnNames: ["x", "y"]))
}
