import ArgumentParser
import Candor
import CandorData
import CandorScoring

/// `candor inspect`: what is in a bundle.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a model is, what it needs and where it came from.",
    discussion: """
      Example:
        candor inspect model.candor
      """)

  @OptionGroup var input: ModelArguments

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let model = try input.load()
    let record = ModelRecord(model)
    if json { return try JSONOutput.print(record) }
    record.lines.forEach(Terminal.say)
  }
}

/// What `candor inspect` tells.
private struct ModelRecord: Encodable {
  struct Feature: Encodable {
    let name: String
    let type: String
    let encodedColumns: Int
  }

  struct Reference: Encodable {
    let name: String
    let description: String
    let rows: Int
    let hash: String
  }

  let card: ModelCard
  let capabilities: [String]
  let features: [Feature]
  let encodedColumns: Int
  let calibration: String
  let cutOff: Double
  /// Nil where the points are infinite, at a PD of 1.
  let pointsAtCutOff: Double?
  let references: [Reference]

  init(_ model: RiskModel) {
    card = model.card
    capabilities = Capabilities(of: model.scorer).names
    features = model.encoder.featureMap.sources.map { source in
      Feature(
        name: source.name, type: model.schema.column(source.name)?.type.rawValue ?? "",
        encodedColumns: source.columns.count)
    }
    encodedColumns = model.encoder.featureMap.width
    calibration = model.calibrator.name
    cutOff = model.cutOff
    let points = model.pointsScale.points(logOdds: logit(model.cutOff))
    pointsAtCutOff = points.isFinite ? points : nil
    references = model.references.map {
      Reference(
        name: $0.name, description: $0.description, rows: $0.table.rowCount, hash: $0.hash)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case card, capabilities, features, encodedColumns, calibration, cutOff, pointsAtCutOff
    case references
  }

  func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(card, forKey: .card)
    try container.encode(capabilities, forKey: .capabilities)
    try container.encode(features, forKey: .features)
    try container.encode(encodedColumns, forKey: .encodedColumns)
    try container.encode(calibration, forKey: .calibration)
    try container.encode(cutOff, forKey: .cutOff)
    // Null rather than absent: the key is always there.
    try container.encode(pointsAtCutOff, forKey: .pointsAtCutOff)
    try container.encode(references, forKey: .references)
  }

  var lines: [String] {
    var lines = [
      "\(card.study): \(card.family), Candor \(card.version)",
      "  target        \(card.target) = \(card.badValue) is bad",
      "  trained on    \(card.trainingRows) rows, \(card.trainingBads) bad, seed \(card.seed)",
      "  calibration   \(calibration)",
      "  cut-off       refuses at a PD of \(Numbers.percent(cutOff)) or more "
        + "(\(pointsAtCutOff.map { Numbers.decimal($0, 1) } ?? "no") points), "
        + "rule \(card.cutOffRule)",
      "  capabilities  \(capabilities.joined(separator: ", "))",
      "  data          sha256 \(card.dataHash)",
      "  study         sha256 \(card.studyHash)",
      "  settings      "
        + card.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
    ]
    for name in card.measures.keys.sorted() {
      lines.append("  \(name): \(Numbers.decimal(card.measures[name] ?? .nan, 4))")
    }
    for reference in references {
      lines.append("  reference     \(reference.name): \(reference.description)")
    }
    lines.append("  \(features.count) features, \(encodedColumns) encoded columns:")
    let table = TextTable(
      header: ["    feature", "type", "columns"],
      rows: features.map { ["    " + $0.name, $0.type, String($0.encodedColumns)] }, numeric: [2])
    return lines + table.lines
  }
}
