import ArgumentParser
import CandorData
import CandorScoring

/// Which applicants of a file a command is about.
struct ApplicantSelection: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The applicants' rows, from 1: 7, 3-9 or 1,4,9-12; may be given several times.",
      valueName: "rows"), transform: RowRanges.init(text:))
  var row: [RowRanges] = []

  @Option(help: "The applicant's identifier.")
  var id: String?

  @Option(help: "The column of identifiers, where the data have several or the study named none.")
  var idColumn: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only rows with this, such as \"amount >= 5000\" or \"purpose = car\"; several must all hold.",
      valueName: "condition"))
  var conditions: [String] = []

  @Flag(help: "Every row.")
  var all = false

  func validate() throws {
    let ways = (row.isEmpty ? 0 : 1) + (id == nil ? 0 : 1)
    guard ways == 1 || all || !conditions.isEmpty else {
      throw ValidationError("Give --row, --id, --where or --all.")
    }
    guard ways <= 1, ways == 0 || !all else {
      throw ValidationError("Give one of --row, --id and --all; --where may stand beside each.")
    }
    for condition in conditions {
      do {
        _ = try RowFilter(condition)
      } catch {
        throw ValidationError(error.description)
      }
    }
  }

  /// Whether rows are named one by one, so that a missing one is an error.
  var isNamed: Bool { !row.isEmpty || id != nil }

  /// Whether one row alone is named.
  var isOne: Bool {
    let ranges = row.flatMap(\.ranges)
    return ranges.count == 1 && ranges.allSatisfy { $0.count == 1 }
  }

  /// The conditions, read.
  func filters() throws(DataError) -> [RowFilter] {
    var filters: [RowFilter] = []
    for condition in conditions { filters.append(try RowFilter(condition)) }
    return filters
  }

  /// The column of identifiers: nil where none is asked for and the model knows none or several.
  func identifierColumn(_ model: RiskModel) throws -> String? {
    if let idColumn { return idColumn }
    guard id != nil else { return nil }
    guard model.identifiers.count == 1, let only = model.identifiers.first else {
      throw ToolError(
        ExitCodes.usage,
        model.identifiers.isEmpty
          ? "The model knows no identifier column; name it with --id-column."
          : "The model has the identifier columns \(model.identifiers.joined(separator: ", ")); "
            + "name one with --id-column.")
    }
    return only
  }

  /// How the columns are read that the selection needs beside the features.
  func declarations(_ model: RiskModel, identifier: String?) throws -> [String: ColumnDeclaration] {
    let names = try filters().map(\.column)
    var declarations = model.declarations(of: model.features + names)
    for name in names where declarations[name] == nil {
      let known = model.schema.columns.map(\.name)
      let advice =
        nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" }
        ?? "its columns are \(known.joined(separator: ", "))."
      throw ToolError(
        ExitCodes.usage, "--where names \"\(name)\", which the model does not know; \(advice)")
    }
    if let identifier { declarations[identifier] = ColumnDeclaration(type: .categorical) }
    return declarations
  }

  /// The chosen positions of a table that holds all rows, from zero.
  ///
  /// - Parameters:
  ///   - table: The applicants.
  ///   - identifier: The column of identifiers.
  ///   - source: The name of the file, for complaints.
  /// - Returns: The positions, in the order asked for.
  /// - Throws: `ToolError` where a row or an identifier is not there.
  func positions(
    in table: CandorData.Table, identifier: String?, source: String
  ) throws -> [Int] {
    var chosen: [Int]
    if let id, let identifier {
      let column = try table.requiredColumn(identifier)
      chosen = (0..<table.rowCount).filter { column.text($0) == id }
      guard !chosen.isEmpty else {
        throw ToolError(
          ExitCodes.data,
          "\(source): no row has \(identifier) \"\(id)\" among \(table.rowCount).")
      }
    } else if row.isEmpty {
      chosen = Array(0..<table.rowCount)
    } else {
      chosen = []
      for range in row.flatMap(\.ranges) {
        guard range.lowerBound >= 1, range.upperBound <= table.rowCount else {
          let wrong = range.lowerBound < 1 ? range.lowerBound : range.upperBound
          throw ToolError(
            ExitCodes.data,
            "\(source): there is no row \(wrong); rows count from 1 to \(table.rowCount).")
        }
        chosen += range.map { $0 - 1 }
      }
    }
    for filter in try filters() {
      let holds = try filter.matches(table)
      chosen = chosen.filter { holds[$0] }
    }
    return chosen
  }
}
