import CandorData
import Foundation
import Testing

/// That the truth is what the effects say, and that drift, bias and proxies do what they say.
@Suite struct TrueEffectsTests {
  private typealias Statistics = SimulationStatistics

  private static let planted = SimulationOptions(seed: 8, drift: true, bias: true, proxies: true)

  /// The number that an effect takes of a cell: the value, or the level's number; nil where missing.
  private func argument(_ feature: LoanFeature, _ table: Table, _ row: Int) -> Double? {
    guard let column = table.column(feature.name), !column.isMissing(row) else { return nil }
    if let numbers = column.numbers { return numbers[row] }
    return column.text(row).flatMap { feature.levels.firstIndex(of: $0) }.map(Double.init)
  }

  @Test(
    "The parts add up to the true log-odds",
    arguments: [
      SimulationOptions(features: 10), SimulationOptions(seed: 6, features: 19),
      SimulationOptions(seed: 7, features: 50), Self.planted,
    ])
  func sums(_ options: SimulationOptions) throws {
    let simulator = try LoanSimulator(options)
    let loans = try simulator.table(rows: 300)
    for row in 0..<300 {
      let loan = simulator.loan(row)
      let sum =
        loan.intercept + loan.terms.map(\.value).reduce(0, +)
        + loan.interactions.map(\.value).reduce(0, +) + loan.drift + loan.unobserved
      #expect(abs(sum - loan.trueLogOdds) < 1e-12 * max(1, abs(sum)) * 40)
      #expect(loan.trueLogOdds == loans.trueLogOdds[row])
      #expect(loan.truePD == loans.truePD[row])
      #expect(loan.isBad == (loans.labels[row] == 1))
      #expect(loan.row == row)
      #expect(simulator.terms(row) == loan.terms)
    }
  }

  @Test("The parts of a row are the declared functions of its cells")
  func functions() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 4))
    let table = try simulator.table(rows: 400).table
    let byName = Dictionary(uniqueKeysWithValues: simulator.features.map { ($0.name, $0) })
    var informative = 0
    for row in 0..<400 {
      let loan = simulator.loan(row)
      #expect(loan.terms.map(\.feature) == simulator.features.map(\.name))
      for (term, feature) in zip(loan.terms, simulator.features) {
        if let x = argument(feature, table, row) {
          #expect(term.value == feature.effect.value(at: x), "\(feature.name)")
        } else if let value = feature.effectWhenMissing {
          #expect(term.value == value)
          informative += 1
        }
      }
      for (part, interaction) in zip(loan.interactions, simulator.effects.interactions) {
        #expect(part.features == interaction.features)
        let arguments = interaction.features.compactMap { name in
          byName[name].flatMap { argument($0, table, row) }
        }
        guard arguments.count == 2 else { continue }
        #expect(part.value == interaction.value(at: arguments[0], arguments[1]))
      }
    }
    #expect(informative > 0)
  }

  @Test("What no column tells of is a normal factor apart from them, and limits what is learned")
  func unobserved() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 13))
    let loans = (0..<20_000).map { simulator.loan($0) }
    let hidden = loans.map(\.unobserved)
    let seen = loans.map { $0.trueLogOdds - $0.unobserved }
    #expect(abs(Statistics.mean(hidden)) < 0.03)
    #expect(
      abs(Statistics.deviation(hidden) - simulator.effects.unobservedDeviation) < 0.02)
    #expect(abs(Statistics.correlation(hidden, seen)) < 0.03)
    let labels = loans.map { $0.isBad ? 1.0 : 0 }
    let best = Statistics.auc(labels, seen)
    #expect(abs(best - 0.845) < 0.01, "\(best)")
  }

  @Test("Declared directions hold in the truth, whatever the other cells")
  func directions() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 21))
    let table = try simulator.table(rows: 200).table
    let declared = simulator.features.filter { $0.direction != nil }
    #expect(declared.count >= 8)
    let byName = Dictionary(uniqueKeysWithValues: simulator.features.map { ($0.name, $0) })
    for feature in declared {
      let values = Set(Statistics.numbers(table, feature.name).filter { !$0.isNaN }).sorted()
      for row in 0..<50 {
        let curve = values.map { x in
          simulator.effects.interactions.reduce(feature.effect.value(at: x)) { sum, interaction in
            guard let place = interaction.features.firstIndex(of: feature.name),
              let partner = byName[interaction.features[1 - place]],
              let y = argument(partner, table, row)
            else { return sum }
            return sum
              + (place == 0 ? interaction.value(at: x, y) : interaction.value(at: y, x))
          }
        }
        let steps = zip(curve, curve.dropFirst()).map {
          feature.direction == .rising ? $1 - $0 : $0 - $1
        }
        #expect((steps.min() ?? 0) > -1e-12, "\(feature.name), row \(row)")
        #expect(curve.first != curve.last)
      }
    }
  }

  @Test("Drift moves amounts and the general risk with the months, and nothing where it is off")
  func drift() throws {
    let simulator = try LoanSimulator(SimulationOptions(seed: 8, drift: true))
    let loans = try simulator.table(rows: 40_000, threads: 2)
    let drift = try #require(simulator.effects.drift)
    let periods = try #require(loans.table.column("period"))
    #expect(periods.type == .date)
    let months = (0..<40_000).map { row in
      Double(drift.months.firstIndex { periods.text(row) == $0 + "-01" } ?? -1)
    }
    #expect(Set(months) == Set((0..<24).map(Double.init)))
    let variance = pow(Statistics.deviation(months), 2)
    let amounts = Statistics.numbers(loans.table, "amount").map { log($0) }
    let slope =
      Statistics.correlation(months, amounts) * Statistics.deviation(amounts.filter { !$0.isNaN })
      * Statistics.deviation(months) / variance
    #expect(abs(slope - drift.logAmountPerMonth) < 0.002)
    for row in 0..<50 {
      #expect(
        abs(simulator.loan(row).drift - drift.logOddsPerMonth * (months[row] - drift.centre))
          < 1e-12)
    }
    func badRate(_ range: ClosedRange<Double>) -> Double {
      Statistics.mean(zip(months, loans.labels).filter { range.contains($0.0) }.map(\.1))
    }
    #expect(badRate(18...23) > badRate(0...5) + 0.03)
    let still = try LoanSimulator(SimulationOptions(seed: 8))
    #expect(still.effects.drift == nil && still.loan(0).drift == 0)
    #expect(try still.table(rows: 5).table.column("period") == nil)
  }

  @Test("Bias makes records of group B worse at equal true risk, and changes nothing else")
  func bias() throws {
    let fair = try LoanSimulator(SimulationOptions(seed: 8)).table(rows: 40_000, threads: 2)
    let simulator = try LoanSimulator(SimulationOptions(seed: 8, bias: true))
    let biased = try simulator.table(rows: 40_000, threads: 2)
    #expect(biased.trueLogOdds == fair.trueLogOdds)
    let isB = Statistics.indicator(biased.table, "group", "B")
    #expect(abs(Statistics.mean(isB) - 0.3) < 0.01)
    func mean(_ values: [Double], _ group: Double) -> Double {
      Statistics.mean(zip(values, isB).filter { $1 == group }.map(\.0))
    }
    #expect(abs(mean(biased.truePD, 1) - mean(biased.truePD, 0)) < 0.008)
    #expect(mean(biased.labels, 1) > mean(biased.labels, 0) + 0.04)
    for row in 0..<40_000 where biased.labels[row] != fair.labels[row] {
      #expect(isB[row] == 1 && biased.labels[row] == 1)
    }
    let loan = try #require((0..<100).first { isB[$0] == 1 }.map { simulator.loan($0) })
    #expect(loan.recordedLogOdds - loan.trueLogOdds == simulator.effects.group?.recordedShift)
    #expect(fair.table.column("group") == nil)
  }

  @Test("Proxies tell of the group and have no effect")
  func proxies() throws {
    let plain = try LoanSimulator(SimulationOptions(seed: 8)).table(rows: 20_000, threads: 2)
    let simulator = try LoanSimulator(SimulationOptions(seed: 8, proxies: true))
    let loans = try simulator.table(rows: 20_000, threads: 2)
    #expect(loans.trueLogOdds == plain.trueLogOdds && loans.labels == plain.labels)
    let isB = Statistics.indicator(loans.table, "group", "B")
    let index = Statistics.numbers(loans.table, "neighbourhood_index")
    let share = Statistics.numbers(loans.table, "card_spend_share")
    #expect(Statistics.auc(isB, index) > 0.88)
    #expect(Statistics.auc(isB, share) > 0.78)
    let premium = Statistics.indicator(loans.table, "phone_plan", "premium")
    #expect(Statistics.correlation(premium, isB) > 0.3)
    for x in [index, share, premium] {
      #expect(abs(Statistics.correlation(x, loans.trueLogOdds)) < 0.03)
    }
    let proxies = simulator.features.filter { $0.role == .proxy }
    #expect(proxies.map(\.name) == simulator.effects.group?.proxies)
    #expect(proxies.allSatisfy { $0.effect == .none && $0.relatedTo == ["group"] })
    #expect(simulator.effects.group?.recordedShift == 0)
  }

  @Test("The effects as JSON name every part, also what is not written")
  func json() throws {
    let simulator = try LoanSimulator(
      SimulationOptions(seed: 8, features: 12, drift: true, bias: true, proxies: true))
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(simulator.effects))
    let root = try #require(object as? [String: Any])
    let features = try #require(root["features"] as? [[String: Any]])
    #expect(features.count == 15)
    let debt = try #require(features.first { $0["name"] as? String == "debt_to_income" })
    #expect(debt["direction"] as? String == "rising")
    let effect = try #require(debt["effect"] as? [String: Any])
    #expect(effect["kind"] as? String == "hinge")
    #expect(effect["formula"] as? String == "2.0 * max(x - 0.25, 0)")
    #expect((effect["parameters"] as? [String: Double]) == ["slope": 2, "knot": 0.25])
    #expect((root["unobservedFeatures"] as? [Any])?.count == 16)
    let all = try LoanSimulator().effects.interactions.count
    let written = (root["interactions"] as? [Any])?.count ?? 0
    #expect(written + ((root["unobservedInteractions"] as? [Any])?.count ?? 0) == all)
    #expect(written > 0 && written < all)
    for key in ["options", "intercept", "target", "missing", "drift", "group"] {
      #expect(root[key] != nil, "\(key)")
    }
  }

  @Test("Every kind of effect is what its formula says")
  func shapes() {
    #expect(EffectShape.none.value(at: 3) == 0)
    #expect(EffectShape.linear(slope: 2, centre: 1).value(at: 4) == 6)
    #expect(EffectShape.logarithm(slope: 2, reference: 5).value(at: 15) == 2 * log(3))
    #expect(EffectShape.logOnePlus(slope: -1, scale: 10).value(at: 20) == -log(3))
    #expect(EffectShape.saturating(height: 2, centre: 1, width: 4).value(at: 3) == 2 * tanh(0.5))
    #expect(EffectShape.hinge(slope: 2, knot: 1).value(at: 0.5) == 0)
    #expect(EffectShape.hinge(slope: 2, knot: 1).value(at: 2.5) == 3)
    let parabola = EffectShape.parabola(curvature: 2, centre: 1, limit: 5)
    #expect(parabola.value(at: 2) == 2 && parabola.value(at: 0) == 2 && parabola.value(at: 9) == 5)
    #expect(EffectShape.decay(height: 3, scale: 2).value(at: 4) == 3 * exp(-2))
    let up = EffectShape.stepUp(height: 3, threshold: 2)
    #expect(up.value(at: 1.9) == 0 && up.value(at: 2) == 3)
    let down = EffectShape.stepDown(height: 3, threshold: 2)
    #expect(down.value(at: 1.9) == 3 && down.value(at: 2) == 0)
    let table = EffectShape.table([1, 2, 4])
    #expect([0, 1, 2, 7].map { table.value(at: $0) } == [1, 2, 4, 4])
  }
}
