import CandorData
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Risk models") struct RiskModelTests {
  private let table: Table
  private let encoder: Encoder
  private let schema = Schema(columns: [
    SchemaColumn(name: "income", type: .numeric),
    SchemaColumn(name: "housing", type: .categorical, levels: ["own", "rent"]),
    SchemaColumn(name: "bad", role: .target, type: .categorical, levels: ["no", "yes"]),
  ])

  init() throws {
    table = try Table(columns: [
      Column(name: "income", numbers: [1, 2, 3, 4, 5]),
      Column(name: "housing", texts: ["own", "rent", "own", "own", "rent"]),
    ])
    var options = EncodingOptions()
    options.scaling = .none
    encoder = try Encoder.fit(table, features: ["income", "housing"], options: options)
  }

  private func model(
    weights: [Double] = [-1, 0.5, 2], calibrator: Calibrator = .platt(slope: 2, offset: 3),
    cutOff: Double = 0.5, schema: Schema? = nil, references: [ReferenceRows] = []
  ) throws(ScoringError) -> RiskModel {
    try RiskModel(
      card: ModelCard(
        study: "toy", family: SumScorer.familyName, settings: [], target: "bad", badValue: "yes",
        trainingRows: 5, trainingBads: 2, version: "0", seed: 1, dataHash: "", studyHash: "",
        measures: [:], cutOffRule: ""),
      schema: schema ?? self.schema, encoder: encoder, scorer: SumScorer(weights: weights),
      calibrator: calibrator, cutOff: cutOff, pointsScale: PointsScale(),
      catalogue: ReasonCatalogue(), references: references)
  }

  private func sentence(_ body: () throws -> RiskModel) -> String? {
    let error = #expect(throws: ScoringError.self) { _ = try body() }
    #expect(error?.code == .invalidModel)
    return error?.description
  }

  @Test("A scorer of another width than the encoder's is refused")
  func width() {
    let found = sentence { try model(weights: [1, 2]) }
    #expect(found == "The encoder makes 3 columns; the scorer takes 2.")
  }

  @Test("A cut-off that is no PD is refused")
  func cutOff() throws {
    for cutOff in [0, -0.1, 1.01, .nan, .infinity] {
      #expect(sentence { try model(cutOff: cutOff) }?.contains("\(cutOff)") == true)
    }
    #expect(try model(cutOff: 1).cutOff == 1)
  }

  @Test("A feature that the schema does not have is refused")
  func schemaColumn() {
    let short = Schema(columns: schema.columns.filter { $0.name != "housing" })
    #expect(sentence { try model(schema: short) }?.contains("\"housing\"") == true)
  }

  @Test("A prepared model scores one applicant as the table's row, to the bit")
  func prepared() throws {
    let model = try model()
    let prepared = model.prepared()
    #expect(prepared.features == ["income", "housing"])
    let rows = try model.score(table)
    for (r, income) in [1.0, 2, 3, 4, 5].enumerated() {
      let housing = try #require(table.columns[1].text(r))
      #expect(try prepared.score([.number(income), .text(housing)]) == rows[r])
    }
    #expect(throws: DataError.self) { try prepared.score([.number(1)]) }
  }

  @Test("Applicants get margin, log-odds, PD, points and decision")
  func score() throws {
    let model = try model()
    #expect(model.features == ["income", "housing"])
    let rows = try model.score(table)
    // own has the weight 0.5 and rent 2, since levels are sorted.
    #expect(rows.map(\.margin) == [-0.5, 0, -2.5, -3.5, -3])
    for row in rows {
      let logOdds = 2 * row.margin + 3
      #expect(row.logOdds == logOdds)
      #expect(agree(row.probability, 1 / (1 + exp(-logOdds)), within: 1e-15))
      #expect(row.points == PointsScale().points(logOdds: logOdds))
    }
    #expect(rows.map(\.decision) == [.refuse, .refuse, .approve, .approve, .approve])
  }

  @Test("At the cut-off an applicant is refused")
  func boundary() throws {
    let model = try model(calibrator: .identity, cutOff: 0.5)
    #expect(model.scored(0).decision == .refuse)
    #expect(model.scored(-1e-9).decision == .approve)
  }

  @Test("Columns are found by name, and an absent one is refused")
  func columns() throws {
    let model = try model()
    let turned = try Table(columns: [table.columns[1], table.columns[0]])
    #expect(try model.score(turned) == model.score(table))
    #expect(throws: DataError.self) { try model.score(table.selecting(columns: ["income"])) }
  }

  @Test("Reference rows are found by name")
  func references() throws {
    let rows = ReferenceRows(name: "population", description: "all", table: table, hash: "h")
    let model = try model(references: [rows])
    #expect(model.reference(named: "population") == rows)
    #expect(model.reference(named: "other") == nil)
  }
}
