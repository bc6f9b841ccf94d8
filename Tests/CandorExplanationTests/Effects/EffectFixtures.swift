import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport

/// The same margins from a scorer that offers nothing but scoring.
struct ScoringOnly: Scorer {
  let inner: any Scorer
  var inputWidth: Int { inner.inputWidth }
  var marginScale: MarginScale { inner.marginScale }
  var acceptsMissing: Bool { inner.acceptsMissing }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try inner.margins(of: rows, into: &output)
  }
}

enum EffectFixtures {
  static let quick: EffectOptions = {
    var options = EffectOptions()
    options.resamples = 0
    return options
  }()

  /// A table of numbers, one column a list.
  static func numbers(_ columns: [[Double]]) throws -> Table {
    try Table(columns: columns.enumerated().map { Column(name: "x\($0)", numbers: $1) })
  }

  /// Correlated numbers with some missing, a name with levels, an order and a yes/no.
  static func mixed(_ count: Int, seed: UInt64) throws -> Table {
    var generator = SeedTree(seed: seed).child("mixed").generator()
    var a: [Double] = []
    var b: [Double] = []
    var names: [String?] = []
    var codes: [Int32] = []
    var flags: [String?] = []
    for _ in 0..<count {
      let z = generator.nextNormal()
      a.append(generator.nextInteger(below: 8) == 0 ? .nan : (z * 8).rounded() / 4)
      b.append(z + 0.5 * generator.nextNormal())
      let level = generator.nextInteger(below: 6)
      names.append(level == 5 ? nil : ["red", "green", "blue", "grey", "pink"][level])
      codes.append(Int32(generator.nextInteger(below: 4)))
      flags.append(generator.nextInteger(below: 2) == 0 ? "no" : "yes")
    }
    return try Table(columns: [
      Column(name: "a", numbers: a), Column(name: "b", numbers: b),
      Column(name: "colour", texts: names),
      Column(
        name: "grade", codes: codes, levels: CategoryDictionary(levels: ["D", "C", "B", "A"]),
        type: .ordinal),
      Column(name: "flag", texts: flags, type: .boolean),
    ])
  }

  static func sample(
    _ table: Table, weights: [Double]? = nil, options: EncodingOptions = EncodingOptions()
  ) throws -> EffectSample {
    try EffectSample(
      name: "sample", table: table,
      encoder: try Encoder.fit(table, features: table.names, options: options), weights: weights)
  }

  /// Encoding for trees that take levels and missing cells as they are.
  static var native: EncodingOptions {
    var options = EncodingOptions()
    options.categorical = .levelCodes
    options.numericImputation = .keepMissing
    options.scaling = .none
    return options
  }

  /// Random trees over the encoded rows of a sample.
  static func trees(
    _ count: Int, depth: Int, over sample: EffectSample, seed: UInt64,
    comparison: TreeEnsemble.Comparison = .lessOrEqual,
    precision: TreeEnsemble.Precision = .double
  ) -> PlainTrees {
    let rows = sample.background.rows.matrix
    let levelCounts = sample.encoder.featureMap.levelCounts
    var generator = SeedTree(seed: seed).child("trees").generator()
    var trees: [TreeEnsemble.Tree] = []
    for _ in 0..<count {
      var tree = TreeEnsemble.Tree(weight: 0.5 + generator.nextUniform())
      func grow(_ left: Int) -> Int {
        let node = tree.appendLeaf(value: generator.nextNormal(), cover: 1)
        guard left > 0, generator.nextInteger(below: 6) > 0 else { return node }
        let column = generator.nextInteger(below: rows.columns)
        let cell = rows[generator.nextInteger(below: rows.rows), column]
        tree.feature[node] = Int32(column)
        tree.missingGoesLeft[node] = generator.nextInteger(below: 2) == 0
        if let levels = levelCounts[column] {
          var set: Set<Int32> = []
          for level in 0..<levels where generator.nextInteger(below: 2) == 0 {
            set.insert(Int32(level))
          }
          tree.categories[node] = set
        } else {
          tree.threshold[node] = cell.isNaN ? 0 : cell
        }
        let first = grow(left - 1)
        let second = grow(left - 1)
        tree.left[node] = Int32(first)
        tree.right[node] = Int32(second)
        return node
      }
      _ = grow(depth)
      trees.append(tree)
    }
    return PlainTrees(
      inputWidth: rows.columns,
      ensemble: TreeEnsemble(
        trees: trees, baseMargin: 0.25, comparison: comparison, precision: precision))
  }

  static func model(
    _ scorer: any Scorer, _ sample: EffectSample, scale: ExplainedScale = .margin
  ) throws -> ExplainedModel {
    try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: sample.encoder.featureMap, scale: scale)
  }
}
