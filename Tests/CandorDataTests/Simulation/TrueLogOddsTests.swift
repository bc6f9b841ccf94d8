import CandorData
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("True log-odds of any row")
struct TrueLogOddsTests {
  @Test(
    "A drawn row without blanks has the sum of its parts", arguments: [10, 28, 40] as [Int])
  func drawn(features: Int) throws {
    let simulator = try LoanSimulator(
      SimulationOptions(seed: 5, features: features, drift: true, proxies: true))
    let table = try simulator.table(rows: 400).table
    let truth = try TrueLogOdds(of: simulator, sample: table)
    let cells = try truth.cells(of: table)
    let found = truth.logOdds(of: cells)
    var checked = 0
    for row in 0..<table.rowCount where !cells.row(row).contains(where: \.isNaN) {
      let loan = simulator.loan(row)
      let parts = loan.terms.map(\.value) + loan.interactions.map(\.value)
      #expect(agree(found[row], parts.reduce(loan.intercept, +), within: 1e-12))
      #expect(
        agree(found[row] + loan.drift + loan.unobserved, loan.trueLogOdds, within: 1e-12))
      checked += 1
    }
    #expect(checked > 100)
  }

  @Test("A blank has the mean of the known cells, or the effect that blanks have")
  func blanks() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 2))
    let table = try simulator.table(rows: 300).table
    let truth = try TrueLogOdds(of: simulator, sample: table)
    let cells = try truth.cells(of: table)
    for (position, feature) in truth.features.enumerated() {
      let effect = truth.effect(of: position, at: .nan)
      if let own = feature.effectWhenMissing {
        #expect(effect == own)
      } else {
        let known = cells.column(position).filter { !$0.isNaN }
        let mean = known.reduce(0) { $0 + feature.effect.value(at: $1) } / Double(known.count)
        #expect(agree(effect, mean, within: 1e-12), "\(feature.name)")
      }
    }
    let interactions = simulator.effects.interactions
    for (index, pair) in truth.pairs.enumerated() {
      let known = cells.column(pair.first).filter { !$0.isNaN }
      let mean =
        known.reduce(0) { $0 + interactions[index].factors[0].value(at: $1) }
        / Double(known.count)
      #expect(agree(truth.firstFactor(of: index, at: .nan), mean, within: 1e-12))
      if truth.features[pair.second].effectWhenMissing != nil {
        #expect(truth.secondFactor(of: index, at: .nan) == 0)
      }
    }
  }

  @Test("A row that was never drawn is scored by the formulas")
  func madeUp() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 2))
    let table = try simulator.table(rows: 50).table
    let truth = try TrueLogOdds(of: simulator, sample: table)
    var cells = try truth.cells(of: table).selecting(rows: [0])
    let name = { (name: String) in truth.features.firstIndex { $0.name == name } ?? 0 }
    cells.setRow(0, to: cells.row(0).map { $0.isNaN ? 1 : $0 })
    let before = truth.logOdds(of: cells)[0]
    let debt = cells[0, name("debt_to_income")]
    let isTenant = cells[0, name("housing")] == 0
    cells[0, name("debt_to_income")] = 0.9
    let main = 2 * (0.9 - 0.25) - 2 * max(debt - 0.25, 0)
    let joint = isTenant ? 2.2 * (0.9 - 0.3) - 2.2 * max(debt - 0.3, 0) : 0
    #expect(agree(truth.logOdds(of: cells)[0] - before, main + joint, within: 1e-12))
  }

  @Test("Foreign tables are refused by name")
  func refused() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 2))
    let table = try simulator.table(rows: 300).table
    let truth = try TrueLogOdds(of: simulator, sample: table)
    #expect(throws: DataError.self) {
      try truth.cells(of: table.selecting(columns: ["income", "amount"]))
    }
    let strange = try Table(
      columns: table.columns.map { column in
        column.name == "housing"
          ? Column(name: "housing", texts: Array(repeating: "castle", count: column.count))
          : column
      })
    #expect(throws: DataError.self) { try truth.cells(of: strange) }
    let turned = try Table(
      columns: table.columns.map { column in
        column.name == "income"
          ? Column(name: "income", texts: Array(repeating: "much", count: column.count)) : column
      })
    #expect(throws: DataError.self) { try truth.cells(of: turned) }
  }
}
