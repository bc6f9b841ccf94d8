import CandorData
import CandorNumerics

/// How rows are put together for conditional permutation.
public struct ConditionalOptions: Sendable, Equatable {
  /// About so many rows make a stratum. Wide strata leave some dependence on the other features in
  /// what is dealt, narrow ones have few donors.
  public var rowsPerStratum: Int
  /// The folds over which the fit of a player's columns is taken and applied, so that no row's
  /// stratum depends on its own value.
  public var folds: Int
  /// The ridge as a share of the variance of a standardised column: enough for columns that say the
  /// same.
  public var ridge: Double

  /// 20 rows a stratum, 5 folds, a ridge of 0.001.
  public init(rowsPerStratum: Int = 20, folds: Int = 5, ridge: Double = 1e-3) {
    self.rowsPerStratum = rowsPerStratum
    self.folds = folds
    self.ridge = ridge
  }

  /// These options, or an error that names the first one out of range.
  public func validated() throws(ExplanationError) -> ConditionalOptions {
    guard (2...100_000).contains(rowsPerStratum) else {
      throw ExplanationError(
        .badOption, "rowsPerStratum is \(rowsPerStratum); it must be from 2 to 100,000.")
    }
    guard (2...50).contains(folds) else {
      throw ExplanationError(.badOption, "folds is \(folds); it must be from 2 to 50.")
    }
    guard ridge > 0, ridge.isFinite else {
      throw ExplanationError(.badOption, "ridge is \(ridge); it must be finite and above 0.")
    }
    return self
  }
}

/// Rows in which the other features predict a player alike.
///
/// Every player's columns are fitted by all other players' columns (ridge regression through LAPACK;
/// numbers as ranks and their squares, levels as 0/1 columns, missing cells as a 0/1 column), each
/// fold by the other folds. The fitted values' leading direction is one score a row, and neighbours in
/// that score make a stratum. Within it a player's values are taken for independent of the other
/// features: the score takes the part that a propensity score has in matching (Rosenbaum and Rubin
/// 1983, doi:10.1093/biomet/70.1.41), and permutation within strata is that of Strobl et al. 2008,
/// doi:10.1186/1471-2105-9-307. What the fit cannot see (interactions among the other features, a
/// spread that depends on them) stays in what is dealt. Dealt values are always those of a real row,
/// all of a player's columns from one.
struct ConditionalStrata: Sendable {
  /// One player's strata and how well it is predicted.
  struct Player: Sendable {
    /// The rows of each stratum; nil where nothing predicts the player, so that all rows are one.
    let strata: [[Int]]?
    let dependence: PermutationImportance.Dependence
  }

  /// One entry a player.
  let players: [Player]

  /// Fits every player; O(rows · columns² + players · folds · columns³).
  init(
    rows: EncodedRows, players: Players, options: ConditionalOptions, seeds: SeedTree, threads: Int
  ) throws(ExplanationError) {
    let options = try options.validated()
    let count = rows.count
    let design = StandardisedColumns(rows, players: players)
    var generator = seeds.child("folds").generator()
    let shuffled = Sampling.permutation(count, using: &generator)
    let folds = min(options.folds, count)
    let parts = (0..<folds).map { fold in
      stride(from: fold, to: count, by: folds).map { shuffled[$0] }
    }
    do throws(LinearAlgebraError) {
      let matrices = parts.map { design.matrix.selecting(rows: $0) }
      let grams = try matrices.map { matrix throws(LinearAlgebraError) in
        try BLAS.weightedGram(matrix, weights: nil)
      }
      let total = OrderedReduction.sum(grams.map(\.values))
      self.players = try Parallel.map(count: players.count, threads: threads) {
        player throws(LinearAlgebraError) -> Player in
        let own = design.columns[player]
        let primary = own.filter { design.isPrimary[$0] }
        let others = (0..<design.matrix.columns).filter { !own.contains($0) }
        guard !primary.isEmpty, others.count > 1 else { return Self.alone(rows: count) }
        var fitted = Matrix(rows: count, columns: primary.count)
        for fold in parts.indices {
          let trained = Double(count - parts[fold].count)
          let gram = zip(total, grams[fold].values).map { $0 - $1 }
          let coefficients = try Self.ridge(
            gram, width: design.matrix.columns, others: others, targets: primary,
            penalty: options.ridge * trained)
          let values = try BLAS.product(matrices[fold], coefficients)
          for (i, r) in parts[fold].enumerated() { fitted.setRow(r, to: values.row(i)) }
        }
        return try Self.strata(
          actual: design.matrix.selecting(columns: primary), fitted: fitted, order: shuffled,
          rowsPerStratum: options.rowsPerStratum)
      }
    } catch {
      throw ExplanationError(.numerical, error.description)
    }
  }

  private static func alone(rows: Int) -> Player {
    Player(strata: nil, dependence: .init(rSquared: 0, strata: 1, rowsPerStratum: rows))
  }

  /// Coefficients of the others for the targets, one row a column of the design, zero at the player's
  /// own. The last column of the design, of ones, has no penalty.
  private static func ridge(
    _ gram: [Double], width: Int, others: [Int], targets: [Int], penalty: Double
  ) throws(LinearAlgebraError) -> Matrix {
    let system = Matrix(rows: others.count, columns: others.count) { r, c in
      gram[others[r] * width + others[c]]
        + (r == c ? (others[r] == width - 1 ? 1e-9 : penalty) : 0)
    }
    let right = Matrix(rows: others.count, columns: targets.count) { r, c in
      gram[others[r] * width + targets[c]]
    }
    let solved = try Cholesky(system).solve(right)
    var coefficients = Matrix(rows: width, columns: targets.count)
    for (r, column) in others.enumerated() { coefficients.setRow(column, to: solved.row(r)) }
    return coefficients
  }

  /// Neighbours in the leading direction of the fitted values. `order` breaks ties.
  private static func strata(
    actual: Matrix, fitted: Matrix, order: [Int], rowsPerStratum: Int
  ) throws(LinearAlgebraError) -> Player {
    let count = actual.rows
    var direction = [1.0]
    if fitted.columns > 1 {
      let eigen = try SymmetricEigen(try BLAS.weightedGram(fitted, weights: nil))
      direction = eigen.vectors.column(fitted.columns - 1)
    }
    let score = try BLAS.product(fitted, direction)
    let target = try BLAS.product(actual, direction)
    let spread = Moments(target).sumOfSquaredDeviations
    let missed = OrderedReduction.sum(zip(target, score).map { ($0 - $1) * ($0 - $1) })
    let rSquared = spread > 0 ? 1 - missed / spread : 0
    let number = count / rowsPerStratum
    guard rSquared > 0, number > 1 else {
      return Player(
        strata: nil,
        dependence: .init(rSquared: max(rSquared, 0), strata: 1, rowsPerStratum: count))
    }
    let sorted = Ranks.order(order.map { score[$0] }).map { order[$0] }
    let strata = (0..<number).map { i in
      Array(sorted[i * count / number..<(i + 1) * count / number])
    }
    return Player(
      strata: strata,
      dependence: .init(rSquared: rSquared, strata: number, rowsPerStratum: count / number))
  }
}

/// Encoded columns as a linear fit takes them: mean zero, variance one, and a last column of ones.
private struct StandardisedColumns {
  let matrix: Matrix
  /// The columns of each player.
  let columns: [[Int]]
  /// Whether a column stands for the values themselves, rather than for the square of a rank.
  let isPrimary: [Bool]

  /// The most levels of a column that have a 0/1 column each: the most frequent ones.
  private static let mostLevels = 32

  init(_ rows: EncodedRows, players: Players) {
    let source = rows.matrix
    var made: [[Double]] = []
    var primary: [Bool] = []
    var columns: [[Int]] = []
    for player in 0..<players.count {
      var own: [Int] = []
      for column in players.columns[player] {
        let cells = source.column(column)
        let parts =
          players.levelCounts[column] != nil
          ? Self.levels(cells).map { ($0, true) } : Self.numbers(cells)
        for (values, isPrimary) in parts {
          guard let standardised = Self.standardised(values) else { continue }
          own.append(made.count)
          made.append(standardised)
          primary.append(isPrimary)
        }
      }
      columns.append(own)
    }
    self.columns = columns
    isPrimary = primary
    let width = made.count
    matrix = Matrix(rows: rows.count, columns: width + 1) { r, c in c < width ? made[c][r] : 1 }
  }

  /// Ranks in −1…1 with 0 for a missing cell, their squares where there are more than two values, and
  /// where cells are missing.
  private static func numbers(_ cells: [Double]) -> [(values: [Double], isPrimary: Bool)] {
    let present = cells.indices.filter { !cells[$0].isNaN }
    let ranks = Ranks.average(present.map { cells[$0] })
    let half = Double(present.count + 1) / 2
    var centred = [Double](repeating: 0, count: cells.count)
    for (i, r) in present.enumerated() { centred[r] = (ranks[i] - half) / half }
    var parts = [(centred, true)]
    let distinct = Set(present.prefix(1000).map { cells[$0] })
    if distinct.count > 2 { parts.append((centred.map { $0 * $0 }, false)) }
    if present.count < cells.count { parts.append((cells.map { $0.isNaN ? 1 : 0 }, true)) }
    return parts
  }

  /// A 0/1 column for each of the most frequent levels.
  private static func levels(_ cells: [Double]) -> [[Double]] {
    var counts: [Double: Int] = [:]
    for cell in cells where !cell.isNaN { counts[cell, default: 0] += 1 }
    let kept = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostLevels)
    return kept.map { level in cells.map { $0 == level.key ? 1 : 0 } }
  }

  /// nil where the values are all equal.
  private static func standardised(_ values: [Double]) -> [Double]? {
    let moments = Moments(values)
    let deviation = moments.populationVariance.squareRoot()
    guard deviation > 1e-12 else { return nil }
    return values.map { ($0 - moments.mean) / deviation }
  }
}
