import CandorBundle
import CandorData
import CandorIntegrity
import CandorNumerics
import CandorScoring
import Foundation

/// A scorer that can be saved: a weighted sum of the columns.
struct SumScorer: PersistableScorer {
  static let familyName = "weighted-sum"

  let weights: [Double]
  let note: String
  var inputWidth: Int { weights.count }
  var marginScale: MarginScale { .logOdds }

  init(weights: [Double], note: String = "none") {
    self.weights = weights
    self.note = note
  }

  init(archive: TensorArchive) throws(ScoringError) {
    weights = try archive.doubles("weights")
    note = try archive.attribute("note")
    guard weights.allSatisfy(\.isFinite) else {
      throw ScoringError(.invalidModel, "A weight is not finite.")
    }
  }

  var archive: TensorArchive {
    var archive = TensorArchive(attributes: ["note": note])
    archive.set("weights", weights)
    return archive
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = weights.indices.reduce(0) { $0 + rows.matrix[r, $1] * weights[$1] }
    }
  }
}

/// A small model that uses every kind of column and most ways to encode one.
enum ToyModel {
  static let features = ["income", "age", "housing", "purpose", "grade", "phone", "since"]

  static var registry: FamilyRegistry {
    var registry = FamilyRegistry()
    registry.register(SumScorer.self)
    return registry
  }

  static func table(rows count: Int = 40, seed: UInt64 = 1) throws -> Table {
    var generator = SeedTree(seed: seed).child("toy rows").generator()
    func texts(_ levels: [String?]) -> [String?] {
      (0..<count).map { _ in levels[generator.nextInteger(below: levels.count)] }
    }
    let housing = texts(["own", "rent", "免费 \"free\"\n", nil])
    let purpose = texts(["car", "car", "car", "house", "house", "boat, small"])
    let grade = (0..<count).map { _ in Int32(generator.nextInteger(below: 4)) - 1 }
    let phone = (0..<count).map { _ in Int32(generator.nextInteger(below: 2)) }
    return try Table(columns: [
      Column(name: "purpose", texts: purpose),
      Column(
        name: "income",
        numbers: (0..<count).map { $0 % 7 == 3 ? .nan : exp(8 + generator.nextNormal()) }),
      Column(
        name: "age", numbers: (0..<count).map { _ in 18 + Double(generator.nextInteger(below: 50)) }
      ),
      Column(name: "housing", texts: housing),
      Column(
        name: "grade", codes: grade, levels: CategoryDictionary(levels: ["low", "mid", "high"]),
        type: .ordinal),
      Column(
        name: "phone", codes: phone, levels: CategoryDictionary(levels: ["no", "yes"]),
        type: .boolean),
      Column(
        name: "since",
        numbers: (0..<count).map { $0 % 9 == 4 ? .nan : 15_000 + Double($0) }, type: .date),
    ])
  }

  static func model() throws -> RiskModel {
    let table = try table()
    var options = EncodingOptions()
    options.winsorise = Winsorising(lower: 0.02, upper: 0.98)
    options.rareLevelShare = 0.2
    var age = EncodingOptions.Override()
    age.numeric = .weightOfEvidence(maximumBins: 4)
    options.perFeature["age"] = age
    var grade = EncodingOptions.Override()
    grade.scaling = .minMax
    options.perFeature["grade"] = grade
    let encoder = try Encoder.fit(
      table, features: features, targets: (0..<table.rowCount).map { $0 % 3 == 0 ? 1 : 0 },
      options: options)
    let schema = Schema(
      columns: table.columns.map {
        SchemaColumn(name: $0.name, type: $0.type, levels: $0.codes?.levels.levels)
      } + [SchemaColumn(name: "bad", role: .target, type: .boolean, levels: ["no", "yes"])])
    let weights: [Double] = (0..<encoder.featureMap.width).map { place in
      let size = 0.1 * Double(place + 1)
      return place % 2 == 0 ? size : -size
    }
    return try RiskModel(
      card: ModelCard(
        study: "A toy \"study\"\\ with \u{1F600} and \u{0}", family: SumScorer.familyName,
        settings: [.init(name: "c", value: "1.0")], target: "bad", badValue: "yes",
        trainingRows: 40, trainingBads: 14, version: "0.1.0", seed: .max, dataHash: "d",
        studyHash: "s",
        measures: ["AUC": 0.1 + 0.2, "tiny": Double.leastNonzeroMagnitude, "huge": 1.7e308],
        cutOffRule: "least cost", lawfulBasis: ["age": "permitted"]),
      schema: schema, encoder: encoder, scorer: SumScorer(weights: weights, note: "relu\t"),
      calibrator: .isotonic(
        margins: [-2, 0.1, 0.30000000000000004], probabilities: [0.01, 1.0 / 3, 0.9]),
      cutOff: 0.37, pointsScale: PointsScale(basePoints: 512, baseOdds: 1.0 / 3),
      catalogue: ReasonCatalogue(
        entries: [
          .init(subject: "income", code: "R1", wording: ["en": "Income", "zh-Hans": "收入"]),
          .init(subject: "age", code: nil, wording: [:], immutable: true),
        ], groups: [FeatureGroup(name: "home", members: ["housing", "purpose"])]),
      references: [
        references("population", table), references("few", table.selecting(rows: [3, 4, 9])),
      ])
  }

  private static func references(_ name: String, _ table: Table) -> ReferenceRows {
    let columns = table.selecting(columns: features)
    return ReferenceRows(
      name: name, description: "\(table.rowCount) rows", table: columns,
      hash: TableHash.value(of: columns).hex)
  }
}
