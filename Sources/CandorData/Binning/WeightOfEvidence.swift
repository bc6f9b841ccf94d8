import Foundation

/// A feature cut into bins, each with its weight of evidence for good, and the feature's information
/// value.
///
/// The weight of evidence of a bin is ln(distribution of good / distribution of bad), where a
/// distribution is the bin's share of all good (or bad) training rows: positive where the bin is
/// better than the whole, as scorecard practice has it. The information value is the sum over bins
/// of (distribution of good - distribution of bad) · weight of evidence. Siddiqi, "Credit Risk
/// Scorecards", Wiley, 2006, chapter 6. A bin without a good (or bad) row counts 0.5 of one there,
/// so that its logarithm is finite; other bins and the totals are left as they are. A bin without
/// any row has weight 0.
public struct WeightOfEvidence: Sendable, Equatable, Codable {
  /// What a bin holds.
  public enum Content: Sendable, Equatable, Codable {
    /// Numbers above `above` (nil: from minus infinity) and at most `atMost` (nil: to infinity).
    case interval(above: Double?, atMost: Double?)
    /// The cells of one level.
    case level(String)
    /// The missing cells.
    case missing
  }

  /// One bin and its figures.
  public struct Bin: Sendable, Equatable, Codable {
    /// What it holds.
    public let content: Content
    /// The sum of the weights of its good training rows (their number, where weights are one).
    public let good: Double
    /// The sum of the weights of its bad training rows.
    public let bad: Double
    /// ln(distribution of good / distribution of bad).
    public let weightOfEvidence: Double
    /// The bin's part of the information value.
    public let informationValue: Double

    /// The bin's share of bad rows, NaN where it has no row.
    public var badRate: Double { bad / (good + bad) }
  }

  /// The bins: intervals in rising order, or levels; the bin of the missing last, where there is
  /// one.
  public let bins: [Bin]
  /// The information value, in nats.
  public let informationValue: Double

  /// Computes the figures of bins from their counts of good and bad.
  ///
  /// - Parameter counts: What each bin holds and the sums of weights of its good and bad rows.
  /// - Throws: `DataError` where there is no good or no bad row at all.
  public init(
    counts: [(content: Content, good: Double, bad: Double)]
  ) throws(DataError) {
    let good = counts.reduce(0) { $0 + $1.good }
    let bad = counts.reduce(0) { $0 + $1.bad }
    guard good > 0, bad > 0 else {
      throw DataError(
        .oneClassOnly, "weight of evidence needs good and bad rows, and there are none of one kind")
    }
    bins = counts.map { bin in
      guard bin.good > 0 || bin.bad > 0 else {
        return Bin(
          content: bin.content, good: 0, bad: 0, weightOfEvidence: 0, informationValue: 0)
      }
      let goodShare = (bin.good > 0 ? bin.good : 0.5) / good
      let badShare = (bin.bad > 0 ? bin.bad : 0.5) / bad
      let weight = Foundation.log(goodShare / badShare)
      return Bin(
        content: bin.content, good: bin.good, bad: bin.bad, weightOfEvidence: weight,
        informationValue: (goodShare - badShare) * weight)
    }
    informationValue = bins.reduce(0) { $0 + $1.informationValue }
  }

  /// Bins a column and computes its weights of evidence from training rows.
  ///
  /// Numbers go to quantile bins; of levels, each seen one is a bin, in declared order for an
  /// ordinal column and by name otherwise. Missing cells are a bin where there are any.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - labels: 1 (bad) or 0 (good) for every row of the column.
  ///   - rows: The training rows; nil means all. Other rows play no part.
  ///   - weights: One non-negative weight for every row of the column; nil means one each. They
  ///     play no part in where numbers are cut.
  ///   - maximumBins: At most so many bins of numbers.
  /// - Returns: The bins and figures.
  /// - Throws: `DataError` where lengths or positions do not fit, a training label is neither 0 nor
  ///   1, or one class is absent.
  public static func fit(
    _ column: Column, labels: [Double], rows: [Int]? = nil, weights: [Double]? = nil,
    maximumBins: Int = 10
  ) throws(DataError) -> WeightOfEvidence {
    let sample = try TrainingSample(
      count: column.count, rows: rows, targets: labels, weights: weights)
    return try fit(column, sample: sample, maximumBins: maximumBins)
  }

  static func fit(
    _ column: Column, sample: TrainingSample, maximumBins: Int
  ) throws(DataError) -> WeightOfEvidence {
    var contents: [Content]
    var places: [Int]
    switch column.storage {
    case .numbers(let numbers):
      let cells = sample.rows.map { numbers[$0] }
      let cuts = QuantileBins.fit(cells, maximumBins: maximumBins)
      contents = (0..<cuts.count).map { bin in
        .interval(
          above: bin > 0 ? cuts.edges[bin - 1] : nil,
          atMost: bin < cuts.edges.count ? cuts.edges[bin] : nil)
      }
      places = cells.map { $0.isNaN ? cuts.count : cuts.bin(of: $0) }
    case .codes(let codes, let levels):
      let seen = seenLevels(codes, levels, rows: sample.rows, ordered: column.type == .ordinal)
      var placeOfCode = [Int](repeating: 0, count: levels.count)
      for (place, code) in seen.enumerated() { placeOfCode[Int(code)] = place }
      contents = seen.map { .level(levels.levels[Int($0)]) }
      places = sample.rows.map { codes[$0] < 0 ? seen.count : placeOfCode[Int(codes[$0])] }
    }
    if places.contains(contents.count) { contents.append(.missing) }
    var good = [Double](repeating: 0, count: contents.count)
    var bad = good
    for (i, place) in places.enumerated() {
      let weight = sample.weight(i)
      good[place] += weight * (1 - sample.targets[i])
      bad[place] += weight * sample.targets[i]
    }
    return try WeightOfEvidence(
      counts: contents.indices.map { (contents[$0], good[$0], bad[$0]) })
  }

  /// The codes that training rows have, in declared order or by the level's name.
  static func seenLevels(
    _ codes: [Int32], _ levels: CategoryDictionary, rows: [Int], ordered: Bool
  ) -> [Int32] {
    var isSeen = [Bool](repeating: false, count: levels.count)
    for row in rows where codes[row] >= 0 { isSeen[Int(codes[row])] = true }
    let seen = isSeen.indices.filter { isSeen[$0] }.map { Int32($0) }
    let names = levels.levels
    return ordered ? seen : seen.sorted { names[Int($0)] < names[Int($1)] }
  }

  /// The weight of evidence of a number; NaN is a missing cell. A missing cell that training did
  /// not have weighs 0.
  public func weight(of number: Double) -> Double {
    if number.isNaN { return missingWeight }
    for bin in bins {
      if case .interval(_, let atMost) = bin.content, number <= atMost ?? .infinity {
        return bin.weightOfEvidence
      }
    }
    return 0
  }

  /// The weight of evidence of a level, nil is a missing cell. A level that training did not have
  /// weighs 0.
  public func weight(of level: String?) -> Double {
    guard let level else { return missingWeight }
    for bin in bins where bin.content == .level(level) { return bin.weightOfEvidence }
    return 0
  }

  private var missingWeight: Double {
    for bin in bins where bin.content == .missing { return bin.weightOfEvidence }
    return 0
  }
}
