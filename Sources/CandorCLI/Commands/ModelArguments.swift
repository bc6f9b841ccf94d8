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
      names.compactMap { name in all[name].map { (name, $0) } },
      uniquingKeysWith: { first, _ in first })
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

  /// The whole table.
  ///
  /// - Parameters:
  ///   - options: How the file is written.
  ///   - columns: Columns that must be there, and how each is read.
  ///   - optional: A column that may be there.
  /// - Returns: The table, with every column of the file.
  /// - Throws: `DataError` with the first thing that is wrong; `ToolError` where standard input
  ///   cannot be read.
  func readTable(
    options: CSVOptions, columns: [String: ColumnDeclaration],
    optional: (name: String, declaration: ColumnDeclaration)? = nil
  ) throws -> CandorData.Table {
    let bytes = applicants == "-" ? try standardInput() : nil
    if let optional {
      var all = columns
      all[optional.name] = optional.declaration
      do {
        return try table(bytes, options: options, columns: all)
      } catch let error as DataError {
        // The header alone was read so far; if another column is absent too, the next line says so.
        if error.code != .missingColumn { throw error }
      }
    }
    return try table(bytes, options: options, columns: columns)
  }

  private func table(
    _ bytes: [UInt8]?, options: CSVOptions, columns: [String: ColumnDeclaration]
  ) throws -> CandorData.Table {
    guard let bytes else {
      return try CSVReader.read(file: applicants, options: options, columns: columns).table
    }
    return try CSVReader.read(
      bytes: bytes, name: source.name, options: options, columns: columns
    ).table
  }

  private func standardInput() throws -> [UInt8] {
    do {
      return Array(try FileHandle.standardInput.readToEnd() ?? Data())
    } catch {
      throw ToolError(ExitCodes.noInput, "Standard input cannot be read.")
    }
  }
}
