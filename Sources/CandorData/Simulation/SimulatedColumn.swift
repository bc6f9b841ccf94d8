/// A column of the file, and which cell of a drawn row it prints.
struct SimulatedColumn: Sendable {
  let name: String
  /// The position in `LoanScratch.cells`.
  let position: Int
  let decimals: Int
  /// The texts of the cells' codes, empty where the cells are numbers.
  let levels: [String]
  let type: ColumnType

  private init(
    _ name: String, at position: Int, decimals: Int = 0, levels: [String] = [],
    type: ColumnType = .numeric
  ) {
    self.name = name
    self.position = position
    self.decimals = decimals
    self.levels = levels
    self.type = type
  }

  /// All columns of a file, in their order.
  static func all(
    _ options: SimulationOptions, _ features: [LoanFeature], _ layout: LoanLayout
  ) -> [SimulatedColumn] {
    var columns: [SimulatedColumn] = []
    if options.identifier {
      columns.append(SimulatedColumn("loan_id", at: layout.identifier))
    }
    if options.drift {
      columns.append(
        SimulatedColumn("period", at: layout.month, levels: months, type: .date))
    }
    if options.hasGroup {
      columns.append(
        SimulatedColumn(
          "group", at: layout.group, levels: LoanCatalogue.groups, type: .categorical))
    }
    for (index, feature) in features.enumerated() {
      let position =
        index < options.features ? index : layout.firstProxy + index - options.features
      columns.append(
        SimulatedColumn(
          feature.name, at: position, decimals: feature.decimals, levels: feature.levels,
          type: feature.type))
    }
    columns.append(SimulatedColumn(LoanSimulator.target, at: layout.target))
    if options.truth {
      columns.append(SimulatedColumn("true_pd", at: layout.truePD, decimals: 6))
      columns.append(SimulatedColumn("true_log_odds", at: layout.trueLogOdds, decimals: 6))
    }
    return columns
  }

  /// The year in which `period` begins.
  static let firstYear = 2024

  /// The months of `period`.
  static let months: [String] = (0..<LoanCatalogue.months).map { month in
    let number = month % 12 + 1
    return "\(firstYear + month / 12)-\(number < 10 ? "0" : "")\(number)"
  }
}

/// Where the cells of a drawn row stand: core columns, extra columns, proxies, and what is no
/// feature.
struct LoanLayout: Sendable {
  /// How many core and extra columns are drawn.
  let features: Int
  /// How many proxies are drawn.
  let proxies: Int

  init(_ options: SimulationOptions) {
    features = max(options.features, LoanCatalogue.core.count)
    proxies = options.proxies ? LoanCatalogue.proxies.count : 0
  }

  var firstProxy: Int { features }
  private var firstOther: Int { features + proxies }
  var identifier: Int { firstOther }
  var month: Int { firstOther + 1 }
  var group: Int { firstOther + 2 }
  var target: Int { firstOther + 3 }
  var truePD: Int { firstOther + 4 }
  var trueLogOdds: Int { firstOther + 5 }
  var count: Int { firstOther + 6 }
}
