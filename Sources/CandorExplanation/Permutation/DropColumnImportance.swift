import CandorData
import CandorEvaluation
public import CandorNumerics
public import CandorScoring

/// How much worse a family does on held-out rows when it is fitted without a feature: what the feature
/// is worth, others having had the chance to stand in for it.
///
/// The costly ground truth beside permutation importance, for a chosen few: one fit a player and
/// refit besides those with all features. The measure is the AUC of the raw margins, so that no
/// calibration is needed. The interval of the difference is that of DeLong's paired test for the rows
/// (DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595), widened by the spread over refits
/// with other seeds.
public struct DropColumnImportance: Sendable, Equatable, Codable {
  /// One player's worth.
  public struct Player: Sendable, Equatable, Codable {
    /// The source feature or group.
    public let source: String
    /// The AUC with all features minus that without the player, a mean over refits.
    public let importance: Double
    /// The same in each refit.
    public let refits: [Double]
    /// The standard error that comes from the choice of held-out rows.
    public let rowStandardError: Double
    /// The standard error that comes from the fits' own randomness; 0 where one seed was used.
    public let refitStandardError: Double
    /// Both together.
    public let standardError: Double
    /// The lower end of the 95% interval.
    public let lower: Double
    /// The upper end of it.
    public let upper: Double
    /// The p-value of the one-sided normal test that the importance is not above zero.
    public let pValue: Double
  }

  /// The sample's name.
  public let sampleName: String
  /// The number of held-out rows.
  public let rowCount: Int
  /// The held-out AUC with all features, a mean over refits.
  public let full: Double
  /// How often each fit was made.
  public let refitCount: Int
  /// One entry a player that was asked for, in that order.
  public let players: [Player]

  /// The importance of this source or group, nil where it was not asked for.
  public func player(_ source: String) -> Player? { players.first { $0.source == source } }

  /// Fits with all columns and without each named player's.
  ///
  /// - Parameters:
  ///   - learner: The family's options.
  ///   - training: The rows to fit on.
  ///   - sample: Held-out rows with their outcomes (0 and 1).
  ///   - players: Source features, or groups, of the training rows' feature map.
  ///   - names: The players to leave out, one after another.
  ///   - refits: With how many seeds each fit is made, from 1 to 100; 1 for a learner without
  ///     randomness.
  ///   - seeds: The randomness; fit r has the same seeds with and without a player.
  ///   - threads: At most so many threads a fit; the result does not depend on it.
  /// - Returns: The worth of each named player.
  /// - Throws: `ExplanationError` where a name is unknown, a player has all columns there are, or a
  ///   fit or its scoring fails.
  public static func measure(
    _ learner: some Learner, training: TrainingRows, sample: PermutationImportance.Sample,
    players: Players, dropping names: [String], refits: Int = 3, seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> DropColumnImportance {
    try PermutationImportance.check(sample, players: players, measure: .aucDrop, repeats: 2)
    guard (1...100).contains(refits) else {
      throw ExplanationError(.badOption, "refits is \(refits); it must be from 1 to 100.")
    }
    guard players.width == training.rows.width else {
      throw ExplanationError(
        .badShape,
        "The training rows have \(training.rows.width) encoded columns where the players have "
          + "\(players.width).")
    }
    var dropped: [[Int]] = []
    for name in names {
      guard let position = players.names.firstIndex(of: name) else {
        let advice =
          nearestName(to: name, among: players.names).map { "; did you mean \"\($0)\"?" } ?? "."
        throw ExplanationError(.unknownFeature, "There is no player \"\(name)\"\(advice)")
      }
      guard players.columns[position].count < players.width else {
        throw ExplanationError(
          .badOption, "Without \"\(name)\" there is no column left to fit on.")
      }
      dropped.append(players.columns[position])
    }
    let work = DropColumnWork(
      training: training, sample: sample, seeds: seeds.child("drop column"), threads: threads)
    var full: [ScoredSample] = []
    for refit in 0..<refits { full.append(try work.fit(learner, without: [], refit: refit)) }
    var found: [Player] = []
    for (name, columns) in zip(names, dropped) {
      var gaps: [Double] = []
      var variances: [Double] = []
      for refit in 0..<refits {
        // Without columns there is nothing to leave out.
        let difference =
          columns.isEmpty
          ? Estimate(value: 0, method: "the encoder dropped the feature")
          : try work.compare(
            full[refit], try work.fit(learner, without: Set(columns), refit: refit))
        gaps.append(difference.value)
        variances.append((difference.standardError ?? 0) * (difference.standardError ?? 0))
      }
      found.append(Player(source: name, refits: gaps, rowVariance: Moments.mean(variances)))
    }
    return DropColumnImportance(
      sampleName: sample.name, rowCount: sample.rows.count,
      full: Moments.mean(try full.map { sample throws(ExplanationError) in try work.area(sample) }),
      refitCount: refits, players: found)
  }
}

extension DropColumnImportance.Player {
  /// Means over refits. The rows are the same in all of them, so that their error does not shrink.
  fileprivate init(source: String, refits: [Double], rowVariance: Double) {
    let mean = Moments.mean(refits)
    let refitVariance =
      refits.count > 1 ? Moments.variance(refits) / Double(refits.count) : 0
    let error = (rowVariance + refitVariance).squareRoot()
    self.source = source
    self.refits = refits
    importance = mean
    rowStandardError = rowVariance.squareRoot()
    refitStandardError = refitVariance.squareRoot()
    standardError = error
    lower = mean - NormalQuantile.of95 * error
    upper = mean + NormalQuantile.of95 * error
    pValue = error > 0 ? Normal.survival(mean / error) : mean > 0 ? 0 : 1
  }
}

/// The fits of drop-column importance.
private struct DropColumnWork {
  let training: TrainingRows
  let sample: PermutationImportance.Sample
  let seeds: SeedTree
  let threads: Int

  /// Fits without some columns and scores the held-out rows.
  func fit(
    _ learner: some Learner, without columns: Set<Int>, refit: Int
  ) throws(ExplanationError) -> ScoredSample {
    let kept = (0..<training.rows.width).filter { !columns.contains($0) }
    let context = TrainingContext(seeds: seeds.child(refit), threads: threads)
    let rows: EncodedRows
    let model: any Scorer
    do throws(TrainingError) {
      if columns.isEmpty {
        rows = sample.rows
        model = try learner.fit(training, context: context).model
      } else {
        rows = EncodedRows(sample.rows.matrix.selecting(columns: kept))
        model = try learner.fit(try reduced(to: kept), context: context).model
      }
    } catch {
      throw ExplanationError(
        .unsupported, "A fit for drop-column importance failed: \(error.description)")
    }
    let margins: [Double]
    do throws(ScoringError) {
      margins = try model.margins(of: rows, threads: threads)
    } catch {
      throw ExplanationError(error)
    }
    do throws(EvaluationError) {
      return try ScoredSample(
        labels: sample.targets, probabilities: margins.map { sigmoid($0) }, scores: margins,
        weights: sample.weights)
    } catch {
      throw ExplanationError(.badShape, error.description)
    }
  }

  /// The training rows with these columns alone.
  private func reduced(to kept: [Int]) throws(TrainingError) -> TrainingRows {
    var positions: [Int: Int] = [:]
    for (i, column) in kept.enumerated() { positions[column] = i }
    var sources: [FeatureMap.Source] = []
    var start = 0
    for source in training.featureMap.sources {
      let count = source.columns.count { positions[$0] != nil }
      sources.append(.init(name: source.name, columns: start..<start + count))
      start += count
    }
    func moved<Value>(_ byColumn: [Int: Value]) -> [Int: Value] {
      var result: [Int: Value] = [:]
      for (column, value) in byColumn {
        if let position = positions[column] { result[position] = value }
      }
      return result
    }
    return try TrainingRows(
      rows: EncodedRows(training.rows.matrix.selecting(columns: kept)), targets: training.targets,
      weights: training.weights,
      featureMap: FeatureMap(
        sources: sources, columnNames: kept.map { training.featureMap.columnNames[$0] },
        levelCounts: moved(training.featureMap.levelCounts)),
      task: training.task, directions: moved(training.directions))
  }

  /// DeLong's paired difference, first minus second.
  func compare(
    _ first: ScoredSample, _ second: ScoredSample
  ) throws(ExplanationError) -> Estimate {
    do throws(EvaluationError) {
      return try PairedDeLong(first, second).difference
    } catch {
      throw ExplanationError(.badShape, error.description)
    }
  }

  /// The AUC of a sample.
  func area(_ sample: ScoredSample) throws(ExplanationError) -> Double {
    do throws(EvaluationError) {
      return try AUC.value(of: sample)
    } catch {
      throw ExplanationError(.badShape, error.description)
    }
  }
}
