import CandorNumerics
import Foundation

/// Room for one row to be drawn in; used again for row after row.
struct LoanScratch {
  /// The cells as printed, in the places of `LoanLayout`: numbers times ten to the number of
  /// decimals, codes of levels, `blank` where missing.
  var cells: [Int64]
  /// Which features are blank.
  var missing: [Bool]
  /// The printed values of the core columns, also of blank cells; NaN where a blank cell has an
  /// effect of its own.
  var values: [Double]
  /// The parts of the log-odds: one for each core column, then one for each interaction.
  var parts: [Double]
  /// Random words.
  var words: [UInt32]
  /// What is known of the row besides its cells.
  var facts = LoanFacts()

  /// The mark of a blank cell.
  static let blank = Int64.min
}

/// What is known of a drawn row besides its cells.
struct LoanFacts {
  /// The unobserved factor, a standard normal number.
  var unobserved = 0.0
  /// The standardised sources of copied columns.
  var copied = (income: 0.0, score: 0.0, debt: 0.0, amount: 0.0)
  /// The month from zero; 0 without drift.
  var month = 0
  /// 0 for group A, 1 for group B.
  var group = 0
  /// The drift's part in the log-odds.
  var drift = 0.0
  /// The true log-odds.
  var logOdds = 0.0
  /// The log-odds of a recorded default.
  var recordedLogOdds = 0.0
  /// Whether a default is recorded.
  var isBad = false
}

/// Draws rows: what a row holds depends on the seed, the row's number and the options, on nothing
/// else.
///
/// Random words are Philox blocks whose counter holds the number of the block, the row and what the
/// words are for, so that any row can be drawn without those before it.
struct LoanDraws: Sendable {
  let options: SimulationOptions
  let layout: LoanLayout
  private let key: (UInt32, UInt32)
  private let effects: [CompiledShape]
  private let factors: [CompiledShape]
  /// Two positions an interaction.
  private let pairs: [Int]
  private let tables: [Double]
  private let choices: LoanChoices

  /// What random words are for; the last word of a block's counter.
  private enum Purpose {
    static let core: UInt32 = 0
    static let missing: UInt32 = 1
    static let extra: UInt32 = 2
  }

  private static let coreBlocks = 10
  /// Blank cells take one of eight 16-bit parts of a block; proxies stand after all features.
  private static let proxyPosition = SimulationOptions.featureRange.upperBound

  init(_ options: SimulationOptions) {
    self.options = options
    layout = LoanLayout(options)
    var generator = SeedTree(seed: options.seed).child("loans").generator()
    let bits = generator.next()
    key = (UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
    var tables: [Double] = []
    effects = LoanCatalogue.core.map { CompiledShape($0.effect, tables: &tables) }
    let positions = Dictionary(
      uniqueKeysWithValues: LoanCatalogue.core.enumerated().map { ($1.name, $0) })
    var factors: [CompiledShape] = []
    var pairs: [Int] = []
    for interaction in LoanCatalogue.interactions {
      pairs += interaction.features.map { positions[$0] ?? 0 }
      factors += interaction.factors.map { CompiledShape($0, tables: &tables) }
    }
    self.factors = factors
    self.pairs = pairs
    self.tables = tables
    choices = LoanChoices()
  }

  func scratch() -> LoanScratch {
    LoanScratch(
      cells: Array(repeating: 0, count: layout.count),
      missing: Array(repeating: false, count: layout.features + layout.proxies),
      values: Array(repeating: 0, count: LoanCatalogue.core.count),
      parts: Array(
        repeating: 0, count: LoanCatalogue.core.count + LoanCatalogue.interactions.count),
      words: Array(repeating: 0, count: Self.coreBlocks * 4))
  }

  /// Draws a row into `scratch`. O(features).
  func draw(_ row: Int, into scratch: inout LoanScratch) {
    let number = UInt64(bitPattern: Int64(row))
    for block in 0..<Self.coreBlocks {
      let words = self.block(block, number, Purpose.core)
      scratch.words[block * 4] = words.0
      scratch.words[block * 4 + 1] = words.1
      scratch.words[block * 4 + 2] = words.2
      scratch.words[block * 4 + 3] = words.3
    }
    drawMissing(number, &scratch.missing)
    drawCore(scratch.words, &scratch.cells, &scratch.facts)
    if options.features > LoanCatalogue.core.count {
      drawExtra(number, scratch.facts, &scratch.cells)
    }
    if options.proxies { drawProxies(scratch.words, scratch.facts.group, &scratch.cells) }
    let sum = addParts(scratch.cells, scratch.missing, &scratch.values, &scratch.parts)
    conclude(sum, scratch.words[31], &scratch.facts)
    finish(row, scratch.facts, scratch.missing, &scratch.cells)
  }

  private func block(
    _ block: Int, _ row: UInt64, _ purpose: UInt32
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    CounterGenerator.block(
      counter: (
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: row),
        UInt32(truncatingIfNeeded: row >> 32), purpose
      ), key: key)
  }

  // MARK: - Blank cells

  private func drawMissing(_ row: UInt64, _ missing: inout [Bool]) {
    let features = layout.features
    blank(features, from: 0, at: 0, row, &missing)
    if options.proxies {
      blank(layout.proxies, from: features, at: Self.proxyPosition, row, &missing)
    }
  }

  /// Blanks `count` columns from position `first` of the row, by the chances from `place` on.
  private func blank(
    _ count: Int, from first: Int, at place: Int, _ row: UInt64, _ missing: inout [Bool]
  ) {
    var offset = 0
    var missing = missing.mutableSpan
    while offset < count {
      let words = block((place + offset) / 8, row, Purpose.missing)
      let low = UInt64(words.0) | UInt64(words.1) << 32
      let high = UInt64(words.2) | UInt64(words.3) << 32
      for part in 0..<min(8, count - offset) {
        let bits = (part < 4 ? low >> UInt64(part * 16) : high >> UInt64(part * 16 - 64)) & 0xFFFF
        missing[first + offset + part] = UInt32(bits) < LoanCatalogue.missingBelow
      }
      offset += 8
    }
  }

  // MARK: - Values

  private static func uniform(_ word: UInt32) -> Double { (Double(word) + 0.5) * 0x1p-32 }
  private static func normal(_ word: UInt32) -> Double { Normal.quantile(uniform(word)) }

  /// A number within bounds as a whole number of units.
  private static func fixed(
    _ x: Double, _ unitsPerOne: Double, _ lowest: Double, _ highest: Double
  ) -> Int64 {
    Int64((min(max(x, lowest), highest) * unitsPerOne).rounded())
  }

  /// How many of the cuts lie below z.
  private static func count(_ z: Double, _ cuts: [Double]) -> Int64 {
    var count: Int64 = 0
    for cut in cuts where z > cut { count += 1 }
    return count
  }

  private static let lateCuts = [0.95, 1.45, 1.85, 2.2, 2.5, 2.8]
  private static let inquiryCuts = [-0.25, 0.45, 1, 1.45, 1.8, 2.15, 2.5]
  private static let housingCuts = [-0.25, 0.05, 0.9]
  private static let occupationCuts = [-1.55, -1.05, -0.7, -0.35, -0.05, 0.2, 0.6, 1, 1.45]

  private func drawCore(
    _ words: [UInt32], _ cells: inout [Int64], _ s: inout LoanFacts
  ) {
    let w = words.span
    let wealth = Self.normal(w[0])
    let care = Self.normal(w[1])
    s.unobserved = Self.normal(w[30])
    s.month = options.drift ? Int((UInt64(w[32]) * UInt64(LoanCatalogue.months)) >> 32) : 0
    s.group = Self.uniform(w[33]) < LoanCatalogue.shareOfGroupB ? 1 : 0
    let time = options.drift ? Double(s.month) - LoanCatalogue.middleMonth : 0
    s.drift = LoanCatalogue.driftOfLogOdds * time

    let incomeScore = 0.8 * wealth + 0.6 * Self.normal(w[2])
    let income = Self.fixed(exp(10.37 + 0.45 * incomeScore), 100, 4000, 2_000_000)
    let amountScore = 0.45 * incomeScore + 0.893 * Self.normal(w[3])
    let logAmount = 9.1 + 0.65 * amountScore + LoanCatalogue.driftOfLogAmount * time
    let amount = Self.fixed(exp(logAmount), 100, 300, 400_000)
    let debtScore = 0.9 * Self.normal(w[4]) - 0.3 * care - 0.316 * wealth
    let debt = Self.fixed(exp(-1.25 + 0.5 * debtScore), 10_000, 0.001, 3)
    let scoreScore = 0.75 * care + 0.661 * Self.normal(w[5])
    let bureau = Self.fixed(655 + 65 * scoreScore, 1, 300, 850)
    let utilisation = 1 / (1 + exp(0.55 + 0.6 * care - 1.1 * Self.normal(w[6])))
    let duration = LoanCatalogue.durations[choices.duration.code(w[22])]
    let product = choices.product.code(w[27])
    let rate =
      10 - 1.5 * scoreScore + (product == 1 ? -2.5 : product == 2 ? 3 : 0)
      + 1.2 * Self.normal(w[9])
    let interest = Self.fixed(rate, 100, 1.5, 29.99)
    let years = Double(duration) / 12
    let monthly =
      Double(amount) / 100 * (1 + Double(interest) / 20_000 * years) / Double(duration)
    let monthlyIncome = Double(income) / 1200
    let savings =
      Self.uniform(w[12]) < 0.12
      ? 0 : exp(7.4 + 0.6 * wealth + 0.3 * care + 1.2 * Self.normal(w[11]))
    let indebted =
      Double(debt) / 10_000 * Double(income) / 100 * exp(0.35 * Self.normal(w[14]))
    let limit = Double(income) / 100 * 0.15 * exp(0.5 * Self.normal(w[16]))

    var cells = cells.mutableSpan
    cells[0] = amount
    cells[1] = income
    cells[2] = debt
    cells[3] = Int64(duration)
    cells[4] = Int64(choices.purpose.code(w[23]))
    cells[5] = bureau
    cells[6] = Self.fixed(utilisation, 1000, 0, 1)
    cells[7] = Self.count(0.6 * wealth + 0.8 * Self.normal(w[24]), Self.housingCuts)
    cells[8] = Self.fixed(-6 * log(Self.uniform(w[29])), 10, 0, 45)
    cells[9] = Int64(choices.region.code(w[25]))
    cells[10] = Self.count(0.5 * wealth + 0.866 * Self.normal(w[26]), Self.occupationCuts)
    cells[11] = Self.count(0.835 * Self.normal(w[7]) - 0.55 * care, Self.lateCuts)
    cells[12] = Self.count(0.954 * Self.normal(w[8]) - 0.3 * care, Self.inquiryCuts)
    cells[13] = Int64(product)
    cells[14] = interest
    cells[15] = Int64(choices.channel.code(w[28]))
    cells[16] = Self.fixed(exp(4.1 + 0.8 * Self.normal(w[10])), 1, 0, 600)
    cells[17] = Self.fixed(savings, 100, 0, 1_000_000)
    cells[18] = Self.fixed(5 + 2.6 * Self.normal(w[13]), 1, 0, 30)
    cells[19] = Self.fixed(indebted, 100, 0, 5_000_000)
    cells[20] = Self.fixed(monthly / monthlyIncome, 10_000, 0, 3)
    cells[21] = Self.fixed(-70 * log(Self.uniform(w[15])), 1, 0, 720)
    cells[22] = Self.fixed(0.8 + 0.25 * Self.normal(w[17]), 1000, 0.05, 2)
    cells[23] = Self.fixed(limit / 100, 1, 1, 5000) * 100
    cells[24] = Self.fixed(exp(-1.05 + 0.55 * Self.normal(w[18])), 1000, 0.01, 5)
    cells[25] = Self.fixed(
      exp(0.9 * (0.917 * Self.normal(w[19]) - 0.4 * care)) * 1.5 - 1.2, 1, 0, 90)
    cells[26] = Self.fixed(0.25 * Self.normal(w[20]) - 0.05, 1000, 0, 1)
    cells[27] = Int64(choices.hour.code(w[21]))
    s.copied = (incomeScore, scoreScore, debtScore, amountScore)
  }

  /// Columns from the 29th on, one random word each.
  private func drawExtra(_ row: UInt64, _ s: LoanFacts, _ cells: inout [Int64]) {
    let first = LoanCatalogue.core.count
    var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    var cells = cells.mutableSpan
    for position in first..<options.features {
      let turn = position - first
      if turn % 4 == 0 { words = block(turn / 4, row, Purpose.extra) }
      switch turn % 4 {
      case 0: cells[position] = Self.fixed(Self.normal(words.0), 1000, -9, 9)
      case 1:
        let source =
          switch turn / 4 % 4 {
          case 0: s.copied.income
          case 1: s.copied.score
          case 2: s.copied.debt
          default: s.copied.amount
          }
        cells[position] = Self.fixed(
          0.8 * source + 0.6 * Self.normal(words.1), 1000, -9, 9)
      case 2:
        cells[position] = Self.fixed(
          0.03 * s.unobserved + Self.normal(words.2), 1000, -9, 9)
      default: cells[position] = Int64((UInt64(words.3) * 10) >> 32)
      }
    }
  }

  /// Columns that tell of the group.
  private func drawProxies(_ words: [UInt32], _ group: Int, _ cells: inout [Int64]) {
    let first = layout.firstProxy
    let isB = Double(group)
    cells[first] = Self.fixed(45 + 15 * isB + 8 * Self.normal(words[34]), 100, 0, 100)
    cells[first + 1] = Self.fixed(0.3 + 0.1 * isB + 0.08 * Self.normal(words[35]), 1000, 0, 1)
    // Shares 4 : 3 : 2 : 1 in group A, the other way round in group B.
    let plan = Int64(choices.plan.code(words[36]))
    cells[first + 2] = group == 0 ? plan : 3 - plan
  }

  // MARK: - Risk

  /// What core cells are divided by.
  private static let unitsPerOne: [Double] = LoanCatalogue.core.map { powerOfTen($0.decimals) }

  static func powerOfTen(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
  }

  private static let informative = LoanCatalogue.core.map { $0.effectWhenMissing ?? .nan }

  /// Works out the parts of the log-odds and returns their sum with the intercept.
  private func addParts(
    _ cells: [Int64], _ missing: [Bool], _ values: inout [Double], _ parts: inout [Double]
  ) -> Double {
    let tables = self.tables.span
    let units = Self.unitsPerOne.span
    let informative = Self.informative.span
    let (effects, factors, pairs) = (self.effects.span, self.factors.span, self.pairs.span)
    let (cells, missing) = (cells.span, missing.span)
    var values = values.mutableSpan
    var parts = parts.mutableSpan
    var sum = LoanCatalogue.intercept
    for position in effects.indices {
      let blank = informative[position]
      if missing[position], !blank.isNaN {
        values[position] = .nan
        parts[position] = blank
      } else {
        let x = Double(cells[position]) / units[position]
        values[position] = x
        parts[position] = effects[position].value(at: x, tables: tables)
      }
      sum += parts[position]
    }
    for index in 0..<pairs.count / 2 {
      let x = values[pairs[index * 2]]
      let y = values[pairs[index * 2 + 1]]
      let first = factors[index * 2].value(at: x, tables: tables)
      // A factor of 0 spares the other one, and wins over a value that is not known.
      let part = first == 0 ? 0 : first * factors[index * 2 + 1].value(at: y, tables: tables)
      parts[effects.count + index] = part
      sum += part
    }
    return sum
  }

  private func conclude(_ sum: Double, _ word: UInt32, _ s: inout LoanFacts) {
    s.logOdds = sum + s.drift + LoanCatalogue.unobservedDeviation * s.unobserved
    s.recordedLogOdds =
      s.logOdds + (options.bias && s.group == 1 ? LoanCatalogue.recordedShift : 0)
    s.isBad = Self.uniform(word) < SimulatedLoan.probability(s.recordedLogOdds)
  }

  /// Blanks the cells that are missing and fills those that are no features.
  private func finish(
    _ row: Int, _ s: LoanFacts, _ missing: [Bool], _ cells: inout [Int64]
  ) {
    let missing = missing.span
    var cells = cells.mutableSpan
    for position in missing.indices where missing[position] {
      cells[position] = LoanScratch.blank
    }
    cells[layout.identifier] = Int64(row) + 1
    cells[layout.month] = Int64(s.month)
    cells[layout.group] = Int64(s.group)
    cells[layout.target] = s.isBad ? 1 : 0
    if options.truth {
      cells[layout.truePD] = Int64((SimulatedLoan.probability(s.logOdds) * 1e6).rounded())
      cells[layout.trueLogOdds] = Int64((s.logOdds * 1e6).rounded())
    }
  }
}
