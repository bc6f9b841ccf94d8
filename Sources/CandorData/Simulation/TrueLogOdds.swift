public import CandorNumerics

/// What the written columns tell of the true log-odds, as a function of their cells: of any row, drawn
/// or made up.
///
/// f(x) = intercept + Σ effect(xⱼ) + Σ first(xᵢ) · second(xⱼ), by the formulas of
/// `Documentation/Simulation.md`; drift and the unobserved part are left out. A blank cell hides a
/// value that was drawn like any other, so that its effect and its factors are their means over the
/// known cells of a sample; where a blank has an effect of its own (`employment_years`) it has that,
/// and takes no part in interactions. On a drawn row without blanks, f is the sum of the `intercept`,
/// `terms` and `interactions` of its `SimulatedLoan`.
///
/// ```swift
/// let loans = try simulator.table(rows: 20_000)
/// let truth = try TrueLogOdds(of: simulator, sample: loans.table)
/// let logOdds = try truth.logOdds(of: truth.cells(of: loans.table))
/// ```
public struct TrueLogOdds: Sendable {
  /// A product of two factors, by the positions of its features.
  public struct Pair: Sendable, Equatable {
    /// The position of the first factor's feature.
    public let first: Int
    /// The position of the second factor's feature.
    public let second: Int
  }

  /// The written features, in their order.
  public let features: [LoanFeature]
  /// The interactions of two written features, by position.
  public let pairs: [Pair]
  /// The log-odds where all else is 0.
  public let intercept: Double

  private let effects: [CompiledShape]
  private let factors: [(first: CompiledShape, second: CompiledShape)]
  private let tables: [Double]
  private var effectsOfBlanks: [Double] = []
  private var factorsOfBlanks: [(first: Double, second: Double)] = []

  /// Prepares the function, blanks by the means of a sample.
  ///
  /// - Parameters:
  ///   - simulator: Whose loans.
  ///   - sample: Rows with its feature columns; a few thousand give steady means.
  /// - Throws: `DataError` as `cells(of:)` does, or where a column of the sample is all blank.
  public init(of simulator: LoanSimulator, sample: Table) throws(DataError) {
    let truth = simulator.effects
    features = truth.features
    intercept = truth.intercept
    let positions = Dictionary(
      features.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var tables: [Double] = []
    effects = features.map { CompiledShape($0.effect, tables: &tables) }
    pairs = truth.interactions.map { interaction in
      Pair(
        first: positions[interaction.features[0]] ?? 0,
        second: positions[interaction.features[1]] ?? 0)
    }
    factors = truth.interactions.map { interaction in
      (
        first: CompiledShape(interaction.factors[0], tables: &tables),
        second: CompiledShape(interaction.factors[1], tables: &tables)
      )
    }
    self.tables = tables
    let cells = try cells(of: sample)
    for position in features.indices {
      guard (0..<cells.rows).contains(where: { !cells[$0, position].isNaN }) else {
        throw DataError(
          .tooFewRows, "every cell of the sample is blank; give more rows",
          column: features[position].name)
      }
    }
    effectsOfBlanks = effects.indices.map { position in
      features[position].effectWhenMissing
        ?? mean(of: effects[position], over: cells, at: position)
    }
    factorsOfBlanks = pairs.indices.map { index in
      (
        first: factorOfBlank(factors[index].first, cells, at: pairs[index].first),
        second: factorOfBlank(factors[index].second, cells, at: pairs[index].second)
      )
    }
  }

  private func mean(of shape: CompiledShape, over cells: Matrix, at position: Int) -> Double {
    let known = cells.column(position).filter { !$0.isNaN }
    return OrderedReduction.sum(known.map { shape.value(at: $0, tables: tables.span) })
      / Double(known.count)
  }

  private func factorOfBlank(
    _ shape: CompiledShape, _ cells: Matrix, at position: Int
  ) -> Double {
    features[position].effectWhenMissing == nil ? mean(of: shape, over: cells, at: position) : 0
  }

  /// The cells that the function takes: numbers as they are, the numbers of levels in the order of
  /// `LoanFeature.levels`, NaN where blank.
  ///
  /// - Parameter table: Rows with the feature columns; others are ignored.
  /// - Returns: Rows × features.
  /// - Throws: `DataError` where a column is not there, has another type, or an unknown level.
  public func cells(of table: Table) throws(DataError) -> Matrix {
    var columns: [[Double]] = []
    for feature in features {
      let column = try table.requiredColumn(feature.name)
      if feature.type == .categorical {
        guard let (codes, dictionary) = column.codes else {
          throw DataError(.wrongType, "simulated loans have levels here", column: feature.name)
        }
        var numbers: [Double] = []
        for level in dictionary.levels {
          guard let number = feature.levels.firstIndex(of: level) else {
            throw DataError(
              .unknownLevel, "simulated loans have no such level", column: feature.name,
              value: level)
          }
          numbers.append(Double(number))
        }
        columns.append(codes.map { $0 < 0 ? .nan : numbers[Int($0)] })
      } else {
        guard let numbers = column.numbers else {
          throw DataError(.wrongType, "simulated loans have numbers here", column: feature.name)
        }
        columns.append(numbers)
      }
    }
    return Matrix(rows: table.rowCount, columns: features.count) { columns[$1][$0] }
  }

  /// The effect of a feature at a cell, without interactions.
  public func effect(of feature: Int, at cell: Double) -> Double {
    cell.isNaN
      ? effectsOfBlanks[feature] : effects[feature].value(at: cell, tables: tables.span)
  }

  /// The first factor of an interaction at a cell of its first feature.
  public func firstFactor(of pair: Int, at cell: Double) -> Double {
    cell.isNaN
      ? factorsOfBlanks[pair].first : factors[pair].first.value(at: cell, tables: tables.span)
  }

  /// The second factor of an interaction at a cell of its second feature.
  public func secondFactor(of pair: Int, at cell: Double) -> Double {
    cell.isNaN
      ? factorsOfBlanks[pair].second : factors[pair].second.value(at: cell, tables: tables.span)
  }

  /// The log-odds of each row of `cells(of:)`. O(rows · features).
  public func logOdds(of cells: Matrix) -> [Double] {
    (0..<cells.rows).map { row in
      var sum = intercept
      for position in features.indices { sum += effect(of: position, at: cells[row, position]) }
      for (index, pair) in pairs.enumerated() {
        let first = firstFactor(of: index, at: cells[row, pair.first])
        // A factor of 0 spares the other one.
        if first != 0 { sum += first * secondFactor(of: index, at: cells[row, pair.second]) }
      }
      return sum
    }
  }
}
