public import CandorData
public import CandorNumerics
import CandorScoring

/// Linear surrogates of a whole portfolio from one design.
///
/// A column of the fit is a 0/1 column a player: is a row in the applicant's cell (`pool`,
/// `realRows`), or does it keep the applicant's value (`masks`)? A row's weight is
/// `exp(−share / width²)` with the share of players that are not the same. A player's attribution is
/// its coefficient times the difference from the background: 1 less the share of background rows in
/// the applicant's cell, or 1 for `masks`, whose zero is the background. Ribeiro, Singh and Guestrin
/// 2016, doi:10.1145/2939672.2939778.
///
/// The design does not depend on the applicants, so that an applicant has one answer whoever else is
/// in the portfolio. Standard errors come from the spread of fits to disjoint parts of the design
/// (batch means). They speak of the draws of the fit, not of how far the model is from linear: R² does.
public struct PortfolioSurrogate: Sendable {
  private let model: ExplainedModel
  private let players: Players
  private let background: Background
  private let thresholds: FidelityThresholds
  private let design: Drawn

  /// What was drawn once for all applicants.
  private enum Drawn: Sendable {
    case pool(PoolDesign, cells: PlayerCells)
    case masks(MaskDesign)
  }

  /// Draws the design, and for `pool` and `realRows` asks the model once a row of it.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - players: Who is attributed to.
  ///   - background: Where the design's values come from.
  ///   - backgroundSource: Its source values; nil reads them from the encoded rows.
  ///   - options: Design and fit.
  ///   - seeds: The randomness of the design.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ or the model refuses.
  public init(
    of model: ExplainedModel, players: Players, background: Background,
    backgroundSource: SourceValues? = nil, options: PortfolioSurrogateOptions = .init(),
    seeds: SeedTree, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) {
    let options = try options.validated()
    try players.check(rows: background.rows, background: background)
    let seeds = seeds.child("portfolio surrogate")
    self.model = model
    self.players = players
    self.background = background
    self.thresholds = thresholds
    if options.design == .masks {
      design = .masks(
        try MaskDesign(players: players, background: background, options: options, seeds: seeds))
      return
    }
    let sample = try SourceValues.given(
      backgroundSource, or: background.rows, model.featureMap)
    try sample.check(
      rows: background.count, featureMap: model.featureMap, what: "the background")
    let cells = PlayerCells(
      cells: InterpretableCells(sample, bins: options.bins), players: players,
      featureMap: model.featureMap.sourceNames, background: sample)
    design = .pool(
      try PoolDesign(
        cells: cells, players: players, background: background, model: model, options: options,
        seeds: seeds, threads: threads), cells: cells)
  }

  /// Explains each row by a linear fit to the design.
  ///
  /// Costs `rows` model evaluations an applicant for `masks` and none besides the applicant's own
  /// otherwise, and O(rows · players²) an applicant (`masks`: O(rows · players)) for the sums.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - source: Their source values; nil reads them from the encoded rows.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One explanation a row; without attributions where R² is below the refusal's floor.
  /// - Throws: `ExplanationError` where shapes differ or the model refuses.
  public func explain(
    _ rows: EncodedRows, source: SourceValues? = nil, threads: Int = 1
  ) throws(ExplanationError) -> [Explanation] {
    try players.check(rows: rows, background: background)
    let explained = try model.values(of: rows, threads: threads)
    switch design {
    case .masks(let design):
      return try design.explain(
        rows, explained: explained, model: model, players: players, background: background,
        thresholds: thresholds, threads: threads)
    case .pool(let design, let cells):
      let values = try SourceValues.given(source, or: rows, model.featureMap)
      try values.check(rows: rows.count, featureMap: model.featureMap, what: "the applicants")
      let codes = cells.codes(of: values)
      let count = players.count
      return try Parallel.map(count: rows.count, threads: threads) {
        r throws(ExplanationError) in
        let own = Array(codes[r * count..<(r + 1) * count])
        return try design.explain(
          own, explained: explained[r], scale: model.scale, players: players,
          background: background, thresholds: thresholds)
      }
    }
  }

  /// Draws a design and explains each row by it.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - source: Their source values; nil reads them from the encoded rows.
  ///   - model: The score function.
  ///   - players: Who is attributed to.
  ///   - background: Where the design's values come from.
  ///   - backgroundSource: Its source values; nil reads them from the encoded rows.
  ///   - options: Design and fit.
  ///   - seeds: The randomness of the design.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row; without attributions where R² is below the refusal's floor.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ or the model refuses.
  public static func explain(
    _ rows: EncodedRows, source: SourceValues? = nil, of model: ExplainedModel, players: Players,
    background: Background, backgroundSource: SourceValues? = nil,
    options: PortfolioSurrogateOptions = .init(), seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try PortfolioSurrogate(
      of: model, players: players, background: background, backgroundSource: backgroundSource,
      options: options, seeds: seeds, threads: threads, thresholds: thresholds
    ).explain(rows, source: source, threads: threads)
  }
}

extension ExplainedModel {
  /// One value a row, in batches on several threads.
  package func values(
    of rows: EncodedRows, threads: Int
  ) throws(ExplanationError) -> [Double] {
    let ranges = Parallel.blocks(of: rows.count, size: 4096)
    guard threads > 1, ranges.count > 1 else { return try values(of: rows) }
    return try Parallel.map(count: ranges.count, threads: threads) {
      part throws(ExplanationError) in
      try values(of: rows.rows(in: ranges[part]))
    }.flatMap { $0 }
  }
}
