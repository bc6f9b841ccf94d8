import CandorData
import Foundation
import Testing

/// What simulated loans look like: the same bytes always, the promised columns, shares and risk.
@Suite struct LoanSimulatorTests {
  private typealias Statistics = SimulationStatistics

  private static let everything = SimulationOptions(
    seed: 5, features: 60, drift: true, bias: true, proxies: true, truth: true, identifier: true)

  private func file(_ simulator: LoanSimulator, rows: Int, threads: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var last = 0
    try simulator.write(rows: rows, threads: threads) { piece, done in
      bytes += piece
      last = done
    }
    #expect(last == rows)
    return bytes
  }

  @Test("The bytes are the same at any number of threads, and rows do not need those before them")
  func bytes() throws {
    let simulator = try LoanSimulator(Self.everything)
    let whole = try file(simulator, rows: 9001, threads: 1)
    for threads in [2, 7] {
      let isSame = try file(simulator, rows: 9001, threads: threads) == whole
      #expect(isSame, "\(threads) threads")
    }
    let shorter = try file(simulator, rows: 1000, threads: 2)
    let isPrefix = whole.starts(with: shorter)
    #expect(isPrefix)
    #expect(simulator.csv(0..<1000) == Array(shorter.dropFirst(simulator.header().count)))
    #expect(simulator.csv(0..<700) + simulator.csv(700..<1000) == simulator.csv(0..<1000))
    #expect(simulator.csv(3..<3) == [])
  }

  @Test("Another seed gives other loans; so do rows beyond 32 bits")
  func streams() throws {
    let first = try LoanSimulator(SimulationOptions(seed: 1))
    let second = try LoanSimulator(SimulationOptions(seed: 2))
    #expect(first.csv(0..<1) != second.csv(0..<1))
    #expect(first.csv(0..<1) != first.csv(1 << 32..<1 << 32 + 1))
  }

  @Test(
    "A table is what the reader makes of the file, bit for bit",
    arguments: [
      SimulationOptions(seed: 3, features: 10), SimulationOptions(seed: 4, features: 23),
      SimulationOptions(), Self.everything,
    ])
  func readBack(_ options: SimulationOptions) throws {
    let simulator = try LoanSimulator(options)
    let made = try simulator.table(rows: 5000, threads: 2)
    let read = try CSVReader.read(
      bytes: file(simulator, rows: 5000, threads: 1), name: "loans.csv"
    ).table
    #expect(made.table.names == simulator.columnNames)
    #expect(read.names == made.table.names)
    #expect(read.lines == made.table.lines)
    for (one, other) in zip(read.columns, made.table.columns) {
      #expect(one.type == other.type, "\(one.name)")
      // NaN is unlike itself, so bits are compared.
      let bits = one.numbers?.map(\.bitPattern) == other.numbers?.map(\.bitPattern)
      #expect(bits, "\(one.name)")
      let codes = one.codes?.codes == other.codes?.codes
      #expect(codes && one.codes?.levels == other.codes?.levels, "\(one.name)")
    }
    #expect(made.labels == Statistics.numbers(read, LoanSimulator.target))
    if options.truth {
      let written = Statistics.numbers(read, "true_pd")
      let differences = zip(written, made.truePD).map { abs($0 - $1) }
      #expect(differences.max() ?? 1 <= 0.5000001e-6)
      let odds = zip(Statistics.numbers(read, "true_log_odds"), made.trueLogOdds)
      #expect(odds.map { abs($0 - $1) }.max() ?? 1 <= 0.5000001e-6)
    }
  }

  @Test("Columns, levels and missing cells are as documented")
  func columns() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 11))
    let table = try simulator.table(rows: 20_000, threads: 2).table
    #expect(table.columns.count == 29)
    let categorical = table.columns.filter { $0.type == .categorical }
    #expect(categorical.map { $0.codes?.levels.count } == [12, 4, 30, 10, 3, 5])
    for column in table.columns {
      let share = Double((0..<20_000).count { column.isMissing($0) }) / 20_000
      if column.name == LoanSimulator.target {
        #expect(share == 0)
      } else {
        #expect(abs(share - 0.02) < 0.004, "\(column.name): \(share)")
      }
    }
    for (features, count) in [(10, 3), (15, 5), (16, 6), (200, 6)] {
      let some = try LoanSimulator(SimulationOptions(features: features)).features
      #expect(some.count == features)
      #expect(some.count { $0.type == .categorical } == count)
      #expect(Set(some.map(\.name)).count == features)
    }
  }

  @Test("Incomes and amounts are log-normal")
  func logNormal() throws {
    let table = try LoanSimulator().table(rows: 20_000).table
    for (name, mean, deviation) in [("income", 10.37, 0.45), ("amount", 9.1, 0.65)] {
      let logs = Statistics.numbers(table, name).filter { !$0.isNaN }.map { log($0) }
      #expect(abs(Statistics.mean(logs) - mean) < 0.02, "\(name)")
      #expect(abs(Statistics.deviation(logs) - deviation) < 0.02, "\(name)")
      let skewness = Statistics.mean(
        logs.map { pow(($0 - Statistics.mean([mean])) / deviation, 3) })
      #expect(abs(skewness) < 0.12, "\(name)")
    }
  }

  @Test("Near 15% default, and the true PD's area is near 0.88", arguments: 1...5 as ClosedRange)
  func risk(_ seed: Int) throws {
    let loans = try LoanSimulator(SimulationOptions(seed: UInt64(seed)))
      .table(rows: 50_000, threads: 2)
    #expect(abs(Statistics.mean(loans.labels) - 0.15) < 0.01)
    #expect(abs(Statistics.mean(loans.truePD) - Statistics.mean(loans.labels)) < 0.006)
    #expect(abs(Statistics.auc(loans.labels, loans.trueLogOdds) - 0.88) < 0.01)
  }

  @Test("The true risk and the first columns are the same for every number of features")
  func fewerFeatures() throws {
    let all = try LoanSimulator(SimulationOptions(seed: 9, features: 28))
    let most = try all.table(rows: 500)
    for features in [10, 17, 120] {
      let simulator = try LoanSimulator(SimulationOptions(seed: 9, features: features))
      let loans = try simulator.table(rows: 500)
      #expect(loans.trueLogOdds == most.trueLogOdds)
      #expect(loans.labels == most.labels)
      for name in simulator.features.map(\.name).prefix(min(features, 28)) {
        let (one, other) = (loans.table.column(name), most.table.column(name))
        let isSame = (0..<500).allSatisfy { one?.text($0) == other?.text($0) }
        #expect(isSame, "\(name)")
      }
    }
  }

  @Test("Columns beyond the 28th do what their roles say")
  func extraColumns() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 2, features: 44))
    let loans = try simulator.table(rows: 20_000, threads: 2)
    let hidden = (0..<20_000).map { simulator.loan($0).unobserved }
    for feature in simulator.features.dropFirst(28) {
      let x = Statistics.numbers(loans.table, feature.name)
      #expect(feature.effect == .none)
      switch feature.role {
      case .noise:
        #expect(abs(Statistics.correlation(x, loans.trueLogOdds)) < 0.03, "\(feature.name)")
      case .correlated:
        let source = Statistics.numbers(loans.table, feature.relatedTo[0]).map {
          feature.relatedTo[0] == "bureau_score" ? $0 : log($0)
        }
        #expect(abs(Statistics.correlation(x, source) - 0.8) < 0.02, "\(feature.name)")
      case .weak:
        #expect(abs(Statistics.correlation(x, hidden) - 0.03) < 0.03, "\(feature.name)")
      case .signal, .proxy: Issue.record("\(feature.name)")
      }
    }
  }

  @Test("An option out of range is refused by a sentence", arguments: [9, 201, -1, 0])
  func refused(_ features: Int) {
    let error = #expect(throws: DataError.self) {
      try LoanSimulator(SimulationOptions(features: features))
    }
    #expect(
      error?.description == "value \"\(features)\": features must be between 10 and 200")
  }

  @Test("A run without rows is refused by a sentence", arguments: [0, -5])
  func noRows(_ rows: Int) throws {
    let simulator = try LoanSimulator()
    let error = #expect(throws: DataError.self) { try simulator.table(rows: rows) }
    #expect(error?.description == "value \"\(rows)\": rows must be at least 1")
    #expect(throws: DataError.self) {
      try simulator.write(rows: rows, threads: 1) { _, _ in Issue.record("written") }
    }
  }
}
