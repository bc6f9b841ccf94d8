import CandorData
import CandorNumerics

/// How near a changed applicant is to those that the model approves.
///
/// Gower's distance (1971, doi:10.2307/2528823) on source features: numbers by their difference over
/// the range, ordered levels by their places, others by being equal or not; the mean over the features
/// that both rows have. The distance to the nearest approved row is compared with the distances of
/// approved rows to their own nearest neighbours.
struct ApprovedNeighbours: Sendable {
  /// The most approved rows that are kept.
  private static let mostRows = 2000
  /// The most of them whose own distance is measured.
  private static let mostMeasured = 400

  /// One feature of all rows: numbers already over the range, or places; NaN where missing.
  private let columns: [[Double]]
  private let isNominal: [Bool]
  private let scales: [Double]
  private let offsets: [Double]
  private let levels: [[String: Double]]
  private let count: Int
  /// The distances of approved rows to their nearest neighbours, rising.
  private let usual: [Double]

  /// Measures approved rows, O(rows · features) with at most 2,000 of them.
  ///
  /// - Parameters:
  ///   - table: Training rows with the features.
  ///   - approved: The positions of the approved ones.
  ///   - space: The features.
  ///   - threads: At most so many threads.
  init(_ table: Table, approved: [Int], space: ActionSpace, threads: Int) {
    let rows = FeatureDistribution.thinned(approved, to: Self.mostRows)
    var columns: [[Double]] = []
    var scales: [Double] = []
    var offsets: [Double] = []
    var levels: [[String: Double]] = []
    for feature in space.features {
      let ladder = feature.distribution.levels
      let places = Dictionary(
        ladder.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
      levels.append(places)
      if feature.isNumeric {
        let least = feature.distribution.numbers.first ?? 0
        let width = (feature.distribution.numbers.last ?? 0) - least
        scales.append(width > 0 ? 1 / width : 1)
        offsets.append(least)
      } else {
        scales.append(1 / Double(max(ladder.count - 1, 1)))
        offsets.append(0)
      }
      let column = table.column(feature.name)
      columns.append(
        rows.map { row in
          guard let column, !column.isMissing(row) else { return .nan }
          if let numbers = column.numbers {
            return (numbers[row] - (offsets.last ?? 0)) * (scales.last ?? 1)
          }
          let place = column.text(row).flatMap { places[$0] } ?? .nan
          return feature.type == .ordinal ? place * (scales.last ?? 1) : place
        })
    }
    self.columns = columns
    self.scales = scales
    self.offsets = offsets
    self.levels = levels
    isNominal = space.features.map { !$0.isNumeric && $0.type != .ordinal }
    count = rows.count
    let measured = FeatureDistribution.thinned(
      Array(rows.indices), to: Self.mostMeasured)
    let (given, nominal, total) = (columns, isNominal, rows.count)
    let blocks = Parallel.blocks(of: measured.count, size: 32)
    usual = Parallel.map(count: blocks.count, threads: threads) { block -> [Double] in
      measured[blocks[block]].map { row in
        Self.nearest(
          given.map { $0[row] }, columns: given, isNominal: nominal, count: total, except: row)
      }
    }.flatMap { $0 }.filter(\.isFinite).sorted()
  }

  /// Whether there is anything to compare with.
  var isEmpty: Bool { usual.isEmpty }

  private static func nearest(
    _ row: [Double], columns: [[Double]], isNominal: [Bool], count: Int, except: Int?
  ) -> Double {
    var sums = [Double](repeating: 0, count: count)
    var shared = [Double](repeating: 0, count: count)
    for (feature, column) in columns.enumerated() where !row[feature].isNaN {
      let value = row[feature]
      let nominal = isNominal[feature]
      for other in 0..<count where !column[other].isNaN {
        let apart = abs(column[other] - value)
        sums[other] += nominal ? (apart == 0 ? 0 : 1) : min(apart, 1)
        shared[other] += 1
      }
    }
    var least = Double.infinity
    for other in 0..<count where other != except && shared[other] > 0 {
      least = min(least, sums[other] / shared[other])
    }
    return least
  }

  /// The distance of cells to the nearest approved row, and the share of approved rows that are nearer
  /// to theirs.
  func distance(of cells: [Cell]) -> (distance: Double, quantile: Double) {
    var row: [Double] = []
    for (feature, cell) in cells.enumerated() {
      switch cell {
      case .number(let number): row.append((number - offsets[feature]) * scales[feature])
      case .text(let level):
        // A level that no approved row has is unlike all of them.
        let place = levels[feature][level] ?? -1
        row.append(isNominal[feature] ? place : place * scales[feature])
      case .missing: row.append(.nan)
      }
    }
    let distance = Self.nearest(
      row, columns: columns, isNominal: isNominal, count: count, except: nil)
    var nearer = 0
    while nearer < usual.count, usual[nearer] < distance - 1e-12 { nearer += 1 }
    return (distance, Double(nearer) / Double(max(usual.count, 1)))
  }
}
