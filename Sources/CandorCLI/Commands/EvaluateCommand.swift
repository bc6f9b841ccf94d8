import ArgumentParser
import CandorData
import CandorEvaluation
import CandorIntegrity
import CandorNumerics
import CandorScoring
import CandorStudy

/// `candor evaluate`: a bundle on labelled data.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on labelled data.",
    discussion: """
      Example:
        candor evaluate model.candor new-loans.csv
        zcat new-loans.csv.gz | candor evaluate model.candor -

      The data need the model's features and its target column. Where the model was trained with a
      column of weights and the data have it, rows count by it. Intervals are 95%.
      """)

  @OptionGroup var input: ModelArguments
  @OptionGroup var applicants: ApplicantArguments
  @OptionGroup var common: CommonOptions
  @OptionGroup var memory: MemoryOption

  @Option(help: "The seed of bootstrap intervals; the model's own unless given.")
  var seed: UInt64?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let model = try input.load()
    let weightColumn = model.schema.names(of: .weight).first
    let weight = weightColumn.flatMap { name in
      model.declarations(of: [name])[name].map { (name: name, declaration: $0) }
    }
    if case .file(let path) = applicants.source {
      try MemoryEstimate(file: path, fits: 1)?.check(limit: memory.bytes, file: path)
    }
    let table = try applicants.readTable(
      options: model.newDataOptions,
      columns: model.declarations(of: model.features + [model.card.target]), optional: weight)
    let labels = try BinaryTarget.labels(
      of: table.requiredColumn(model.card.target), bad: model.card.badValue,
      good: model.card.goodValue, lines: table.lines, file: applicants.source.name)
    let weights = try weightColumn.flatMap { try rowWeights(table, column: $0) }
    let scored = try model.score(table)
    let sample = try ScoredSample(
      labels: labels, probabilities: scored.map(\.probability), scores: scored.map(\.margin),
      weights: weights)
    let evaluation = try Evaluation.run(
      sample: sample, cutOff: model.cutOff,
      seeds: SeedTree(seed: seed ?? model.card.seed).child("evaluate"), threads: common.threads)
    if json {
      try JSONOutput.print(evaluation)
    } else {
      EvaluationPage.lines(evaluation).forEach(Terminal.say)
    }
    guard !common.quiet else { return }
    if case .file(let path) = applicants.source,
      try Digest.ofFile(path).description == model.card.dataHash
    {
      Terminal.complain(
        "candor: This is the file that the model was trained on, its training rows included; the "
          + "figures flatter the model.")
    }
    if let weightColumn, weights == nil {
      Terminal.complain(
        "candor: The model was trained with the weights \"\(weightColumn)\", which "
          + "\(applicants.source.name) does not have; every row counts as one.")
    }
    for notice in model.encoder.notices(for: table) {
      Terminal.complain("candor: \(notice.sentence) (\(notice.count) rows)")
    }
  }

  /// The weights of the rows, nil where the data have no such column.
  private func rowWeights(_ table: Table, column name: String) throws -> [Double]? {
    guard let column = table.column(name) else { return nil }
    guard let numbers = column.numbers else {
      throw DataError(
        .wrongType, "a weight column must be numeric", file: applicants.source.name, column: name)
    }
    if let row = numbers.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw DataError(
        .notFinite, "the row has no weight of zero or more", file: applicants.source.name,
        line: table.lines.indices.contains(row) ? table.lines[row] : nil, column: name,
        value: String(numbers[row]))
    }
    return numbers
  }
}
