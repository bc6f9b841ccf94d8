/// The population stability index of two samples of scores (or of one characteristic).
///
/// PSI = Σ (a_i - e_i) ln(a_i / e_i) over bins that the reference fixes. Without any change
/// PSI is about (1/n + 1/m) χ² with B - 1 degrees of freedom (Yurdakul, "Statistical properties of
/// population stability index", 2018), so the usual bands (below 0.10 stable, to 0.25 watch, above
/// act) must be read beside `samplingLimit`: a small sample crosses 0.10 by chance, and in a large
/// one far smaller values are real.
public struct PopulationStability: Sendable, Equatable, Codable {
  /// The trade's reading of the index; a convention, not law.
  public enum Band: String, Sendable, Codable {
    case stable, watch, act
  }

  /// A bin with the shares of both samples.
  public struct Bin: Sendable, Equatable, Codable {
    /// What the bin holds, such as `<=0.25`, `>0.25` or a category; nil for missing values.
    public let label: String?
    /// The upper end of a numeric bin, inclusive; nil for the last bin and for categories.
    public let upper: Double?
    /// Rows of the reference.
    public let referenceRows: Int
    /// Rows of the current sample.
    public let currentRows: Int
    /// The share of the reference, before any floor.
    public let referenceShare: Double
    /// The share of the current sample, before any floor.
    public let currentShare: Double
    /// The bin's term of the index.
    public let contribution: Double
  }

  /// The share that stands for an empty bin, whose logarithm would be infinite.
  public static let emptyBinFloor = 1e-4

  /// The index.
  public let value: Double
  /// The bins in order, missing values last.
  public let bins: [Bin]
  /// The places in `bins` where one sample is empty and the floor was used.
  public let emptyBins: [Int]
  /// The 95% point of the index when nothing has changed; nil with fewer than two bins.
  public let samplingLimit: Double?
  /// The chance of an index at least as large when nothing has changed.
  public let pValue: Double?
  /// The conventional band.
  public let band: Band

  /// The index of numbers in bins of near-equal size of the reference; missing (NaN) values have a
  /// bin of their own, equal values are never parted; throws where a sample is empty or lengths
  /// differ; O(n log n).
  public init(
    reference: [Double], current: [Double], referenceWeights: [Double]? = nil,
    currentWeights: [Double]? = nil, bins count: Int = 10
  ) throws(EvaluationError) {
    guard count >= 2 else {
      throw EvaluationError(.badOption, "The index has \(count) bins; it needs at least 2.")
    }
    let w = try ShareTable.weights(referenceWeights, rows: reference.count, "reference")
    let order = reference.indices.filter { !reference[$0].isNaN && w[$0] > 0 }
      .sorted { (reference[$0], w[$0]) < (reference[$1], w[$1]) }
    let sorted = order.map { reference[$0] }
    let ends = EqualMassBins.ends(of: sorted, weights: order.map { w[$0] }, bins: count)
    let uppers = ends.dropLast().map { sorted[$0 - 1] }
    try self.init(
      reference: reference, current: current, uppers: Array(uppers),
      referenceWeights: referenceWeights, currentWeights: currentWeights)
  }

  /// The index of numbers in bins with these ascending upper ends (inclusive) and one bin above;
  /// throws where ends do not ascend, a sample is empty or lengths differ; O(n log bins).
  public init(
    reference: [Double], current: [Double], uppers: [Double], referenceWeights: [Double]? = nil,
    currentWeights: [Double]? = nil
  ) throws(EvaluationError) {
    guard zip(uppers, uppers.dropFirst()).allSatisfy({ $0 < $1 }),
      uppers.allSatisfy({ !$0.isNaN })
    else { throw EvaluationError(.badOption, "The upper ends of bins must ascend.") }
    func bin(_ x: Double) -> Int {
      if x.isNaN { return uppers.count + 1 }
      var low = 0
      var high = uppers.count
      while low < high {
        let middle = (low + high) / 2
        if x <= uppers[middle] { high = middle } else { low = middle + 1 }
      }
      return low
    }
    var labels: [String?] = uppers.map { "<=\(BinLabel.text($0))" }
    labels.append(uppers.last.map { ">\(BinLabel.text($0))" } ?? "all")
    var ends: [Double?] = uppers.map { $0 }
    ends.append(nil)
    if reference.contains(where: \.isNaN) || current.contains(where: \.isNaN) {
      labels.append(nil)
      ends.append(nil)
    }
    self.init(
      try ShareTable(reference.map(bin), referenceWeights, bins: labels.count, "reference"),
      try ShareTable(current.map(bin), currentWeights, bins: labels.count, "current sample"),
      labels: labels, uppers: ends)
  }

  /// The index of categories, one bin each in order of name, missing (nil) last; throws where a
  /// sample is empty or lengths differ.
  public init(
    referenceCategories: [String?], currentCategories: [String?],
    referenceWeights: [Double]? = nil, currentWeights: [Double]? = nil
  ) throws(EvaluationError) {
    let names = Set(referenceCategories.compactMap { $0 } + currentCategories.compactMap { $0 })
      .sorted()
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() { places[name] = place }
    func bin(_ name: String?) -> Int { name.flatMap { places[$0] } ?? names.count }
    var labels: [String?] = names.map { $0 }
    if referenceCategories.contains(nil) || currentCategories.contains(nil) { labels.append(nil) }
    self.init(
      try ShareTable(
        referenceCategories.map(bin), referenceWeights, bins: labels.count, "reference"),
      try ShareTable(
        currentCategories.map(bin), currentWeights, bins: labels.count, "current sample"),
      labels: labels, uppers: labels.map { _ in nil })
  }

  private init(
    _ reference: ShareTable, _ current: ShareTable, labels: [String?], uppers: [Double?]
  ) {
    var bins: [Bin] = []
    var empty: [Int] = []
    // A bin that both samples leave empty says nothing and is left out.
    for i in 0..<labels.count where reference.rows[i] + current.rows[i] > 0 {
      let e = reference.shares[i]
      let a = current.shares[i]
      if reference.rows[i] == 0 || current.rows[i] == 0 { empty.append(bins.count) }
      bins.append(
        Bin(
          label: labels[i], upper: uppers[i], referenceRows: reference.rows[i],
          currentRows: current.rows[i], referenceShare: e, currentShare: a,
          contribution: Self.term(expected: e, actual: a)))
    }
    self.bins = bins
    emptyBins = empty
    value = bins.reduce(0) { $0 + $1.contribution }
    let scale = 1 / reference.effectiveCount + 1 / current.effectiveCount
    let degrees = Double(bins.count - 1)
    samplingLimit = degrees > 0 ? scale * Tail.chiSquaredQuantile(0.95, degrees: degrees) : nil
    pValue = degrees > 0 ? Tail.chiSquaredUpper(value / scale, degrees: degrees) : nil
    band = Self.band(of: value)
  }

  /// The index of given shares; lists of different length are cut to the shorter.
  public static func value(expected: [Double], actual: [Double]) -> Double {
    zip(expected, actual).reduce(0) { $0 + term(expected: $1.0, actual: $1.1) }
  }

  /// The conventional band of an index.
  public static func band(of value: Double) -> Band {
    value < 0.10 ? .stable : value <= 0.25 ? .watch : .act
  }

  private static func term(expected: Double, actual: Double) -> Double {
    let e = expected > 0 ? expected : emptyBinFloor
    let a = actual > 0 ? actual : emptyBinFloor
    if expected <= 0, actual <= 0 { return 0 }
    return (a - e) * SystemLogarithm.natural(a / e)
  }
}
