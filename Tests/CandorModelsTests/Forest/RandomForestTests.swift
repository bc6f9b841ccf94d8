import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Testing

@Suite("Random forest")
struct RandomForestTests {
  private func smallForest() throws -> RandomForest {
    try ForestLearner(options: ForestOptions(trees: 3)).fit(
      MixedRows.training(rows: 240, seed: 3), context: TrainingContext(seeds: SeedTree(seed: 1))
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
      "no such bin", "leaf code", "empty tree", "negative cover", "share above one",
      "falling edges", "too many bins", "surplus edges", "child before parent", "wrong type",
      "no task", "unknown task", "levels and edges", "too many levels", "a column short",
      "surplus set", "missing set", "half a set", "set of strange levels", "set against missing",
      "bin of a set", "infinite value",
    ])
  func hostileArchives(fault: String) throws {
    var archive = try smallForest().archive
    var sizes = try archive.int32s("tree-sizes")
    var nodes = try archive.int32s("nodes")
    var counts = try archive.int32s("edge-counts")
    var edges = try archive.doubles("edges")
    var levels = try archive.int32s("level-counts")
    var cover = try archive.doubles("leaf-cover")
    var value = try archive.doubles("leaf-value")
    guard case .uint8(var sets)? = archive.tensors["level-sets"]?.elements else {
      Issue.record("the archive has no sets")
      return
    }
    // The column of level codes, and the first node that tests it.
    let firstSet = try #require(nodes.firstIndex { $0 >= 0 && ($0 & 0x3FFF_FFFF) >> 8 == 3 })
    switch fault {
    case "no trees":
      sizes = []
      nodes = []
      cover = []
      value = []
      sets = []
    case "too many nodes":
      nodes.append(-1)
      cover.append(1)
      value.append(0)
    case "too few nodes": nodes.removeLast()
    case "missing leaf": cover.removeLast()
    case "no such column": nodes[0] = Int32(counts.count) << 8
    case "no such bin": nodes[0] = 5 << 8 | 200
    case "leaf code": nodes[nodes.count - 1] = -2
    case "empty tree": sizes.append(0)
    case "negative cover": cover[0] = -1
    case "share above one": value[0] = 1.1
    case "falling edges": edges[1] = edges[0]
    case "too many bins":
      counts[0] = 256
    case "surplus edges": edges.append(1e9)
    case "child before parent":
      // Five nodes: root, two leaves, then a split whose children would be nodes 3 and 4.
      sizes = [5]
      nodes = [0, -1, -1, 0, -1]
      cover = [1, 1, 1]
      value = [0, 0, 0]
      sets = []
    case "no task": archive.attributes["task"] = nil
    case "unknown task": archive.attributes["task"] = "clustering"
    case "levels and edges": levels[0] = 3
    case "too many levels": levels[3] = 256
    case "a column short": levels.removeLast()
    case "surplus set": sets += [UInt8](repeating: 0, count: 32)
    case "missing set": sets.removeLast(32)
    case "half a set": sets.removeLast(16)
    case "set of strange levels": sets[1] = 0xFF
    case "set against missing": sets[31] ^= 0x80
    case "bin of a set": nodes[firstSet] |= 1
    case "infinite value": value[value.count - 1] = .infinity
    default: break
    }
    archive.set("tree-sizes", sizes)
    archive.set("nodes", nodes)
    archive.set("edge-counts", counts)
    archive.set("edges", edges)
    archive.set("level-counts", levels)
    archive.set("leaf-cover", cover)
    archive.set("leaf-value", value)
    archive.tensors["level-sets"] = .init(
      shape: [sets.count / 32, 32], elements: .uint8(sets))
    if fault == "wrong type" { archive.set("nodes", nodes.map(Double.init)) }
    #expect(throws: ScoringError.self) { try RandomForest(archive: archive) }
  }

  @Test("A forest that could take more than 8 GB is refused with the options that would shrink it")
  func tooLarge() throws {
    let training = try FamilyCase.training(rows: 2000)
    let context = TrainingContext(seeds: SeedTree(seed: 1))
    // 100,000 trees · 3999 nodes · 50 bytes are 18.6 GB.
    var options = ForestOptions(trees: 100_000, minimumLeaf: 1)
    let error = #expect(throws: TrainingError.self) {
      try ForestLearner(options: options).fit(training, context: context)
    }
    let text = try #require(error?.description)
    #expect(error?.code == .badOption)
    for part in ["100000 trees", "minimum_leaf of 1", "2000 rows", "19 GB"] {
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
