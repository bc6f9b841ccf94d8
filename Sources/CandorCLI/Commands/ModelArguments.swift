import ArgumentParser
import Candor
import CandorBundle
import CandorData
import CandorScoring
import Foundation

/// The bundle that a command works on.
struct ModelArguments: ParsableArguments {
  @Argument(help: "The model, a .candor file.", completion: .file(extensions: ["candor"]))
  var model: String

  func load() throws -> RiskModel {
    try BundleReader.read(file: model, registry: ModelLibrary.registry)
  }
}

extension RiskModel {
  /// How new data are read: as the training data were.
  func declarations(of names: [String]) -> [String: ColumnDeclaration] {
    let all = schema.declarations
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in all[name].map { (name, $0) } })
  }

  /// How new files are read: as the training file was, their delimiter detected anew.
  var newDataOptions: CSVOptions {
    var options = schema.options
    options.delimiter = nil
    return options
  }

  /// The identifier columns of the training data.
  var identifiers: [String] {
    schema.columns.filter { $0.role == .identifier }.map(\.name)
  }
}

/// The CSV that a command reads.
struct ApplicantArguments: ParsableArguments {
  @Argument(help: "The applicants, a CSV file; `-` is standard input.", completion: .file())
  var applicants: String

  /// The source of a stream of rows.
  var source: CSVBatchReader.Source {
    applicants == "-" ? .standardInput : .file(path: applicants)
  }
}
